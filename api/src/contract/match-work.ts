import { matchCause, matchCode, matchOutcome } from "@throughline/schemas/match";
import { MATCH_DOMAINS } from "@throughline/schemas/clickhouse/scope";
import { instant, text } from "@throughline/schemas/text";
import { z } from "@hono/zod-openapi";
import { WORK_STATES } from "../matches/work-state.ts";
import { person as actor } from "./excuse.ts";
import { figure, queryInstant } from "./figure.ts";
import { listOf } from "./page.ts";

export const workState = z.enum(WORK_STATES).meta({
  id: "MatchWorkState",
  description:
    "open: nobody has it; in_work: somebody took it; proposed: accepted by one person, waits for a second; accepted: it stays as it is; resolved: it passes by now.",
});

export const amount = z.object({ value: z.string(), currency: z.string() });

const owner = z.object({ id: z.string(), title: z.string(), seat: z.enum(MATCH_DOMAINS) });

export const matchWork = z
  .object({
    state: workState,
    owner: owner.nullable().meta({ description: "Null where configuration routes nothing." }),
    stake: amount.nullable().meta({ description: "What is kept from being paid, without its sign." }),
    worth: amount.nullable().meta({ description: "What accepting it may cost; null where that is not known." }),
    needsSecondPerson: z.boolean().meta({ description: "Who accepts it needs the approval of another person." }),
    raisedAt: instant.meta({ description: "Since when something keeps it from being paid, this time." }),
    resolvedAt: instant.nullable(),
    nextOn: z
      .string()
      .nullable()
      .meta({ description: "What comes next: the last day of the discount, or the day on which it is due." }),
    nextActions: z.array(z.object({ code: matchCode, action: z.string() })),
    takenBy: actor.nullable(),
    acceptedBy: actor.nullable(),
    approvedBy: actor.nullable(),
    reason: z.string().meta({ description: "Why it was accepted." }),
    minutes: z.int().meta({ description: "All that was logged." }),
    isReopened: z.boolean().meta({ description: "It passed, or was accepted, and then differed again or otherwise." }),
    version: z.int().meta({ description: "How often somebody acted on it; a change names the version that it saw." }),
    seen: z.string().meta({ description: "Tells differences apart; an acceptance names the one that it is about." }),
  })
  .meta({ id: "MatchWork", description: "How the work on a match stands. It never changes what the rules say." });

export const WORK_VERBS = ["take", "release", "log", "accept", "approve", "withdraw"] as const;

export const matchAct = z
  .object({
    version: z.int(),
    verb: z.enum(WORK_VERBS),
    state: workState.meta({ description: "What it led to." }),
    at: instant,
    by: actor,
    note: z.string(),
    minutes: z.int(),
    workedAt: instant.nullable().meta({ description: "When the logged minutes were spent." }),
    isVoid: z.boolean().meta({ description: "It is about another difference, or about one that passed since." }),
  })
  .meta({ id: "MatchAct", description: "What somebody did about a match." });

const changeShape = {
  version: z.int().min(0).meta({ description: "The version that was seen." }),
  note: text(1000).default(""),
};

export const workChange = z
  .strictObject(changeShape)
  .meta({ id: "MatchWorkChange", description: "Taking a match, giving it back, or taking an acceptance back." });

export const workAcceptance = z
  .strictObject({
    version: changeShape.version,
    seen: text(64, 1).meta({ description: "The difference that is accepted: `seen` of its work." }),
    reason: text(1000, 3).meta({ description: "Why it may stay as it is, for who approves and for auditors." }),
  })
  .meta({ id: "MatchAcceptance", description: "That a match may stay as it is." });

export const workApproval = z
  .strictObject({ ...changeShape, seen: text(64, 1) })
  .meta({ id: "MatchApproval", description: "A second person's consent to an acceptance." });

export const workLog = z
  .strictObject({
    ...changeShape,
    minutes: z.int().min(1).max(1440).meta({ description: "Minutes that were spent on it." }),
    workedAt: queryInstant.optional().meta({ description: "When; now unless given, never later than now." }),
  })
  .meta({ id: "MatchLog", description: "Time that was spent on a match." });

export const matchPath = z.object({ id: text(4096, 1) });

const test = z
  .object({
    code: matchCode,
    of: z.string().meta({ description: "What is compared: price, quantity, unit, freight, and so on." }),
    isBroken: z.boolean(),
    ...matchCause.omit({ code: true }).shape,
  })
  .meta({ id: "MatchTest", description: "Something that was tested, whether it passed or not." });

const quantity = z.object({ value: z.string(), unit: z.string() });

