import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { readRows } from "../engine/read-rows.ts";

/** All that the curves of a flow depend on besides the stored verdicts, fixed before they are worked out. */
export const forecastPlan = z.object({
  frozenAt: z.number().meta({ description: "Milliseconds since 1970 UTC." }),
  ceiling: z.number().meta({ description: "The last finished step whose verdicts count." }),
  since: z.number(),
  legs: z.record(
    z.string(),
    z.object({
      until: z.number().meta({ description: "Up to when the feeds of the leg's end are complete." }),
      sites: z.record(z.string(), z.number()).meta({ description: "The same for sites with feeds of their own." }),
      places: z
        .record(z.string(), z.number())
        .default({})
        .meta({ description: "The same for suppliers with feeds of their own, per site and supplier." }),
      zone: z.string(),
      calendars: z.array(z.string()),
    }),
  ),
});
export type ForecastPlan = z.infer<typeof forecastPlan>;

/** The curves of one flow on one day, such as 2026-03-10. */
export interface ForecastDay {
  flow: string;
  day: string;
}

export interface ForecastSteps {
  begin: (of: ForecastDay, plan: ForecastPlan) => Promise<void>;
  commit: (of: ForecastDay, plan: ForecastPlan) => Promise<void>;
  /** What was begun on `since` or later, and whether it was finished. */
  list: (since: string) => Promise<(ForecastDay & { plan: ForecastPlan; isDone: boolean })[]>;
}

const stepRow = z.tuple([z.string(), z.string(), z.string(), z.number()]);

/** The daily steps of every flow, kept in the store's `forecast_steps`; the same step recorded twice is recorded once. */
export function createForecastSteps(writer: ClickHouseClient): ForecastSteps {
  const record = async ({ flow, day }: ForecastDay, phase: "begin" | "commit", plan: ForecastPlan) => {
    await writer.insert({
      table: "forecast_steps",
      values: [{ flow, day, phase, body: JSON.stringify(plan), recorded_at: Date.now() }],
      format: "JSONEachRow",
      clickhouse_settings: { insert_deduplication_token: toForecastToken({ flow, day }, phase) },
    });
  };
  return {
    begin: (of, plan) => record(of, "begin", plan),
    commit: (of, plan) => record(of, "commit", plan),
    list: async (since) => {
      const rows = await readRows(writer, stepRow, {
        caller: "forecasts.steps",
        sql: `SELECT flow, toString(day), argMinIf(body, recorded_at, phase = 'begin'), max(phase = 'commit')
          FROM forecast_steps WHERE day >= {since: Date} GROUP BY flow, day LIMIT 100000`,
        values: { since },
      });
      return rows.map(([flow, day, body, isDone]) => ({
        flow,
        day,
        plan: forecastPlan.parse(JSON.parse(body)),
        isDone: isDone === 1,
      }));
    },
  };
}

/** The name of a site and a supplier in `places`; the store joins them in the same way. */
export function toPlaceKey({ site, supplier }: { site: string; supplier: string }): string {
  return `${site}\u001f${supplier}`;
}

export function toForecastToken({ flow, day }: ForecastDay, part: string): string {
  return `forecast:${flow}:${day}:${part}`;
}
