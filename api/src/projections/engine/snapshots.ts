import type { ClickHouseClient } from "@clickhouse/client";
import { objectRef } from "@throughline/schemas/event";
import { toTimestamp } from "@throughline/schemas/rows/leg-verdicts";
import { z } from "zod";
import type { FlowModel } from "../legs/flow-model.ts";
import { readRows } from "./read-rows.ts";
import type { Step } from "./steps.ts";

/** Snapshots of another form are folded anew. */
const FORM = 2;

const goods = z.object({
  quantities: z.array(z.object({ value: z.string(), unit: z.string() })).readonly(),
  item: z.string().optional(),
});

const occurrence = z.object({
  time: z.number(),
  impreciseMs: z.number().optional(),
  log: z.string(),
  position: z.number(),
  site: z.string(),
  goods: goods.optional(),
  criticality: z.string().optional(),
  supplier: z.string().optional(),
  deadlines: z.record(
    z.string(),
    z.object({ dueAt: z.number(), atRiskAt: z.number(), budgetMs: z.number(), calendar: z.string() }),
  ),
});

const milestoneSummary = z.object({
  first: occurrence.optional(),
  steps: z.array(occurrence),
  reversed: z.array(z.object({ time: z.number(), reversedAt: z.number(), goods: goods.optional() })),
  restated: z.array(occurrence).optional(),
  count: z.number(),
  hasConflict: z.boolean(),
});

const snapshotState = z.object({
  form: z.number().default(1),
  rulesSince: z
    .number()
    .optional()
    .meta({ description: "Since when the rules were in force under which it was folded." }),
  summary: z.object({
    milestones: z.record(z.string(), milestoneSummary),
    cancelledAt: z.number().optional(),
    supplier: z.string().optional(),
    restarts: z.record(z.string(), z.array(occurrence)).optional(),
  }),
  members: z.array(objectRef.pick({ type: true, id: true })),
});

/** A long history folded up to an event time, with the objects that the instance follows. */
export interface Snapshot {
  foldedUntil: number;
  events: number;
  state: Omit<z.infer<typeof snapshotState>, "form">;
}

/** The folded histories of a projector; those that a step makes are stored with it, for as long as the rules stay. */
export interface SnapshotStore {
  has: (model: FlowModel, id: string) => boolean;
  find: (model: FlowModel, id: string, before: number) => Promise<Snapshot | undefined>;
  add: (model: FlowModel, id: string, snapshot: Snapshot) => void;
  insertAdded: (step: Step, token: string) => Promise<void>;
}

const keyRow = z.tuple([z.string(), z.string()]);
const snapshotRow = z.tuple([z.number(), z.number(), z.string()]);

export async function openSnapshotStore(client: ClickHouseClient): Promise<SnapshotStore> {
  const rows = await readRows(client, keyRow, {
    caller: "projector.snapshot-keys",
    sql: "SELECT DISTINCT flow, instance_id FROM history_snapshots LIMIT 1000000",
  });
  const keys = new Set(rows.map(([flow, id]) => `${flow}\u0000${id}`));
  let added: object[] = [];
  return {
    has: (model, id) => keys.has(`${model.id}\u0000${id}`),
    find: async (model, id, before) => {
      const [row] = await readRows(client, snapshotRow, {
        caller: "projector.snapshot",
        sql: `SELECT toUnixTimestamp64Milli(folded_until), events, state FROM history_snapshots
          WHERE flow = {flow: String} AND instance_type = {type: String} AND instance_id = {id: String} AND batch < {before: UInt64}
          ORDER BY batch DESC LIMIT 1`,
        values: { flow: model.id, type: model.anchor, id, before },
      });
      const state = row && snapshotState.parse(JSON.parse(row[2]));
      if (row === undefined || state?.form !== FORM || state.rulesSince !== model.since) return undefined;
      return { foldedUntil: row[0], events: row[1], state };
    },
    add: (model, id, { foldedUntil, events, state }) => {
      keys.add(`${model.id}\u0000${id}`);
      added.push({
        flow: model.id,
        instance_type: model.anchor,
        instance_id: id,
        folded_until: toTimestamp(foldedUntil),
        events,
        state: JSON.stringify({ ...state, form: FORM, rulesSince: model.since }),
      });
    },
    insertAdded: async (step, token) => {
      if (added.length === 0) return;
      const values = added.map((row) => ({ ...row, batch: step.batch }));
      added = [];
      await client.insert({
        table: "history_snapshots",
        values,
        format: "JSONEachRow",
        clickhouse_settings: { insert_deduplication_token: token },
      });
    },
  };
}
