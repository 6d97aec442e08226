import { TupleParam } from "@clickhouse/client";
import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { toChunks } from "./chunks.ts";
import type { ObjectKey } from "./list-events-of-objects.ts";

const PER_TYPE = 20;

/** As many rows as the store looks through faster than it plans a question for each type. */
const MAX_ROWS_AT_ONCE = 500_000;
const CONTAINS_TIMEOUT_SECONDS = 3;

const objectRow = z.object({ object_type: z.string(), object_id: z.string() });
const estimateRow = z.object({ rows: z.int() });

interface SearchQuestion {
  key: string;
  limit: number;
}

/** The objects of any type whose id is the key, as written or in all capitals or small letters. */
export async function listObjectsByKey(
  reader: StoreReader,
  asker: Asker,
  { key, limit }: SearchQuestion,
): Promise<ObjectKey[]> {
  const rows = await reader.ask(asker, {
    caller: "list-objects-by-key",
    sql: "SELECT DISTINCT object_type, object_id FROM object_events WHERE object_id IN {keys: Array(String)} LIMIT {limit: UInt32}",
    values: { keys: listSpellings(key), limit },
    row: objectRow,
  });
  return rows.map(toObject);
}

/** The objects whose id begins with the key; up to 20 of each type, so that no type crowds out the others. */
export async function listObjectsByPrefix(
  reader: StoreReader,
  asker: Asker,
  { key, limit, types }: SearchQuestion & { types: readonly string[] },
): Promise<ObjectKey[]> {
  const spellings = listSpellings(key);
  const starts = spellings.map((_, index) => `startsWith(object_id, {spelling${index}: String})`).join(" OR ");
  const question = {
    starts,
    values: { limit, ...Object.fromEntries(spellings.map((spelling, index) => [`spelling${index}`, spelling])) },
  };
  return (await estimateRows(reader, asker, question)) <= MAX_ROWS_AT_ONCE
    ? listAllStarting(reader, asker, question)
    : listFirstStarting(reader, asker, { ...question, types });
}

interface PrefixQuestion {
  /** The condition of an id that begins with the key. */
  starts: string;
  values: Record<string, unknown>;
}

/** How many rows the store would have to look through. */
async function estimateRows(reader: StoreReader, asker: Asker, { starts, values }: PrefixQuestion): Promise<number> {
  const parts = await reader.ask(asker, {
    caller: "estimate-objects-by-prefix",
    sql: `EXPLAIN ESTIMATE SELECT object_type, object_id FROM object_events WHERE ${starts}`,
    values,
    row: estimateRow,
  });
  return parts.reduce((sum, { rows }) => sum + rows, 0);
}

async function listAllStarting(reader: StoreReader, asker: Asker, { starts, values }: PrefixQuestion) {
  const rows = await reader.ask(asker, {
    caller: "list-objects-by-prefix",
    sql: `SELECT object_type, object_id FROM object_events WHERE ${starts}
      GROUP BY object_type, object_id ORDER BY object_type, object_id
      LIMIT ${PER_TYPE} BY object_type LIMIT {limit: UInt32}`,
    values,
    row: objectRow,
  });
  return rows.map(toObject);
}

/** Of so many, the first that the store comes upon, type by type. */
async function listFirstStarting(
  reader: StoreReader,
  asker: Asker,
  { starts, values, types }: PrefixQuestion & { types: readonly string[] },
) {
  if (types.length === 0) return [];
  const parts = types.map(
    (_, index) => `SELECT * FROM (SELECT DISTINCT object_type, object_id FROM object_events
      WHERE object_type = {type${index}: String} AND (${starts}) LIMIT ${PER_TYPE})`,
  );
  const rows = await reader.ask(asker, {
    caller: "list-first-objects-by-prefix",
    sql: `SELECT * FROM (${parts.join(" UNION ALL ")}) LIMIT {limit: UInt32}`,
    values: { ...values, ...Object.fromEntries(types.map((type, index) => [`type${index}`, type])) },
    row: objectRow,
  });
  return rows.map(toObject);
}

/** Objects whose id contains the key in any case, the first that are found within three seconds; else `timeout`. */
export async function listObjectsContaining(
  reader: StoreReader,
  asker: Asker,
  { key, limit }: SearchQuestion,
): Promise<ObjectKey[]> {
  const rows = await reader.ask(asker, {
    caller: "list-objects-containing",
    sql: `SELECT DISTINCT object_type, object_id FROM object_events
      WHERE positionCaseInsensitive(object_id, {key: String}) > 0 LIMIT {limit: UInt32}`,
    values: { key, limit },
    row: objectRow,
    timeoutSeconds: CONTAINS_TIMEOUT_SECONDS,
  });
  return rows.map(toObject);
}

const activityRow = z.object({
  object_type: z.string(),
  object_id: z.string(),
  events: z.int(),
  first_at: instant,
  last_at: instant,
});
export type ObjectActivity = z.infer<typeof activityRow>;

/** How many events concern each of the objects, and when */
export async function countEventsOfObjects(
  reader: StoreReader,
  asker: Asker,
  objects: readonly ObjectKey[],
): Promise<ObjectActivity[]> {
  const answers = await Promise.all(
    toChunks(objects, ({ type, id }) => type.length + id.length).map((chunk) =>
      reader.ask(asker, {
        caller: "count-events-of-objects",
        sql: `SELECT object_type, object_id, count() AS events, min(time) AS first_at, max(time) AS last_at
          FROM object_events
          WHERE (object_type, object_id) IN {objects: Array(Tuple(String, String))}
          GROUP BY object_type, object_id
          LIMIT 10000`,
        values: { objects: chunk.map(({ type, id }) => new TupleParam([type, id])) },
        row: activityRow,
      }),
    ),
  );
  return answers.flat();
}

function listSpellings(key: string): string[] {
  return [...new Set([key, key.toUpperCase(), key.toLowerCase()])];
}

function toObject(row: z.infer<typeof objectRow>): ObjectKey {
  return { type: row.object_type, id: row.object_id };
}
