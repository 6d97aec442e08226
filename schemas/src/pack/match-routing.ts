import { z } from "zod";
import { MATCH_DOMAINS } from "../clickhouse/scope.ts";
import { MATCH_CODES, type MatchCode, matchCode, toMatchOutcome } from "../match.ts";
import { text } from "../text.ts";
import { word } from "./flow-words.ts";

/** Codes that keep an invoice from being paid: whoever owns them has something to do. */
export const STOPPING_CODES: readonly MatchCode[] = MATCH_CODES.filter((code) => toMatchOutcome(code) !== "warned");

const STOPPING: ReadonlySet<MatchCode> = new Set(STOPPING_CODES);

/** True for a code that keeps an invoice from being paid. */
export function isStopping(code: MatchCode): boolean {
  return STOPPING.has(code);
}

export const matchOwner = z
  .strictObject({
    id: word,
    title: z.string().min(1).max(80),
    seat: z.enum(MATCH_DOMAINS).meta({ description: "Whose page shows it first: erp, procurement or receiving." }),
  })
  .meta({ id: "MatchOwner", description: "Who works on matches that are held, blocked, parked or rejected." });

const nameList = z.array(text(128, 1)).min(1).max(200).optional();

/** Who owns a match; the first rule that fits. */
export const matchRoutingRule = z
  .strictObject({
    codes: z
      .array(matchCode)
      .min(1)
      .max(MATCH_CODES.length)
      .optional()
      .meta({ description: "Only matches whose first cause has one of these codes; none: all." }),
    companies: nameList.meta({ description: "Only these companies; none: all." }),
    supplierGroups: nameList.meta({ description: "Only suppliers of these groups; none: all." }),
    itemCategories: nameList.meta({ description: "Only items of these categories; none: all." }),
    owner: z.string(),
  })
  .meta({ id: "MatchRoutingRule", description: "Who owns which matches." });

const currency = z
  .string({ error: "must be a currency such as USD" })
  .regex(/^[A-Z]{3}$/, "must be a currency such as USD");
const amount = z
  .string({ error: 'must be a decimal in quotes such as "250.00"' })
  .regex(/^(0|[1-9]\d{0,29})(\.\d{1,18})?$/, 'must be a decimal in quotes such as "250.00"');

/** What one person may accept alone, up to and including; beyond it, and in any other currency, another one approves. */
export const acceptanceLimit = z.strictObject({ currency, amount });

const touchStandard = z.union([z.int().min(1).max(1440), z.literal("off", { error: "off" })]);

/** Minutes that a touch is taken to cost where no time was logged; `off` where it does not count. */
export const touchMinutes = z
  .strictObject({
    take: touchStandard,
    release: touchStandard,
    accept: touchStandard,
    approve: touchStandard,
    withdraw: touchStandard,
  })
  .meta({ description: "Minutes of each kind of touch where nobody logged any, or off where it does not count." });

export const matchRoutingFile = z.strictObject({
  owners: matchOwner.array().min(1).max(100),
  rules: matchRoutingRule.array().min(1).max(500),
  nextActions: z
    .partialRecord(matchCode, z.string().min(1).max(600))
    .meta({ description: "What to do about each code." }),
  acceptance: acceptanceLimit.array().max(50),
  touchMinutes,
});

export type MatchOwner = z.infer<typeof matchOwner>;
export type MatchRouting = z.infer<typeof matchRoutingFile>;

/** What a match is routed by. */
export interface Routed {
  /** The code of its first cause. */
  code: MatchCode;
  company: string;
  supplierGroup: string;
  itemCategory: string;
}

/** Who owns a match: the first rule that fits decides. Undefined in a pack that routes nothing. */
export function findMatchOwner(routing: MatchRouting | undefined, of: Routed): MatchOwner | undefined {
  const fits = (names: readonly string[] | undefined, name: string) => names === undefined || names.includes(name);
  const rule = routing?.rules.find(
    ({ codes, companies, supplierGroups, itemCategories }) =>
      fits(codes, of.code) &&
      fits(companies, of.company) &&
      fits(supplierGroups, of.supplierGroup) &&
      fits(itemCategories, of.itemCategory),
  );
  return routing?.owners.find(({ id }) => id === rule?.owner);
}
