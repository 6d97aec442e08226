import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { toStoreTime } from "./conditions.ts";

/** Older curves are not asked any more. */
const MAX_AGE_DAYS = 7;
const DAY_MS = 86_400_000;

const dayRow = z.object({ flow: z.string(), frozen_on: z.iso.date(), body: z.string() });
const plan = z.object({ legs: z.record(z.string(), z.object({ zone: z.string() })) });

/** The day whose curves hold for a flow, and the zone by which the hours of each leg are told. */
export interface ForecastDay {
  day: string;
  zones: ReadonlyMap<string, string>;
}

/** The newest curves of each flow that were stored at a time in milliseconds, none of them older than a week. */
export async function findForecastDays(
  reader: StoreReader,
  { signal }: Asker,
  { flows, at }: { flows: readonly string[]; at: number },
): Promise<Map<string, ForecastDay>> {
  if (flows.length === 0) return new Map();
  const asker = { scope: EVERYTHING, ...(signal && { signal }) };
  const rows = await reader.ask(asker, {
    caller: "find-forecast-days",
    sql: `SELECT flow, toString(day) AS frozen_on, body FROM forecast_steps
      WHERE flow IN {flows: Array(String)} AND phase = 'commit' AND day >= {oldest: Date}
        AND recorded_at <= {at: DateTime64(3, 'UTC')}
      ORDER BY flow, day DESC, recorded_at LIMIT 1 BY flow LIMIT 1000`,
    values: { flows, at: toStoreTime(at), oldest: toStoreTime(at - MAX_AGE_DAYS * DAY_MS).slice(0, 10) },
    row: dayRow,
  });
  return new Map(rows.map((row) => [row.flow, { day: row.frozen_on, zones: readZones(row.body) }]));
}

function readZones(body: string): Map<string, string> {
  const legs = Object.entries(plan.parse(JSON.parse(body)).legs);
  return new Map(legs.map(([leg, { zone }]) => [leg, zone]));
}