const document = z
  .object({
    kind: z.enum(["receipt", "return", "notice", "invoice", "credit"]),
    id: z.string().nullable().meta({ description: "Null where it is of a site that the reader does not see." }),
    document: z.string().nullable(),
    at: instant,
    stated: z.array(quantity).meta({ description: "As the document states it." }),
    quantity: z.string().nullable().meta({ description: "In the order unit." }),
    amount: amount.nullable(),
    factor: z
      .object({ left: quantity, right: quantity, by: z.enum(["document", "order", "item"]) })
      .nullable()
      .meta({
        description: "`left` is as much as `right`, by the document itself, the order, or what is known of the item.",
      }),
    leftOut: z
      .enum(["blocked-stock", "later", "not-in-books", "unit-unknown", "other-currency"])
      .nullable()
      .meta({ description: "Why it does not count; null where it does." }),
    href: z.string().nullable().meta({ description: "The journey in which it is." }),
    event: z.string().nullable().meta({ description: "`key` of the event in that journey." }),
  })
  .meta({ id: "MatchDocument", description: "A document that was looked at, in the order unit." });

const terms = z
  .object({
    ordered: z.array(quantity),
    price: amount.nullable(),
    basis: quantity.nullable().meta({ description: "What the price is for; null: one order unit." }),
    isReceiptExpected: z.boolean(),
    isReceiptBased: z.boolean(),
    isComplete: z.boolean(),
    isCancelled: z.boolean(),
  })
  .meta({ id: "MatchTerms", description: "What the order line says, as far as the rules look at it." });

const derivedLine = z
  .object({
    order: z.string().nullable(),
    href: z.string().nullable(),
    profile: z.string(),
    outcome: matchOutcome,
    terms: terms.nullable(),
    figures: z.record(z.string(), z.string()).nullable(),
    tests: z.array(test),
    billed: document.nullable(),
    documents: z.array(document).meta({ description: "Whether they count or not, the earliest first." }),
  })
  .meta({ id: "MatchDerivationLine", description: "How what is billed on one order line came to its result." });

export const matchDerivation = z
  .object({
    isSame: z.boolean().meta({
      description: "False where the rules of now, or what arrived since, give another result than the stored one.",
    }),
    profile: z.string(),
    tests: z.array(test).meta({ description: "Of the invoice, or the order line, as a whole." }),
    parts: z.array(z.object({ part: z.string(), amount })).meta({ description: "What the gross amount is made of." }),
    lines: z.array(derivedLine),
  })
  .meta({ id: "MatchDerivation", description: "How a match came to its result, by the code that judges." });

export const matchChange = z
  .object({
    evaluatedAt: instant,
    outcome: matchOutcome.nullable().meta({ description: "Null where there is nothing to match any more." }),
    causes: z.array(matchCause),
    ruleVersion: z.string(),
    events: z
      .array(z.object({ key: z.string(), type: z.string(), time: instant, href: z.string() }))
      .meta({ description: "What had arrived since the result before, as far as it is known." }),
  })
  .meta({ id: "MatchChange", description: "A result that was given, and what brought it." });

const group = {
  results: figure,
  stakes: z.array(amount).meta({ description: "By currency; an invoice counts once." }),
};

export const matchSummary = z
  .object({
    states: z.array(z.object({ state: workState, ...group })),
    owners: z.array(z.object({ owner, ...group })),
    codes: z.array(z.object({ code: matchCode, ...group })),
    outcomes: z
      .array(z.object({ kind: z.string(), outcome: matchOutcome, results: figure }))
      .meta({ description: "Of all results that stand, whether they need work or not." }),
  })
  .meta({ id: "MatchSummary", description: "What there is to do about matches, and how many there are." });

export const workFilterShape = {
  state: listOf(workState).meta({
    description: "How the work on it stands; only results that need work, or needed it. `resolved` stands alone.",
  }),
  owner: listOf(text(64)).meta({ description: "Only results that need work, of these owners." }),
  minAgeDays: z.coerce
    .number()
    .int()
    .min(0)
    .max(36_500)
    .optional()
    .meta({ description: "Entered so long ago at least." }),
  maxAgeDays: z.coerce
    .number()
    .int()
    .min(0)
    .max(36_500)
    .optional()
    .meta({ description: "Entered so long ago at most." }),
};

const day = z.iso.date().optional();

export const matchSummaryQuery = z.strictObject({
  owner: workFilterShape.owner,
  code: matchCode.optional(),
  supplier: listOf(text(512)),
  company: listOf(text(512)),
  site: listOf(text(128)),
  from: day.meta({ description: "The first day of entry (UTC)." }),
  to: day.meta({ description: "The day behind the last one." }),
});

export type MatchWork = z.infer<typeof matchWork>;
export type MatchAct = z.infer<typeof matchAct>;
export type WorkChange = z.infer<typeof workChange>;
export type WorkAcceptance = z.infer<typeof workAcceptance>;
export type WorkApproval = z.infer<typeof workApproval>;
export type WorkLog = z.infer<typeof workLog>;
export type MatchDerivation = z.infer<typeof matchDerivation>;
export type MatchTest = z.infer<typeof test>;
export type MatchDocument = z.infer<typeof document>;
export type MatchChangeItem = z.infer<typeof matchChange>;
export type MatchSummary = z.infer<typeof matchSummary>;
export type MatchSummaryQuery = z.infer<typeof matchSummaryQuery>;
