import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { feedStateSchema } from "../feeds/feed-state.ts";
import { windowTouchSchema } from "./crossed-legs.ts";
import { readRows } from "./read-rows.ts";
import { windowChangeSchema } from "./window-rows.ts";

/** Which part of the keys a projector evaluates: those whose hash modulo `count` is `index`. */
export interface Shard {
  index: number;
  count: number;
}

export const cursorSchema = z.object({ batch: z.number(), nextPosition: z.number() });
export type Cursor = z.infer<typeof cursorSchema>;

/** Instances above an object that are still to be evaluated, in the order of their ids. */
const deferredSchema = z.object({ flow: z.string(), type: z.string(), id: z.string(), after: z.string() });
export type Deferred = z.infer<typeof deferredSchema>;

const watermarkSchema = z.object({ source: z.string(), at: z.number(), lagMs: z.number().optional() });

/** Up to when a milestone is complete; `sites` are those for which that is another time. */
const milestoneWatermarkSchema = watermarkSchema.extend({
  sites: z.record(z.string(), watermarkSchema).optional(),
});
export type PlannedWatermark = z.infer<typeof milestoneWatermarkSchema>;

const silenceSchema = z.object({ source: z.string(), since: z.number(), from: z.number() });

/** All that a step depends on besides the stored events, fixed before anything is evaluated. */
const planSchema = z.object({
  cursors: z.record(z.string(), cursorSchema).meta({ description: "Per log, where the step ends." }),
  deferred: z.array(deferredSchema),
  watermarks: z
    .record(z.string(), milestoneWatermarkSchema)
    .meta({ description: "Per flow and milestone, up to when it is complete." }),
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
  carried: z
    .record(z.string(), z.array(z.string()))
    .default({})
    .meta({ description: "What the sources send that windows name." }),
});
export type Plan = z.infer<typeof planSchema>;

const outcomeSchema = z.object({
  cursors: z.record(z.string(), cursorSchema),
  deferred: z.array(deferredSchema),
  touches: z.array(windowTouchSchema).default([]),
});
export type Outcome = z.infer<typeof outcomeSchema>;

/** A step: its number, greater than all before it, and the time at which it is evaluated. */
export interface Step {
  batch: number;
  now: number;
}

export interface StepLog {
  begin: (step: Step, plan: Plan) => Promise<void>;
  commit: (step: Step, outcome: Outcome) => Promise<void>;
  /** The last finished step, and the one begun after it that a crash left unfinished. */
  restore: () => Promise<{
    last: (Step & { outcome: Outcome }) | undefined;
    unfinished: (Step & { plan: Plan }) | undefined;
  }>;
}

const stepRow = z.tuple([z.number(), z.string(), z.number(), z.string()]);

/** The steps of one shard of a projector, kept in the store's `projection_steps`. */
export function createStepLog(writer: ClickHouseClient, projector: string, shard: Shard): StepLog {
  const record = (step: Step, phase: "begin" | "commit", body: object) =>
    writer.insert({
      table: "projection_steps",
      values: [{ projector, shard: shard.index, ...step, phase, body: JSON.stringify(body), recorded_at: Date.now() }],
      format: "JSONEachRow",
      clickhouse_settings: { insert_deduplication_token: `${projector}:${shard.index}:${step.batch}:${phase}` },
    });
  const findLast = async (phase: "begin" | "commit") => {
    const [row] = await readRows(writer, stepRow, {
      caller: "projector.restore",
      sql: `SELECT batch, phase, toUnixTimestamp64Milli(now), body FROM projection_steps
        WHERE projector = {projector: String} AND shard = {shard: UInt16} AND phase = {phase: String}
        ORDER BY batch DESC LIMIT 1`,
      values: { projector, shard: shard.index, phase },
    });
    return row === undefined ? undefined : { batch: row[0], now: row[2], body: JSON.parse(row[3]) };
  };
  return {
    begin: async (step, plan) => void (await record(step, "begin", plan)),
    commit: async (step, outcome) => void (await record(step, "commit", outcome)),
    restore: async () => {
      const [begun, done] = [await findLast("begin"), await findLast("commit")];
      const last = done && { batch: done.batch, now: done.now, outcome: outcomeSchema.parse(done.body) };
      const isUnfinished = begun !== undefined && begun.batch > (last?.batch ?? 0);
      return {
        last,
        unfinished: isUnfinished
          ? { batch: begun.batch, now: begun.now, plan: planSchema.parse(begun.body) }
          : undefined,
      };
    },
  };
}
