import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { readRows } from "./read-rows.ts";
import type { Cursor } from "./steps.ts";

const MAX_COMMITS = 64;
const SHORT_STEP = 6000;
/** So many short steps behind, the projection reads long ones. */
const BEHIND_STEPS = 4;
const commitRow = z.tuple([z.string(), z.number(), z.number(), z.number(), z.number()]);
type CommitRow = z.infer<typeof commitRow>;

/** How far a step reads: a cursor per log, and whether more waits behind. */
export interface Advance {
  cursors: Record<string, Cursor>;
  hasMore: boolean;
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
  if (whole.events <= limit) return { cursors: whole.cursors, hasMore: false };
  const { cursors: advanced, events } = follow(rows, cursors, limit);
  return { cursors: advanced, hasMore: events < whole.events };
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
