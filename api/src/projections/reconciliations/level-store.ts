import type { ClickHouseClient } from "@clickhouse/client";
import { toTimestamp } from "@throughline/schemas/rows/leg-verdicts";
import { z } from "zod";
import { FACT_COLUMNS, toFact } from "../engine/fact-columns.ts";
import { readRawRows, readRows } from "../engine/read-rows.ts";
import type { Cursors, Step } from "../engine/steps.ts";
import type { Fact } from "../fact.ts";
import { KEY_SEPARATOR } from "./entry-key.ts";
import type { ReconciliationModel } from "./model.ts";

const CHUNK = 2000;

/** A count that stands, or has stood. `at` in milliseconds since 1970 UTC. */
export interface Level {
  subject: string;
  key: string;
  unit: string;
  at: number;
  id: string;
  site: string;
}

/** When each key was counted last, by unit; keys that never were are left out. */
export async function listLastLevels(
  client: ClickHouseClient,
  query: { reconciliation: string; keys: readonly string[]; before: number },
): Promise<Map<string, Map<string, number>>> {
  const found = new Map<string, Map<string, number>>();
  for (let start = 0; start < query.keys.length; start += CHUNK) {
    const rows = await readRows(client, z.tuple([z.string(), z.string(), z.number()]), {
      caller: "reconciliations.last-levels",
      sql: `SELECT key, unit, toUnixTimestamp64Milli(max(at)) FROM reconciliation_levels
        WHERE reconciliation = {reconciliation: String} AND key IN {keys: Array(String)} AND batch < {before: UInt64} GROUP BY key, unit`,
      values: { ...query, keys: query.keys.slice(start, start + CHUNK) },
    });
    for (const [key, unit, at] of rows) found.set(key, (found.get(key) ?? new Map<string, number>()).set(unit, at));
  }
  return found;
}

/** The last count of a key before a moment, by unit, and those from it on. */
export interface LevelsAround {
  before: Map<string, number>;
  later: { at: number; id: string; unit: string }[];
}

/** By key, what is known of its counts around a moment of its own. */
export async function listLevelsAround(
  client: ClickHouseClient,
  query: { reconciliation: string; moments: ReadonlyMap<string, number>; before: number },
): Promise<Map<string, LevelsAround>> {
  const found = new Map<string, LevelsAround>();
  const all = [...query.moments];
  for (let start = 0; start < all.length; start += CHUNK) {
    const chunk = all.slice(start, start + CHUNK);
    const row = z.tuple([z.string(), z.string(), z.number(), z.number(), z.array(z.tuple([z.number(), z.string()]))]);
    const rows = await readRows(client, row, {
      caller: "reconciliations.levels",
      sql: `SELECT key, unit, countIf(ms < since), maxIf(ms, ms < since), groupUniqArrayIf((ms, id), ms >= since) FROM (
          SELECT key, unit, id, toUnixTimestamp64Milli(at) AS ms,
            transform(key, {keys: Array(String)}, {moments: Array(Int64)}, toInt64(0)) AS since
          FROM reconciliation_levels
          WHERE reconciliation = {reconciliation: String} AND key IN {keys: Array(String)} AND batch < {before: UInt64})
        GROUP BY key, unit`,
      values: {
        reconciliation: query.reconciliation,
        before: query.before,
        keys: chunk.map(([key]) => key),
        moments: chunk.map(([, moment]) => moment),
      },
    });
    for (const [key, unit, count, before, later] of rows) {
      const known = found.get(key) ?? { before: new Map<string, number>(), later: [] };
      found.set(key, known);
      if (count > 0) known.before.set(unit, before);
      known.later.push(...later.map(([at, id]) => ({ at, id, unit })));
    }
  }
  return found;
}

/** A count as a reconciliation has it. */
export interface StoredLevel extends Level {
  reconciliation: string;
  domain: string;
}

export async function insertLevels(
  client: ClickHouseClient,
  { batch }: Step,
  { levels, token }: { levels: readonly StoredLevel[]; token: string },
) {
  if (levels.length === 0) return;
  await client.insert({
    table: "reconciliation_levels",
    values: levels.map(({ reconciliation, key, unit, at, id, site, domain }) => ({
      reconciliation,
      key,
      unit,
      at: toTimestamp(at),
      id,
      batch,
      site,
      domain,
    })),
    format: "JSONEachRow",
    clickhouse_settings: { insert_deduplication_token: token, input_format_parallel_parsing: 0 },
  });
}

/**
 * The events of objects from a moment of each on, with those that name one of the other objects that its keys are made of, or none
 * of their type.
 */
export async function listLevelFacts(
  client: ClickHouseClient,
  { model, sinces, keys }: { model: ReconciliationModel; sinces: ReadonlyMap<string, number>; keys: readonly string[] },
  until: Cursors,
): Promise<Fact[]> {
  const logs = Object.keys(until);
  const place = model.rule.key.findIndex((part, index) => index > 0 && part.startsWith("object."));
  const part = model.rule.key[place];
  const named =
    part === undefined
      ? "1"
      : "(hasAny(object_ids, {others: Array(String)}) OR NOT has(object_types, {other: String}))";
  const rows = await readRawRows(client, {
    caller: "reconciliations.level-facts",
    sql: `SELECT ${FACT_COLUMNS} FROM events WHERE (log, position) IN (
        SELECT log, position FROM object_events
        WHERE object_type = {type: String} AND object_id IN {ids: Array(String)} AND time >= fromUnixTimestamp64Milli({first: Int64})
          AND toUnixTimestamp64Milli(time) >= transform(object_id, {ids: Array(String)}, {sinces: Array(Int64)}, toInt64(0)))
      AND type IN {types: Array(String)} AND ${named}
      AND position < transform(log, {logs: Array(String)}, {ends: Array(UInt64)}, toUInt64(0))`,
    values: {
      type: model.subjectType,
      ids: [...sinces.keys()],
      sinces: [...sinces.values()],
      first: Math.min(...sinces.values()),
      types: [...model.types],
      other: part?.slice("object.".length) ?? "",
      others: [...new Set(keys.map((key) => key.split(KEY_SEPARATOR)[place] ?? ""))],
      logs,
      ends: logs.map((log) => until[log]?.nextPosition ?? 0),
    },
  });
  return rows.map(toFact);
}
