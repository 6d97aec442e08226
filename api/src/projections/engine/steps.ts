import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { readRows } from "./read-rows.ts";

/** Which part of the keys a projector evaluates: those whose hash modulo `count` is `index`. */
export interface Shard {
  index: number;
  count: number;
}

export const cursorSchema = z.object({ batch: z.number(), nextPosition: z.number() });
export type Cursor = z.infer<typeof cursorSchema>;

/** Per log, where a step ends. */
export const cursorsSchema = z.record(z.string(), cursorSchema);
export type Cursors = Readonly<Record<string, Cursor>>;

/** Instances above an object that are still to be evaluated, in the order of their ids. */
export const deferredSchema = z.object({ flow: z.string(), type: z.string(), id: z.string(), after: z.string() });
export type Deferred = z.infer<typeof deferredSchema>;

/** A step: its number, greater than all before it, and the time at which it is evaluated. */
export interface Step {
  batch: number;
  now: number;
}

/** What a step depends on besides the stored events, fixed before anything is evaluated, and what it leaves to the next. */
export interface StepLog<Plan, Outcome> {
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
export function createStepLog<Plan extends object, Outcome extends object>(
  writer: ClickHouseClient,
  of: { projector: string; shard: Shard; plan: z.ZodType<Plan>; outcome: z.ZodType<Outcome> },
): StepLog<Plan, Outcome> {
  const { projector, shard } = of;
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
      const last = done && { batch: done.batch, now: done.now, outcome: of.outcome.parse(done.body) };
      const isUnfinished = begun !== undefined && begun.batch > (last?.batch ?? 0);
      return {
        last,
        unfinished: isUnfinished ? { batch: begun.batch, now: begun.now, plan: of.plan.parse(begun.body) } : undefined,
      };
    },
  };
}
