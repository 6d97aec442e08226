import { zone } from "@throughline/schemas/calendar/calendar";
import { text } from "@throughline/schemas/text";
import { z } from "@hono/zod-openapi";
import { compliance, figure, timeRange } from "./figure.ts";
import { flowsQuery, legCounts } from "./flow.ts";

const milliseconds = z.int().min(0);

const counted = timeRange.meta({
  description: "What it was counted over: the range asked for, or its newest part where that holds too many legs.",
});

export const durationBin = z
  .object({
    fromMs: milliseconds,
    toMs: milliseconds.nullable().meta({ description: "Not included; null: no end." }),
    met: z.int(),
    late: z.int(),
  })
  .meta({ id: "DurationBin", description: "How many legs took that long, in time and late." });

/** Percentiles are by nearest rank over the legs that ended; those that did not are counted beside them. */
export const legDurations = z
  .object({
    leg: z.string(),
    of: z.string().nullable().meta({
      description: "The supplier or site, empty where none is named; null where they are not told apart.",
    }),
    ended: z.int().meta({ description: "Legs that ended, which the percentiles and bins are of." }),
    running: z.int().meta({ description: "Legs that have not ended; no percentile knows them." }),
    p50Ms: milliseconds.nullable(),
    p90Ms: milliseconds.nullable(),
    p95Ms: milliseconds.nullable(),
    maxMs: milliseconds.nullable(),
    bins: z.array(durationBin).meta({
      description:
        "The shortest first, without gaps from the first that holds a leg to the last, or to the one that the usual time allowed lies in.",
    }),
    budgets: z
      .array(z.object({ budgetMs: milliseconds, legs: z.int() }))
      .meta({ description: "The times that were allowed, the most frequent first; at most five." }),
  })
  .meta({ id: "LegDurations", description: "How long the legs of one kind took, working time where it is counted." });

export const flowDurations = z
  .object({
    range: counted,
    items: z.array(legDurations),
    isTruncated: z.boolean().meta({ description: "True when there are more than are listed." }),
  })
  .meta({
    id: "FlowDurations",
    description: "How long the legs of a flow took, for each that any was dated in the range, the most legs first.",
  });

/** What durations can be told apart by, beside the leg. */
export const DURATION_KINDS = ["supplier", "site"] as const;
export type DurationKind = (typeof DURATION_KINDS)[number];

export const durationsQuery = flowsQuery.extend({
  leg: text(64, 1).optional().meta({ description: "Only this leg." }),
  by: z.enum(DURATION_KINDS).optional().meta({ description: "Told apart by supplier or site too." }),
});

export const heatCell = z
  .object({
    site: z.string(),
    hour: z
      .int()
      .min(0)
      .max(23)
      .meta({ description: "Hour of the day at which the legs began, in the zone asked for." }),
    compliance,
    legs: figure.meta({ description: "All legs that began then, judged or not." }),
    unknown: figure.meta({ description: "Those of them that a silent feed hides." }),
  })
  .meta({ id: "HeatCell", description: "The legs of a site that began at an hour of the day." });

export const supplierShare = z
  .object({ supplier: z.string(), counts: legCounts, compliance })
  .meta({ id: "SupplierShare", description: "How the legs of a supplier stand." });

export const legProfile = z
  .object({
    range: counted,
    flow: z.string(),
    leg: z.string(),
    zone: z.string(),
    cells: z.array(heatCell).meta({ description: "By site and hour; those without a leg are left out." }),
    suppliers: z.array(supplierShare).meta({
      description: "The most late legs first; at most fifty. Legs that no supplier is named for are left out.",
    }),
    isTruncated: z.boolean().meta({ description: "True when there are more suppliers than are listed." }),
  })
  .meta({ id: "LegProfile", description: "Where and when a leg is late, and whose." });

export const profileQuery = flowsQuery.extend({ zone: zone.default("UTC") });

export type DurationBin = z.infer<typeof durationBin>;
export type LegDurations = z.infer<typeof legDurations>;
export type FlowDurations = z.infer<typeof flowDurations>;
export type HeatCell = z.infer<typeof heatCell>;
export type SupplierShare = z.infer<typeof supplierShare>;
export type LegProfile = z.infer<typeof legProfile>;
export type DurationsQuery = z.infer<typeof durationsQuery>;
export type ProfileQuery = z.infer<typeof profileQuery>;
