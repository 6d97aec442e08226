import { z } from "zod";

const day = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'must be a day such as "2026-03-01"');

/** One translation, from the first day on which it holds to the last; without days it always holds. */
const entry = z.strictObject({
  from: z.string().min(1).max(256),
  to: z.string().min(1).max(256),
  effectiveFrom: day.optional(),
  effectiveTo: day.optional(),
});

export const CROSSWALK_LIMITS = { entries: 200_000 };

export const crosswalk = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, "must be a lower-case name such as item"),
    title: z.string().min(1).max(120),
    kind: z.enum(["item", "supplier", "location", "unit", "cost_centre"]),
    version: z.int().min(1).default(1),
    missing: z
      .enum(["fail", "keep"])
      .default("fail")
      .meta({ description: "What becomes of a value that is not in the table: a mapping failure, or itself." }),
    entries: entry.array().max(CROSSWALK_LIMITS.entries),
  })
  .meta({ id: "Crosswalk", description: "What the codes of others are called here, with effective days." });

export type Crosswalk = z.infer<typeof crosswalk>;
