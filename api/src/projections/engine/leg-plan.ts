import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { feedStateSchema } from "../feeds/feed-state.ts";
import { windowTouchSchema } from "./crossed-legs.ts";
import { type Shard, type StepLog, createStepLog, cursorsSchema, deferredSchema } from "./steps.ts";
import { restatedItemSchema } from "./unit-uses.ts";
import { windowChangeSchema } from "./window-rows.ts";

/** The name of the projector under which its steps are recorded. */
export const LEGS = "legs";

const completenessSchema = z.object({ source: z.string(), at: z.number(), lagMs: z.number().optional() });

const silenceSchema = z.object({ source: z.string(), since: z.number(), from: z.number() });

/** All that a step of the legs depends on besides the stored events. */
const planSchema = z.object({
  cursors: cursorsSchema.meta({ description: "Per log, where the step ends." }),
  deferred: z.array(deferredSchema),
  readUntil: z.number().optional().meta({
    description:
      "All that arrived by then is read; absent in steps of earlier releases, which took the time of the step.",
  }),
  complete: z
    .record(z.string(), completenessSchema)
    .default({})
    .meta({ description: "Per source that can carry a milestone, up to when it is complete." }),
  sourceWatermarks: z.record(z.string(), z.number()).meta({ description: "Per source that a leg may wait for." }),
  feeds: z
    .record(z.string(), feedStateSchema)
    .default({})
    .meta({ description: "What was known before of each source that the step hears of." }),
  rules: z
    .record(z.string(), z.number())
    .optional()
    .meta({ description: "Per flow, since when the rules are in force; absent in steps of earlier releases." }),
  silences: z.array(silenceSchema).default([]).meta({ description: "The sources that fall silent." }),
  windows: z
    .array(windowChangeSchema)
    .default([])
    .meta({ description: "Approved windows that came, changed or went." }),
  touches: z.array(windowTouchSchema).default([]).meta({ description: "What windows leave to be evaluated again." }),
  restated: z
    .array(restatedItemSchema)
    .default([])
    .meta({ description: "Items whose units were stated, as far as what used them is still to be evaluated again." }),
  carried: z
    .record(z.string(), z.array(z.string()))
    .default({})
    .meta({ description: "What the sources send that windows name." }),
});
export type Plan = z.infer<typeof planSchema>;

const outcomeSchema = z.object({
  cursors: cursorsSchema,
  deferred: z.array(deferredSchema),
  touches: z.array(windowTouchSchema).default([]),
  restated: z.array(restatedItemSchema).default([]),
  readUntil: z.number().default(0).meta({ description: "All that arrived by then is read." }),
});
export type Outcome = z.infer<typeof outcomeSchema>;

/** The steps of the legs, of one shard. */
export function createLegStepLog(client: ClickHouseClient, shard: Shard): StepLog<Plan, Outcome> {
  return createStepLog(client, { projector: LEGS, shard, plan: planSchema, outcome: outcomeSchema });
}
