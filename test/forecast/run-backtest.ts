import { createWorkingTimes } from "@throughline/schemas/calendar/working-time";
import type { Pack } from "@throughline/schemas/pack/flow";
import { DAY } from "../simulator/demand.ts";
import { judgeTrade } from "../simulator/judge-trade.ts";
import { type Said, backtest } from "./backtest.ts";

/** How long the trade runs, in days: learning, then asking day by day, then waiting for what was asked about. */
export interface BacktestPlan {
  seeds: readonly number[];
  learnDays: number;
  askDays: number;
  waitDays: number;
  hospitals: number;
  items: number;
}

/** What the published figures are made of. Other seeds served to choose the method's weights. */
export const PUBLISHED: BacktestPlan = {
  seeds: [5, 6, 7],
  learnDays: 90,
  askDays: 14,
  waitDays: 34,
  hospitals: 2,
  items: 110,
};

const FROM = Date.parse("2026-03-02T00:00:00Z");

/** Plays simulated trades, learns from their first days and asks about the legs of the days that follow. */
export function runBacktest(pack: Pack, plan: BacktestPlan): { said: Said[]; silent: number } {
  const workingTimes = createWorkingTimes(pack.calendars);
  const [calendar] = pack.calendars.values();
  const from = FROM + plan.learnDays * DAY;
  const to = from + plan.askDays * DAY;
  const end = to + plan.waitDays * DAY;
  const results = plan.seeds.map((seed) => {
    const { legs } = judgeTrade(
      { seed, from: FROM, to: end, hospitals: plan.hospitals, suppliers: 6, items: plan.items },
      pack,
    );
    return backtest({ legs, from, to, end, windowDays: 90, zone: calendar?.zone ?? "UTC", workingTimes });
  });
  return {
    said: results.flatMap(({ said }) => said),
    silent: results.reduce((sum, { silent }) => sum + silent, 0),
  };
}
