import type { ClickHouseClient } from "@clickhouse/client";
import { type LegRow, toDatedAt } from "../legs/leg-row.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** How long the store keeps minutes. So long every change is counted: one that is left out would never be made good. */
const MINUTES_KEPT_MS = 8 * 86_400_000;

/** Changes to the counts of legs, by the key under which each leg is counted. Changes that cancel out disappear. */
export interface RollupChanges {
  add: (row: LegRow, legs: 1 | -1) => void;
  /** Rows for `leg_rollups`: all legs by verdict and hour. */
  listHours: () => Record<string, string | number>[];
  /** Rows for `leg_minutes`: the legs of the last days that are judged for good, by the minute. */
  listMinutes: () => Record<string, string | number>[];
}

interface HourChange {
  verdict: string;
  hour: number;
  ended: 0 | 1;
  legs: number;
}

/** What has changed of the legs that are alike in all but their verdict and time. */
interface Group {
  columns: Record<string, string>;
  hours: Map<string, HourChange>;
  minutes: Map<number, { good: number; bad: number }>;
}

/** `now` is the step's own clock, which also tells what is too old to be counted by the minute. */
export function createRollupChanges(now: number): RollupChanges {
  const groups = new Map<string, Group>();
  const groupOf = ({ flow, leg, domain, site, criticality, supplier }: LegRow): Group => {
    const key = [flow, leg, domain, site, criticality, supplier].join("\u0000");
    const known = groups.get(key);
    if (known) return known;
    const columns = { flow, leg, domain, site, criticality, supplier };
    const group: Group = { columns, hours: new Map(), minutes: new Map() };
    groups.set(key, group);
    return group;
  };
  return {
    add: (row, legs) => {
      const group = groupOf(row);
      const datedAt = toDatedAt(row);
      addHour(group, row, { datedAt, legs });
      if (toMinute(datedAt) > now - MINUTES_KEPT_MS) addMinute(group, row, { datedAt, legs });
    },
    listHours: () =>
      [...groups.values()].flatMap(({ columns, hours }) =>
        [...hours.values()].filter(({ legs }) => legs !== 0).map((change) => ({ ...columns, ...change })),
      ),
    listMinutes: () =>
      [...groups.values()].flatMap(({ columns, minutes }) =>
        [...minutes]
          .filter(([, { good, bad }]) => good !== 0 || bad !== 0)
          .map(([minute, counts]) => ({ ...columns, minute, ...counts })),
      ),
  };
}

interface Change {
  datedAt: number;
  legs: 1 | -1;
}

function addHour({ hours }: Group, { verdict, endedAt }: LegRow, { datedAt, legs }: Change) {
  const hour = Math.floor(datedAt / HOUR_MS) * (HOUR_MS / 1000);
  const ended = endedAt === undefined ? 0 : 1;
  const key = `${verdict} ${ended} ${hour}`;
  const change = hours.get(key) ?? { verdict, hour, ended, legs: 0 };
  change.legs += legs;
  hours.set(key, change);
}

function toMinute(timeMs: number): number {
  return Math.floor(timeMs / MINUTE_MS) * MINUTE_MS;
}

/** Provisional verdicts are neither good nor bad; what is taken back restores the error budget that it spent. */
function addMinute({ minutes }: Group, { verdict }: LegRow, { datedAt, legs }: Change) {
  if (verdict !== "MET" && verdict !== "BREACHED") return;
  const minute = toMinute(datedAt) / 1000;
  const change = minutes.get(minute) ?? { good: 0, bad: 0 };
  change[verdict === "MET" ? "good" : "bad"] += legs;
  minutes.set(minute, change);
}

/** Stores the changes, each table under a token of its own. */
export async function insertRollups(client: ClickHouseClient, changes: RollupChanges, token: string) {
  await Promise.all([
    insertRows(client, { table: "leg_rollups", values: changes.listHours(), token }),
    insertRows(client, { table: "leg_minutes", values: changes.listMinutes(), token: `${token}-minutes` }),
  ]);
}

async function insertRows(
  client: ClickHouseClient,
  { table, values, token }: { table: string; values: Record<string, string | number>[]; token: string },
) {
  if (values.length === 0) return;
  await client.insert({
    table,
    values,
    format: "JSONEachRow",
    clickhouse_settings: { insert_deduplication_token: token, input_format_parallel_parsing: 0 },
  });
}
