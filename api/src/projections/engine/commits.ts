import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { readRows } from "./read-rows.ts";
import type { Cursor, Cursors } from "./steps.ts";

const MAX_COMMITS = 64;
const SHORT_STEP = 6000;
/** So many short steps behind, the projection reads long ones. */
const BEHIND_STEPS = 4;
const commitRow = z.tuple([z.string(), z.number(), z.number(), z.number(), z.number()]);
type CommitRow = z.infer<typeof commitRow>;
const arrivalRow = z.tuple([z.number()]);

/** How far a step reads: a cursor per log, and whether more waits behind. */
export interface Advance {
  cursors: Record<string, Cursor>;
  hasMore: boolean;
  /**
   * When the first of the events arrived that stay unread, in milliseconds since 1970 UTC: all that arrived before it is
   * read. Undefined when nothing stays unread, 0 when that is not known.
   */
  unreadSince?: number | undefined;
}

/**
 * Follows each log over batches that join without a gap: a batch that became visible before the one in front of it waits
 * for that one. What little waits is taken in short steps, whose results are seen early; what much waits, in steps of up
 * to about `maxEvents`, which cost less in all.
 */
export async function findAdvance(
  client: ClickHouseClient,
  cursors: Readonly<Record<string, Cursor>>,
  maxEvents: number,
): Promise<Advance> {
  const rows = await listCommits(client, cursors);
  const whole = follow(rows, cursors, Infinity);
  const limit = whole.events > SHORT_STEP * BEHIND_STEPS ? maxEvents : Math.min(SHORT_STEP, maxEvents);
  const { cursors: advanced, events } = whole.events <= limit ? whole : follow(rows, cursors, limit);
  const unreadSince = await findUnreadSince(client, rows, advanced);
  return { cursors: advanced, hasMore: events < whole.events, unreadSince };
}

/** Of the logs of which something stays unread, the earliest arrival of that. */
async function findUnreadSince(client: ClickHouseClient, rows: readonly CommitRow[], advanced: Cursors) {
  const arrivals = await Promise.all(
    [...Map.groupBy(rows, ([log]) => log)].map(async ([log, own]) => {
      const next = advanced[log]?.nextPosition ?? 0;
      const first = own.find(([, , position, , events]) => position >= next && events > 0);
      if (first === undefined && own.length < MAX_COMMITS) return undefined;
      // What lies before a gap has arrived and is not seen; then nothing later counts than what was read last.
      const behind = own.find(([, , position]) => position >= next);
      const isGap = first !== undefined && behind !== undefined && behind[2] > Math.max(next, 1);
      return findArrival(client, { log, next, isGap }).then((at) => at ?? (first === undefined ? undefined : 0));
    }),
  );
  const known = arrivals.filter((at) => at !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** When the first event arrived from a position on, or with a gap there, the last one before it. */
async function findArrival(
  client: ClickHouseClient,
  { log, next, isGap }: { log: string; next: number; isGap: boolean },
): Promise<number | undefined> {
  const [row] = await readRows(client, arrivalRow, {
    caller: "projector.unread",
    sql: `SELECT toUnixTimestamp64Milli(arrived_at) FROM events
      WHERE log = {log: String} AND position ${isGap ? "<" : ">="} {next: UInt64}
      ORDER BY position ${isGap ? "DESC" : "ASC"} LIMIT 1`,
    values: { log, next },
  });
  return row?.[0];
}

function follow(rows: readonly CommitRow[], cursors: Readonly<Record<string, Cursor>>, limit: number) {
  const advanced: Record<string, Cursor> = { ...cursors };
  let events = 0;
  for (const [log, batch, first, last, count] of rows) {
    const cursor = advanced[log];
    const isNext = cursor === undefined ? first <= 1 : first === cursor.nextPosition;
    if (!isNext || (events > 0 && events + count > limit)) continue;
    advanced[log] = { batch, nextPosition: last + 1 };
    events += count;
  }
  return { cursors: advanced, events };
}

async function listCommits(client: ClickHouseClient, cursors: Readonly<Record<string, Cursor>>) {
  const logs = Object.keys(cursors);
  return readRows(client, commitRow, {
    caller: "projector.commits",
    sql: `SELECT log, batch, min(first_position), max(last_position), any(events) FROM commits
      WHERE first_position >= transform(log, {logs: Array(String)}, {nexts: Array(UInt64)}, toUInt64(0))
      GROUP BY log, batch ORDER BY log, batch LIMIT ${MAX_COMMITS} BY log LIMIT 10000`,
    values: { logs, nexts: logs.map((log) => cursors[log]?.nextPosition ?? 0) },
  });
}
