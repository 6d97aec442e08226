import { TupleParam } from "@clickhouse/client";
import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { toChunks } from "./chunks.ts";
import type { ObjectKey } from "./list-events-of-objects.ts";

const PER_TYPE = 20;
const CONTAINS_TIMEOUT_SECONDS = 3;

const objectRow = z.object({ object_type: z.string(), object_id: z.string() });
const STARTS =
  "(startsWith(object_id, {key: String}) OR startsWith(object_id, {upper: String}) OR startsWith(object_id, {lower: String}))";

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
  if (types.length === 0) return [];
  const parts = types.map(
    (_, index) => `SELECT * FROM (SELECT DISTINCT object_type, object_id FROM object_events
      WHERE object_type = {type${index}: String} AND ${STARTS} LIMIT ${PER_TYPE})`,
  );
  const rows = await reader.ask(asker, {
    caller: "list-objects-by-prefix",
    sql: `SELECT * FROM (${parts.join(" UNION ALL ")}) LIMIT {limit: UInt32}`,
    values: {
      key,
      upper: key.toUpperCase(),
      lower: key.toLowerCase(),
      limit,
      ...Object.fromEntries(types.map((type, index) => [`type${index}`, type])),
    },
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
