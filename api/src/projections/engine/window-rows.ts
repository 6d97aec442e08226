import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { readRows } from "./read-rows.ts";
import type { Step } from "./steps.ts";

const MAX_WINDOWS = 20_000;

/** A version of a window, and the legs that it is for: an empty name stands for any. Times in milliseconds since 1970 UTC. */
export const windowVersionSchema = z.object({
  id: z.string(),
  version: z.number(),
  kind: z.enum(["excuse", "pause"]),
  from: z.number(),
  until: z.number().nullable(),
  flow: z.string(),
  leg: z.string(),
  site: z.string(),
  supplier: z.string(),
  source: z.string(),
});
export type WindowVersion = z.infer<typeof windowVersionSchema>;

/** A version that is taken up, or, when it is not in force, one that is gone by no longer. */
export const windowChangeSchema = windowVersionSchema.extend({ isInForce: z.boolean() });
export type WindowChange = z.infer<typeof windowChangeSchema>;

const COLUMNS =
  "id, version, kind, toUnixTimestamp64Milli(from_at), toUnixTimestamp64Milli(until_at), flow, leg, site, supplier, source";

const windowRow = z
  .tuple([
    z.string(),
    z.number(),
    z.enum(["excuse", "pause"]),
    z.number(),
    z.number().nullable(),
    z.string(),
    z.string(),
    z.string(),
    z.string(),
    z.string(),
  ])
  .transform(([id, version, kind, from, until, flow, leg, site, supplier, source]): WindowVersion => ({
    id,
    version,
    kind,
    from,
    until,
    flow,
    leg,
    site,
    supplier,
    source,
  }));

export async function countWindowRows(client: ClickHouseClient): Promise<number> {
  const [row] = await readRows(client, z.tuple([z.number()]), {
    caller: "projector.window-rows",
    sql: "SELECT count() FROM excuse_windows",
  });
  return row?.[0] ?? 0;
}

/** The windows that are in force: the newest version of each that was approved and not withdrawn. */
export function listStoredWindows(client: ClickHouseClient): Promise<WindowVersion[]> {
  return readRows(client, windowRow, {
    caller: "projector.windows",
    sql: `SELECT ${COLUMNS} FROM (SELECT * FROM excuse_windows ORDER BY id, version DESC LIMIT 1 BY id)
      WHERE state IN ('approved', 'ended') ORDER BY id LIMIT ${MAX_WINDOWS}`,
  });
}

/** The versions that a shard went by before a step. */
export function listTakenUpWindows(
  client: ClickHouseClient,
  values: { shard: number; before: number },
): Promise<WindowVersion[]> {
  return readRows(client, windowRow, {
    caller: "projector.windows-taken-up",
    sql: `SELECT ${COLUMNS} FROM excuse_windows WHERE (id, version) IN (
        SELECT id, argMax(version, batch) FROM excuse_uses WHERE shard = {shard: UInt16} AND batch < {before: UInt64}
        GROUP BY id HAVING argMax(in_force, batch) = 1)
      ORDER BY id LIMIT ${MAX_WINDOWS}`,
    values,
  });
}

/** Stores which versions a step took up or let go. */
export async function insertWindowUses(
  client: ClickHouseClient,
  step: Step,
  { changes, shard, token }: { changes: readonly WindowChange[]; shard: number; token: string },
) {
  if (changes.length === 0) return;
  await client.insert({
    table: "excuse_uses",
    values: changes.map(({ id, version, isInForce }) => ({
      shard,
      id,
      version,
      batch: step.batch,
      in_force: isInForce ? 1 : 0,
    })),
    format: "JSONEachRow",
    clickhouse_settings: { insert_deduplication_token: token },
  });
}
