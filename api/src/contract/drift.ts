import { z } from "@hono/zod-openapi";
import { decimal, instant, text } from "@throughline/schemas/text";
import { listOf } from "./page.ts";
import { range } from "./reconciliation.ts";

export const DRIFT_CAUSES = ["rules", "flow", "release", "schema_version", "outage", "excuse"] as const;

const drifted = z.object({
  at: instant.meta({ description: "The end of the step: what was open just before it." }),
  count: z.int(),
  gross: decimal,
  net: decimal,
});

const driftCause = z.object({
  kind: z.enum(DRIFT_CAUSES),
  at: instant,
  until: instant.nullable(),
  title: z.string(),
});

const changePoint = z.object({
  at: instant.meta({ description: "From this step on the level is another one." }),
  before: decimal.meta({ description: "The gross that half of the steps before it did not exceed." }),
  after: decimal,
  changed: z
    .array(driftCause)
    .meta({ description: "What is known to have changed around it; not that it is the cause." }),
});

export const driftSeries = z
  .object({
    reconciliation: z.string(),
    by: z.enum(["hour", "day"]),
    from: instant,
    to: instant,
    zone: z.string(),
    units: z.array(
      z.object({
        unit: z.string(),
        points: z.array(drifted).meta({ description: "By what is known now of each moment." }),
        changePoints: z.array(changePoint),
      }),
    ),
    findings: z
      .array(
        z.object({
          kind: z.literal("gross_over_limit"),
          unit: z.string(),
          gross: decimal.meta({ description: "Of all breaks and cut-off items together, now." }),
          limit: z.string(),
          href: z.string(),
        }),
      )
      .meta({ description: "Not as it was agreed." }),
  })
  .meta({ id: "DriftSeries", description: "How far both sides were apart over time, and where that changed." });

export const driftQuery = z.strictObject({
  company: range.company,
  from: range.from,
  to: range.to,
  by: z.enum(["hour", "day"]).default("day"),
  unit: listOf(text(64)),
});

export type DriftSeries = z.infer<typeof driftSeries>;
export type DriftQuery = z.infer<typeof driftQuery>;
