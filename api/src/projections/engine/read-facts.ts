import type { ClickHouseClient } from "@clickhouse/client";
import type { Fact } from "../fact.ts";
import { FACT_COLUMNS, SEEN_COLUMNS, type StoredFact, toFact } from "./fact-columns.ts";
import { type Question, readRawRows } from "./read-rows.ts";
import { toSeenHash } from "./seen-keys.ts";
import type { Cursors } from "./steps.ts";

const FACT_COLUMN_COUNT = 22;
const CHUNK = 2000;

/** A fact just read by a step, with the hashes that tell whether its keys were seen before. */
export interface ArrivedFact {
  fact: StoredFact;
  identityHash: number;
  objectHashes: readonly number[];
}

/** The events between two sets of cursors, in the order of their logs; of the given types only, where there are any. */
export async function listArrivals(
  client: ClickHouseClient,
  { from, to, types }: { from: Cursors; to: Cursors; types?: readonly string[] },
): Promise<ArrivedFact[]> {
  const rows = await readMoved(client, { from, to, values: types && { types } }, (between) => ({
    caller: "projector.arrivals",
    sql: `SELECT ${FACT_COLUMNS}, ${SEEN_COLUMNS} FROM events
      WHERE ${between}${types === undefined ? "" : " AND type IN {types: Array(String)}"} ORDER BY position`,
  }));
  return rows.map(toArrived);
}

/** An event of which no more is known than where it is, and by which hash its identity is known. */
export interface PassedEvent {
  log: string;
  position: number;
  identityHash: number;
}

/** The events between two sets of cursors of other types than these. */
export async function listPassed(
  client: ClickHouseClient,
  { from, to, types }: { from: Cursors; to: Cursors; types: readonly string[] },
): Promise<PassedEvent[]> {
  const rows = await readMoved(client, { from, to, values: { types } }, (between) => ({
    caller: "projector.passed",
    sql: `SELECT log, position, ${toSeenHash("identity")} FROM events
      WHERE ${between} AND type NOT IN {types: Array(String)}`,
  }));
  return rows.map(([log, position, hash]) => ({
    log: String(log),
    position: Number(position),
    identityHash: Number(hash),
  }));
}

/** Passed events as a whole. */
export async function listPassedFacts(
  client: ClickHouseClient,
  passed: readonly PassedEvent[],
): Promise<ArrivedFact[]> {
  const perLog = await Promise.all(
    [...Map.groupBy(passed, ({ log }) => log)].flatMap(([log, own]) =>
      toChunks(own).map((chunk) =>
        readRawRows(client, {
          caller: "projector.passed-facts",
          sql: `SELECT ${FACT_COLUMNS}, ${SEEN_COLUMNS} FROM events
            WHERE log = {log: String} AND position IN {positions: Array(UInt64)}`,
          values: { log, positions: chunk.map(({ position }) => position) },
        }),
      ),
    ),
  );
  return perLog.flat().map(toArrived);
}

/** Asks each log that moved; `toQuestion` gets the condition that its rows lie between the cursors. */
async function readMoved(
  client: ClickHouseClient,
  { from, to, values }: { from: Cursors; to: Cursors; values: Record<string, unknown> | undefined },
  toQuestion: (between: string) => Question,
): Promise<unknown[][]> {
  const moved = Object.keys(to).filter((log) => to[log]?.nextPosition !== (from[log]?.nextPosition ?? 0));
  const between = "log = {log: String} AND position >= {from: UInt64} AND position < {to: UInt64}";
  const perLog = await Promise.all(
    moved.map((log) =>
      readRawRows(client, {
        ...toQuestion(between),
        values: { ...values, log, from: from[log]?.nextPosition ?? 0, to: to[log]?.nextPosition ?? 0 },
      }),
    ),
  );
  return perLog.flat();
}

function toArrived(columns: readonly unknown[]): ArrivedFact {
  return {
    fact: toFact(columns),
    identityHash: Number(columns[FACT_COLUMN_COUNT]),
    objectHashes: toNumbers(columns[FACT_COLUMN_COUNT + 1]),
  };
}

/** All events before the cursors that name any of the objects of one type. */
export async function listFactsOfObjects(
  client: ClickHouseClient,
  objects: { type: string; ids: readonly string[]; laterThan?: number | undefined },
  until: Cursors,
): Promise<Fact[]> {
  const chunks = toChunks(objects.ids);
  const facts = await Promise.all(
    chunks.map((ids) =>
      listFactsAtPositions(client, until, {
        caller: "projector.history",
        sql: "SELECT log, position FROM object_events WHERE object_type = {type: String} AND object_id IN {ids: Array(String)} AND time > fromUnixTimestamp64Milli({laterThan: Int64})",
        values: { type: objects.type, ids, laterThan: objects.laterThan ?? -1 },
      }),
    ),
  );
  return facts.flat();
}

/** All events before the cursors that state any of the identities. */
export async function listFactsOfIdentities(
  client: ClickHouseClient,
  identities: readonly { source: string; id: string }[],
  until: Cursors,
): Promise<Fact[]> {
  const facts = await Promise.all(
    toChunks(identities).map((chunk) =>
      listFactsAtPositions(client, until, {
        caller: "projector.identities",
        sql: `SELECT log, position FROM event_identities WHERE identity IN (
          SELECT sipHash64(source, id) FROM (SELECT 1) ARRAY JOIN {sources: Array(String)} AS source, {ids: Array(String)} AS id)`,
        values: { sources: chunk.map(({ source }) => source), ids: chunk.map(({ id }) => id) },
      }),
    ),
  );
  return facts.flat();
}

/** The events before the cursors at the positions that a question answers with. */
export async function listFactsAtPositions(
  client: ClickHouseClient,
  until: Cursors,
  positions: Required<Question>,
): Promise<Fact[]> {
  const logs = Object.keys(until);
  const rows = await readRawRows(client, {
    caller: positions.caller,
    sql: `SELECT ${FACT_COLUMNS} FROM events WHERE (log, position) IN (${positions.sql})
      AND position < transform(log, {logs: Array(String)}, {ends: Array(UInt64)}, toUInt64(0))`,
    values: { ...positions.values, logs, ends: logs.map((log) => until[log]?.nextPosition ?? 0) },
  });
  return rows.map(toFact);
}

function toChunks<Item>(items: readonly Item[]): Item[][] {
  return Array.from({ length: Math.ceil(items.length / CHUNK) }, (_, index) =>
    items.slice(index * CHUNK, (index + 1) * CHUNK),
  );
}

function toNumbers(value: unknown): number[] {
  return Array.isArray(value) ? value.map(Number) : [];
}
