import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { LEGS } from "../engine/leg-plan.ts";
import { readRows } from "../engine/read-rows.ts";
import { cursorsSchema } from "../engine/steps.ts";
import { RECONCILER } from "./plan.ts";

/** A verdict that is later than this is waited for. */
const BEHIND_MS = 500;
/** A match that is later than this is waited for as well. */
const AT_MOST_MS = 10 * 60_000;

const bodyRow = z.tuple([z.string()]);
const stepBody = z.object({ cursors: cursorsSchema });
const sinceRow = z.tuple([z.number().nullable()]);

/**
 * Whether the reconciler should wait, because the legs are behind and people wait for their verdicts, and both share the store and
 * the processor. When it is ten minutes behind itself it goes on all the same. `now` in milliseconds since 1970 UTC.
 */
export async function mustGiveWay(client: ClickHouseClient, now: number): Promise<boolean> {
  const legsLate = await findLateness(client, LEGS, now);
  return legsLate > BEHIND_MS && (await findLateness(client, RECONCILER, now)) < AT_MOST_MS;
}

/** How long the oldest batch has been in the store that a projection has not finished; 0 when there is none, or no step of it yet. */
async function findLateness(client: ClickHouseClient, projector: string, now: number): Promise<number> {
  const [last] = await readRows(client, bodyRow, {
    caller: "reconciler.last-step",
    sql: `SELECT body FROM projection_steps WHERE projector = {projector: String} AND shard = 0 AND phase = 'commit'
      ORDER BY batch DESC LIMIT 1`,
    values: { projector },
  });
  if (last === undefined) return 0;
  const { cursors } = stepBody.parse(JSON.parse(last[0]));
  const logs = Object.keys(cursors);
  const [waiting] = await readRows(client, sinceRow, {
    caller: "reconciler.waiting",
    sql: `SELECT minOrNull(toUnixTimestamp64Milli(committed_at)) FROM commits
      WHERE first_position >= transform(log, {logs: Array(String)}, {nexts: Array(UInt64)}, toUInt64(0)) AND events > 0`,
    values: { logs, nexts: logs.map((log) => cursors[log]?.nextPosition ?? 0) },
  });
  const since = waiting?.[0] ?? now;
  return Math.max(0, now - since);
}
