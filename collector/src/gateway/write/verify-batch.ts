import { randomUUID } from "node:crypto";
import type { ClickHouseClient } from "@clickhouse/client";
import { createColumn } from "@throughline/schemas/clickhouse/column";
import { unpackColumn } from "@throughline/schemas/clickhouse/packed-column";
import { AppError } from "@throughline/schemas/error";
import type { Frame } from "../log/frame.ts";
import type { TableLayout } from "../log/segment.ts";
import type { BatchBounds } from "./batch-journal.ts";
import type { TableBlock } from "./encode-batch.ts";
import { insertBlock, toBatchToken } from "./insert-batch.ts";

/** What is needed to see whether a table's rows of a batch are all stored. */
export interface StoredBatch {
  log: string;
  bounds: BatchBounds;
  tables: readonly TableLayout[];
  frames: readonly Frame[];
}

const QUERY_SECONDS = 60;

/**
 * Makes sure of a table's rows when an attempt to insert them has ended in doubt. The engine notes a token just before the
 * part that it stands for, so an engine that dies between the two takes a repetition for done. Such rows are removed, with
 * those that views made of them, and inserted under a new token. Only tables that say where a row stands in its log can be
 * compared. Returns whether it had to repair.
 */
export async function repairBlock(client: ClickHouseClient, block: TableBlock, batch: StoredBatch): Promise<boolean> {
  const expected = toExpectedRows(block, batch);
  if (expected === undefined) return false;
  const targets = Object.entries(expected);
  await assertSettled(client, `${toBatchToken(batch.log, batch.bounds)}:${block.table}`);
  const stored = await Promise.all(targets.map(([table]) => countRows(client, table, batch)));
  if (targets.every(([, rows], index) => rows === stored[index])) return false;
  for (const [table] of targets) await removeRows(client, table, batch);
  await insertBlock(client, block, `${batch.log}:repair:${randomUUID()}`);
  return true;
}

/** An earlier attempt may still be under way in the engine: its rows are not missing, only late. */
async function assertSettled(client: ClickHouseClient, token: string): Promise<void> {
  const result = await client.query({
    query:
      "SELECT count() > 0 AS isRunning FROM system.processes WHERE Settings['insert_deduplication_token'] = {token: String}",
    query_params: { token },
    format: "JSONEachRow",
    clickhouse_settings: { max_execution_time: QUERY_SECONDS, log_comment: "verify-batch" },
  });
  const [row] = await result.json<{ isRunning: number }>();
  if (row?.isRunning !== 0)
    throw new AppError("unavailable", "An earlier attempt to insert the batch is still under way.");
}

/** Rows of the batch in the table and in the target of each view on it. */
function toExpectedRows({ table, rows }: TableBlock, batch: StoredBatch): Record<string, number> | undefined {
  if (table === "quarantine") return { quarantine: rows };
  if (table !== "events") return undefined;
  return { events: rows, event_identities: rows, object_events: countObjects(batch) };
}

function countObjects({ tables, frames }: StoredBatch): number {
  const index = tables.findIndex(({ name }) => name === "events");
  const shapes = (tables[index]?.columns ?? []).map(([name, type]) => ({ name, shape: createColumn(type) }));
  let objects = 0;
  for (const frame of frames) {
    if (frame.table !== index) continue;
    const cursor = { bytes: frame.columns, at: 0 };
    for (const { name, shape } of shapes) {
      const column = unpackColumn(cursor, shape);
      if (name !== "object_types" || column.kind !== "array") continue;
      for (let at = 0; at < column.sizes.length; at += 4) objects += column.sizes.readUInt32LE(at);
    }
  }
  return objects;
}

const WHERE = "log = {log: String} AND position BETWEEN {first: UInt64} AND {last: UInt64}";

function toParameters({ log, bounds }: StoredBatch) {
  return { log, first: bounds.firstPosition, last: bounds.lastPosition };
}

async function countRows(client: ClickHouseClient, table: string, batch: StoredBatch): Promise<number> {
  const result = await client.query({
    query: `SELECT toUInt32(count()) AS rows FROM ${table} WHERE ${WHERE}`,
    query_params: toParameters(batch),
    format: "JSONEachRow",
    clickhouse_settings: { max_execution_time: QUERY_SECONDS, log_comment: "verify-batch" },
  });
  return (await result.json<{ rows: number }>())[0]?.rows ?? 0;
}

async function removeRows(client: ClickHouseClient, table: string, batch: StoredBatch): Promise<void> {
  await client.command({
    query: `DELETE FROM ${table} WHERE ${WHERE}`,
    query_params: toParameters(batch),
    clickhouse_settings: { lightweight_deletes_sync: "2", log_comment: "repair-batch" },
  });
}
