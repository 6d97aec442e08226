import { MATCH_CODES, matchCause, matchCode, matchOutcome } from "@throughline/schemas/match";
import { instant, text } from "@throughline/schemas/text";
import { z } from "@hono/zod-openapi";
import { queryInstant, rangeQuery } from "./figure.ts";
import { matchAct, matchChange, matchDerivation, matchWork, workFilterShape } from "./match-work.ts";
import { listOf, page, pageQuery } from "./page.ts";

/** `invoice`: the whole; `line`: its lines on one order line, summed; `order`: an order line itself. */
export const MATCH_KINDS = ["invoice", "line", "order"] as const;

/** Orders of results that need work. */
export const MATCH_SORTS = ["entered", "oldest", "due"] as const;

const amount = z.object({ value: z.string(), currency: z.string() });

export const matchItem = z
  .object({
    id: z.string().meta({ description: "Names this match in this tower, whatever becomes of it." }),
    kind: z.enum(MATCH_KINDS),
    invoice: z.string().nullable().meta({ description: "Supplier and number; null for an order line." }),
    invoiceType: z.enum(["invoice", "credit_memo"]).nullable(),
    document: z.string().meta({ description: "The number of this entry in the ERP." }),
    line: z.string().nullable().meta({ description: "The first of `lines`." }),
    lines: z.array(z.string()).meta({ description: "The invoice lines that were summed." }),
    order: z.string().nullable().meta({ description: "The order line; null where none is known." }),
    outcome: matchOutcome,
    causes: z.array(matchCause),
    figures: z
      .record(z.string(), z.string())
      .nullable()
      .meta({ description: "What the result was derived from, exact, in the order unit and the order's currency." }),
    amount: amount
      .nullable()
      .meta({ description: "Gross of an invoice, net of a line, invoiced and not received of an order line." }),
    writtenOff: amount.nullable().meta({ description: "A small difference between gross and the parts." }),
    fx: amount.nullable().meta({ description: "What the change of exchange rates is worth; no cause of anything." }),
    open: z
      .object({ value: z.string(), unit: z.string() })
      .nullable()
      .meta({ description: "Ordered and not received yet." }),
    uncleared: z
      .object({ value: z.string(), unit: z.string() })
      .nullable()
      .meta({ description: "Invoiced and not received, or, negative, received and not invoiced." }),
    discount: amount.nullable(),
    discountOn: z.string().nullable().meta({ description: "Until when the discount may be taken." }),
    dueOn: z.string().nullable(),
    company: z.string(),
    supplier: z.string(),
    isContested: z.boolean().meta({ description: "Some of it was stated twice with different content." }),
    enteredAt: instant,
    profile: z.string(),
    site: z.string(),
    domain: z.string(),
    ruleVersion: z.string(),
    evaluatedAt: instant,
    work: matchWork.nullable().meta({ description: "Null where nothing ever kept it from being paid." }),
    href: z.string().meta({ description: "The journey of the order line, else of the invoice." }),
  })
  .meta({
    id: "Match",
    description: "What came of matching an invoice, its lines on an order line, or an order line.",
  });

export const matchesQuery = z.strictObject({
  kind: listOf(z.enum(MATCH_KINDS)),
  outcome: listOf(matchOutcome),
  code: listOf(matchCode).meta({ description: `Those that have any of these: ${MATCH_CODES.join(", ")}.` }),
  invoice: text(512, 1).optional().meta({ description: "Supplier and number." }),
  order: text(512, 1).optional().meta({ description: "The order line." }),
  supplier: listOf(text(512)),
  company: listOf(text(512)),
  site: listOf(text(128)),
  domain: listOf(text(64)),
  q: text(200, 1)
    .optional()
    .meta({ description: "Text that the id of the invoice or order line contains, in any case." }),
  ...workFilterShape,
  sort: z.enum(MATCH_SORTS).optional().meta({
    description: "Only results that need work: the latest or the oldest entered first, or what is due first.",
  }),
  ...rangeQuery,
  asOf: queryInstant.optional().meta({ description: "The results as they stood then." }),
  ...pageQuery,
});

export const matchQuery = z.strictObject({
  asOf: queryInstant.optional().meta({ description: "The match as it stood then." }),
});

export const matchDetail = matchItem
  .extend({
    derivation: matchDerivation
      .nullable()
      .meta({ description: "Null where it is made of more than can be shown, or is not there any more." }),
    history: z.array(matchChange).meta({ description: "Every result that was given, the latest first." }),
    acts: z.array(matchAct).meta({ description: "What was done about it, the latest first." }),
  })
  .meta({ id: "MatchDetail", description: "A match with how it came about, and what was done about it." });

export const matchPage = page(matchItem, "Results of matching.").meta({ id: "MatchPage" });

export type MatchDetail = z.infer<typeof matchDetail>;
export type MatchItem = z.infer<typeof matchItem>;
export type MatchesQuery = z.infer<typeof matchesQuery>;
export type MatchPage = z.infer<typeof matchPage>;
