import { CRITICALITIES, flow, statutory } from "@throughline/schemas/pack/flow";
import { instant, text } from "@throughline/schemas/text";
import { z } from "@hono/zod-openapi";
import { compliance, figure, queryInstant, rangeQuery, timeRange } from "./figure.ts";
import { listOf } from "./page.ts";

/** How many legs stand at which verdict, each dated in the range. All but `total` sum to it. */
export const legCounts = z
  .object({
    open: figure,
    atRisk: figure,
    breached: figure,
    overdue: figure,
    met: figure,
    unknown: figure.meta({ description: "Not ended, and the feed of the end is silent: nothing is known of them." }),
    others: figure.meta({ description: "PENDING_START, ORPHAN_END, SEQUENCE, EXCLUDED and SUPERSEDED." }),
    total: figure,
  })
  .meta({ id: "LegCounts", description: "How many legs stand at which verdict." });

export const legSummary = z
  .object({
    id: z.string(),
    title: z.string(),
    from: z.string(),
    to: z.string(),
    criticality: z.enum(CRITICALITIES),
    statutory: statutory.nullable().meta({ description: "The rule of law that sets its target, if one does." }),
    counts: legCounts,
    compliance,
  })
  .meta({ id: "LegSummary", description: "A leg of a flow with its counts." });

export const flowSummary = z
  .object({
    id: z.string(),
    title: z.string(),
    owner: z.string(),
    domain: z.string(),
    criticality: z.enum(CRITICALITIES),
    counts: legCounts,
    compliance,
    legs: z.array(legSummary),
    href: z.string(),
  })
  .meta({ id: "FlowSummary", description: "A flow with the counts of its legs, the worst first." });

export const flowList = z
  .object({ range: timeRange, items: z.array(flowSummary) })
  .meta({ id: "FlowList", description: "All flows, the worst first." });

/** One hour of one leg: how many legs dated in it stand at which verdict. */
export const legHour = z
  .object({
    at: instant,
    leg: z.string(),
    open: z.int(),
    atRisk: z.int(),
    breached: z.int(),
    overdue: z.int(),
    met: z.int(),
    unknown: z.int(),
    others: z.int(),
  })
  .meta({ id: "LegHour", description: "One hour of one leg." });

export const flowDetail = z
  .object({
    range: timeRange,
    definition: flow.meta({ id: "FlowDefinition" }),
    ruleVersion: z.string(),
    summary: flowSummary,
    hours: z.array(legHour).meta({ description: "Hours with at least one leg, oldest first." }),
    isTruncated: z.boolean().meta({ description: "True when there are more hours than are listed." }),
  })
  .meta({ id: "FlowDetail", description: "A flow as configured, with its counts hour by hour." });

/** What counts are narrowed to. */
export const countFilter = {
  ...rangeQuery,
  site: listOf(text(128)),
  domain: listOf(text(64)),
  criticality: listOf(z.enum(CRITICALITIES)),
};

export const flowsQuery = z.strictObject({
  ...countFilter,
  asOf: queryInstant.optional().meta({ description: "The counts as the tower knew them then." }),
});

export type LegCounts = z.infer<typeof legCounts>;
export type LegSummary = z.infer<typeof legSummary>;
export type FlowSummary = z.infer<typeof flowSummary>;
export type FlowList = z.infer<typeof flowList>;
export type LegHour = z.infer<typeof legHour>;
export type FlowDetail = z.infer<typeof flowDetail>;
export type FlowsQuery = z.infer<typeof flowsQuery>;
