import { instant } from "@throughline/schemas/text";
import { z } from "@hono/zod-openapi";
import { figure, timeRange } from "./figure.ts";
import { flowsQuery, flowSummary, legCounts } from "./flow.ts";
import { freshness } from "./source.ts";

export const throughput = z
  .object({
    stepMs: z.int(),
    total: figure.meta({ description: "Accepted events in the range." }),
    points: z.array(z.object({ at: instant, accepted: z.int(), failed: z.int() })),
  })
  .meta({ id: "Throughput", description: "Accepted events, step by step; steps without any are left out." });

/** How far a projector is behind what was acknowledged; `lagMs` is 0 when nothing waits. */
export const projectionLag = z
  .object({ lagMs: z.int(), pendingSince: instant.nullable(), evaluatedAt: instant.nullable() })
  .meta({ id: "ProjectionLag", description: "How far evaluation is behind." });

export const standing = z
  .object({ open: figure, atRisk: figure, overdue: figure, unknown: figure })
  .meta({ id: "Standing", description: "Legs not ended as of the moment, whenever they began." });

export const overview = z
  .object({
    range: timeRange,
    asOf: instant,
    counts: legCounts,
    standing,
    flows: z.array(flowSummary).meta({ description: "The worst first: by breached and overdue legs, then at risk." }),
    throughput,
    freshness: freshness.nullable().meta({ description: "Null as of a moment before it was kept how feeds stood." }),
    projection: projectionLag.meta({ description: "How far verdicts are, or were." }),
    reconciler: projectionLag.nullable().meta({
      description:
        "How far matches and reconciliations are. Null as of an earlier moment, and where they are not kept.",
    }),
  })
  .meta({ id: "Overview", description: "What stands where." });

export const overviewQuery = flowsQuery;

export type Overview = z.infer<typeof overview>;
export type OverviewQuery = z.infer<typeof overviewQuery>;
export type Throughput = z.infer<typeof throughput>;
export type ProjectionLag = z.infer<typeof projectionLag>;
