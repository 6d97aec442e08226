import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { toStoreTime, whereGiven } from "./conditions.ts";

const MAX_LOGS = 100;

const unreadRow = z.object({
  log: z.string(),
  next: z.string(),
  first: z.string(),
  last: z.string(),
  read_until: z.int(),
});
type UnreadRow = z.infer<typeof unreadRow>;

const arrivalRow = z.object({ arrived_at: instant.nullable() });

/**
 * The arrival up to which evaluation of the legs has read everything, in milliseconds since 1970 UTC: no watermark passes it.
 * Undefined where nothing waits to be read. As of a moment (`isThen`): of what was stored and evaluated by then. Read without a
 * scope, since it tells of no site.
 */
export async function findReadUntil(
  reader: StoreReader,
  { signal }: Asker,
  { now, isThen }: { now: number; isThen: boolean },
): Promise<number | undefined> {
  const asker = { scope: EVERYTHING, ...(signal && { signal }) };
  const unread = await listUnread(reader, asker, isThen ? toStoreTime(now) : undefined);
  const arrivals = await Promise.all(unread.map((row) => findArrival(reader, asker, row)));
  const known = arrivals.filter((at) => at !== undefined);
  if (known.length === 0) return undefined;
  const readUntil = Math.min(...unread.map((row) => row.read_until));
  return Math.min(now, Math.max(readUntil, Math.min(...known) - 1));
}

/** Of each log the first batch with events that no shard has finished, or that one has not. */
function listUnread(reader: StoreReader, asker: Asker, until: string | undefined): Promise<UnreadRow[]> {
  const evaluated = whereGiven({ until: "now <= {until: DateTime64(3, 'UTC')}" }, { until });
  const stored = whereGiven({ until: "committed_at <= {until: DateTime64(3, 'UTC')}" }, { until });
  return reader.ask(asker, {
    caller: "find-read-until",
    sql: `WITH (
        SELECT (minOrNull(JSONExtractUInt(body, 'readUntil')),
          groupArray(JSONExtract(body, 'cursors', 'Map(String, Tuple(batch UInt64, nextPosition UInt64))')))
        FROM projection_steps
        WHERE projector = 'legs' AND phase = 'commit' AND (shard, batch) IN (
          SELECT shard, max(batch) FROM projection_steps
          WHERE projector = 'legs' AND phase = 'commit' AND ${evaluated.sql} GROUP BY shard
        )
      ) AS done
      SELECT log, toString(max(next_position)) AS next, toString(min(first_position)) AS first,
        toString(argMin(last_position, first_position)) AS last, toInt64(ifNull(done.1, 0)) AS read_until
      FROM (
        SELECT log, first_position, last_position,
          greatest(toUInt64(1), arrayMin(arrayMap(cursors -> cursors[log].2, done.2))) AS next_position
        FROM commits WHERE events > 0 AND ${stored.sql}
      )
      WHERE last_position >= next_position
      GROUP BY log LIMIT ${MAX_LOGS}`,
    values: stored.values,
    row: unreadRow,
  });
}

/** When the first unread event of a log arrived; behind a gap only what was read last is known to have. */
async function findArrival(
  reader: StoreReader,
  asker: Asker,
  { log, next, first, last }: UnreadRow,
): Promise<number | undefined> {
  const isGap = BigInt(first) > BigInt(next);
  const [row] = await reader.ask(asker, {
    caller: "find-unread-arrival",
    sql: `SELECT ${isGap ? "max" : "min"}OrNull(arrived_at) AS arrived_at FROM (
        SELECT arrived_at FROM events WHERE log = {log: String}
          AND ${isGap ? "position < {next: UInt64}" : "position >= {first: UInt64} AND position <= {last: UInt64}"}
        ORDER BY position ${isGap ? "DESC" : "ASC"} LIMIT 1)`,
    values: { log, next, first, last },
    row: arrivalRow,
  });
  return row?.arrived_at ? Date.parse(row.arrived_at) : undefined;
}
