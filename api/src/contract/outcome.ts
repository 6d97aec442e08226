import { decimal, instant, text } from "@throughline/schemas/text";
import { z } from "@hono/zod-openapi";
import { OUTCOMES, OUTCOME_UNITS } from "../outcomes/outcome-figure.ts";
import { queryInstant, rangeQuery, timeRange } from "./figure.ts";
import { listOf, page, pageQuery } from "./page.ts";

/** What a case of a figure is: it counts and adds to the numerator, it counts, it is left out, or it has not ended. */
export const CASE_PARTS = ["numerator", "counted", "excluded", "open"] as const;

const measure = z
  .object({
    n: z.int().meta({ description: "How many cases it is made of." }),
    numerator: decimal
      .nullable()
      .meta({ description: "Of a share: of hours in milliseconds. Null of a length of time." }),
    denominator: decimal.nullable(),
    value: decimal.nullable().meta({
      description: "The share, rounded half-up to six digits, the median, or the total; null where no case counts.",
    }),
    declared: z.int().nullable().meta({
      description:
        "Of a total: in how many of its n cases a declared standard stands in, since nobody logged any time. Null of all others.",
    }),
    p90: decimal.nullable().meta({ description: "Of a length of time: its 90th percentile by nearest rank." }),
  })
  .meta({ id: "OutcomeMeasure", description: "A figure over a time, exact." });

const outcomeFigure = z
  .object({
    id: z.string(),
    outcome: z.enum(OUTCOMES),
    title: z.string(),
    formula: z.string(),
    unit: z.enum(OUTCOME_UNITS).meta({ description: "What `value` is in." }),
    better: z.enum(["lower", "higher"]),
    basis: z.string().meta({ description: "What it is read from." }),
    isEstimated: z
      .boolean()
      .meta({ description: "True where a declared standard stands in for what was not measured." }),
    because: z.string().nullable().meta({ description: "Why it cannot be measured; then it has no figures at all." }),
    measure: measure.nullable(),
    baseline: measure.nullable().meta({ description: "The same over the period before." }),
    trend: z.array(z.object({ from: instant, to: instant, n: z.int(), value: decimal.nullable() })),
    exclusions: z.array(z.object({ reason: z.string(), count: z.int() })),
    open: z.int().nullable().meta({ description: "Cases that have not come to their end; null where all have one." }),
    rowsHref: z.string(),
  })
  .meta({ id: "OutcomeFigure", description: "A figure of an outcome with all that it is made of." });

export const outcomes = z
  .object({
    period: timeRange,
    baseline: timeRange,
    isLikeForLike: z.boolean().meta({ description: "Period and baseline hold each day of the week equally often." }),
    readAt: instant,
    items: z.array(outcomeFigure),
  })
  .meta({ id: "Outcomes", description: "Figures of a period beside the same length of time before it." });

const asked = {
  ...rangeQuery,
  site: listOf(text(128)),
  asOf: queryInstant.optional().meta({ description: "By what had arrived and had been judged by then." }),
};

export const outcomesQuery = z.strictObject({ ...asked, format: pageQuery.format });
export const outcomePath = z.object({ id: text(64, 1) });
export const outcomeCasesQuery = z.strictObject({ ...asked, part: listOf(z.enum(CASE_PARTS)), ...pageQuery });

export const outcomeCase = z
  .object({
    part: z.enum(CASE_PARTS),
    at: instant.meta({ description: "Where in time it counts." }),
    object: z.object({ type: z.string(), id: z.string() }),
    value: decimal.nullable().meta({ description: "What it adds to the numerator, or the length of time." }),
    whole: decimal.nullable().meta({ description: "What it adds to the denominator." }),
    reason: z.string().nullable().meta({ description: "Why it is left out." }),
    note: z.string(),
    site: z.string(),
    supplier: z.string(),
    href: z.string().meta({ description: "The journey of the object." }),
  })
  .meta({ id: "OutcomeCase", description: "A case that a figure is made of, leaves out, or waits for." });

export const outcomeCasePage = page(outcomeCase, "Cases, the latest first.").meta({ id: "OutcomeCasePage" });

export type Outcomes = z.infer<typeof outcomes>;
export type OutcomeItem = z.infer<typeof outcomeFigure>;
export type OutcomesQuery = z.infer<typeof outcomesQuery>;
export type OutcomeCase = z.infer<typeof outcomeCase>;
export type OutcomeCasesQuery = z.infer<typeof outcomeCasesQuery>;
export type OutcomeCasePage = z.infer<typeof outcomeCasePage>;
