import type { ClickHouseClient } from "@clickhouse/client";
import { type LegRow, toDatedAt } from "../legs/leg-row.ts";

const HOUR_MS = 3_600_000;

/** Changes to the counts of legs, by the key under which each leg is counted. Changes that cancel out disappear. */
export interface RollupChanges {
  add: (row: LegRow, legs: 1 | -1) => void;
  list: () => Record<string, string | number>[];
}

export function createRollupChanges(): RollupChanges {
  const changes = new Map<string, { row: LegRow; hourMs: number; legs: number }>();
  return {
    add: (row, legs) => {
      const hourMs = Math.floor(toDatedAt(row) / HOUR_MS) * HOUR_MS;
      const { flow, leg, domain, site, criticality, supplier, verdict } = row;
      const key = [flow, leg, domain, site, criticality, supplier, verdict, hourMs, toEnded(row)].join("\u0000");
      const change = changes.get(key) ?? { row, hourMs, legs: 0 };
      change.legs += legs;
      changes.set(key, change);
    },
    list: () =>
      [...changes.values()]
        .filter(({ legs }) => legs !== 0)
        .map(({ row, hourMs, legs }) => ({
          flow: row.flow,
          leg: row.leg,
          domain: row.domain,
          site: row.site,
          criticality: row.criticality,
          supplier: row.supplier,
          verdict: row.verdict,
          hour: hourMs / 1000,
          ended: toEnded(row),
          legs,
        })),
  };
}

function toEnded(row: LegRow): 0 | 1 {
  return row.endedAt === undefined ? 0 : 1;
}

export async function insertRollups(client: ClickHouseClient, changes: RollupChanges, token: string) {
  const values = changes.list();
  if (values.length === 0) return;
  await client.insert({
    table: "leg_rollups",
    values,
    format: "JSONEachRow",
    clickhouse_settings: { insert_deduplication_token: token, input_format_parallel_parsing: 0 },
  });
}
