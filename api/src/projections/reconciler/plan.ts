import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { type StepLog, createStepLog, cursorsSchema, deferredSchema } from "../engine/steps.ts";

/** The name of the projector under which its steps are recorded. */
export const RECONCILER = "reconciler";

const planSchema = z.object({
  cursors: cursorsSchema,
  deferred: z.array(deferredSchema),
  rules: z.string().meta({ description: "The version of the rules in force." }),
  postponed: z
    .array(deferredSchema)
    .default([])
    .meta({ description: "Objects with long histories that are left to a later step." }),
});
export type ReconcilerPlan = z.infer<typeof planSchema>;

const outcomeSchema = z.object({ cursors: cursorsSchema, deferred: z.array(deferredSchema) });
export type ReconcilerOutcome = z.infer<typeof outcomeSchema>;

/** The steps of the reconciler. One shard does all: what an invoice finds left depends on the outcome of others. */
export function createReconcilerStepLog(client: ClickHouseClient): StepLog<ReconcilerPlan, ReconcilerOutcome> {
  const shard = { index: 0, count: 1 };
  return createStepLog(client, { projector: RECONCILER, shard, plan: planSchema, outcome: outcomeSchema });
}
