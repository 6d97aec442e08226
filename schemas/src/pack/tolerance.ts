import { z } from "zod";
import { text } from "../text.ts";

const LIMIT = 'must be off, zero or a decimal in quotes such as "50.00"';

/** How far something may differ: not tested at all (off), not at all (zero), or up to and including a value. */
export const limit = z.string({ error: LIMIT }).regex(/^(off|zero|(0|[1-9]\d{0,29})(\.\d{1,18})?)$/, LIMIT);
export type Limit = z.infer<typeof limit>;

const both = z.strictObject({
  amount: limit.meta({ description: "In the currency of the order." }),
  percent: limit,
});
/** Two limits of one difference; breaking either breaks the test. */
export type Limits = z.infer<typeof both>;

const sides = z.strictObject({
  above: both.meta({ description: "Breaking it blocks." }),
  below: both.meta({ description: "Breaking it warns." }),
});

const oneEach = z.strictObject({ above: limit, below: limit });

/** How far an invoice may differ from its order and receipts. Every limit is written out. */
export const toleranceProfile = z
  .strictObject({
    id: z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, "must be a name such as T1"),
    title: z.string().min(1).max(80),
    price: sides.meta({ description: "Amount of the line against quantity times price." }),
    quantity: sides.meta({
      description: "Quantity against what was received or ordered, in amount at the order's price.",
    }),
    noReceipt: limit.meta({ description: "Amount that may be invoiced before anything is received." }),
    unitRatio: oneEach.meta({ description: "Price units for each order unit, in per cent." }),
    freight: oneEach.meta({ description: "Amount of freight against what was planned." }),
    header: limit.meta({ description: "Amount between gross and the sum of the parts that is written off." }),
    tax: limit.meta({ description: "Amount of tax against the rates of the order." }),
    early: limit.meta({ description: "Amount times the days before the scheduled date." }),
    blanket: z.strictObject({
      amount: limit.meta({ description: "Amount above the limit of a blanket order." }),
      days: limit.meta({ description: "Days outside of its validity." }),
    }),
    itemAmount: limit.meta({ description: "Amount of one line." }),
    shipNotice: z.enum(["off", "required"]).meta({
      description: "required: what was received counts up to what the supplier gave notice of (four-way matching).",
    }),
  })
  .meta({ id: "ToleranceProfile", description: "How far an invoice may differ from its order and receipts." });
export type ToleranceProfile = z.infer<typeof toleranceProfile>;

const nameList = z.array(text(128, 1)).min(1).max(200).optional();

/** Which profile counts for an order line; the first rule that fits. */
export const toleranceRule = z
  .strictObject({
    companies: nameList.meta({ description: "Only these companies; none: all." }),
    supplierGroups: nameList.meta({ description: "Only suppliers of these groups; none: all." }),
    itemCategories: nameList.meta({ description: "Only items of these categories; none: all." }),
    profile: z.string(),
  })
  .meta({ id: "ToleranceRule", description: "Which tolerance profile counts for which order lines." });

export const tolerancesFile = z.strictObject({
  profiles: toleranceProfile.array().min(1).max(200),
  rules: toleranceRule.array().min(1).max(1000),
});

/** The profiles, and the rules that choose one; `version` is a digest of what was written. */
export interface Tolerances extends z.infer<typeof tolerancesFile> {
  version: string;
}

/** Those of a pack without `tolerances.yaml`, in which nothing is matched. */
export const NO_TOLERANCES: Tolerances = { profiles: [], rules: [], version: "" };

/** The profile of the first rule that fits; undefined in a pack without tolerances, which matches nothing. */
export function findProfile(
  { profiles, rules }: Pick<Tolerances, "profiles" | "rules">,
  of: { company: string; supplierGroup: string; itemCategory: string },
): ToleranceProfile | undefined {
  const fits = (names: readonly string[] | undefined, name: string) => names === undefined || names.includes(name);
  const rule = rules.find(
    ({ companies, supplierGroups, itemCategories }) =>
      fits(companies, of.company) && fits(supplierGroups, of.supplierGroup) && fits(itemCategories, of.itemCategory),
  );
  return profiles.find(({ id }) => id === rule?.profile);
}
