import type { WorkingTime } from "@throughline/schemas/calendar/working-time";
import { listGroups, toKindKey, toLikenessKey } from "../../api/src/forecasts/cohort.ts";
import { type CountedLeg, countCohorts, toShare } from "../../api/src/forecasts/count-cohorts.fixture.ts";
import { fitForecasts } from "../../api/src/forecasts/fit-forecasts.ts";
import { readChance } from "../../api/src/forecasts/read-chance.ts";
import { createStartHours } from "../../api/src/forecasts/start-hours.ts";
import type { LegRow } from "../../api/src/projections/legs/leg-row.ts";
import { DAY } from "../simulator/demand.ts";

/** What was said of an open leg, and what became of it. */
export interface Said {
  leg: string;
  level: string;
  n: number;
  /** The chance that it was given to miss its deadline. */
  late: number;
  isLate: boolean;
}

export interface BacktestOptions {
  legs: readonly LegRow[];
  /** The first day on which something is said, and the end of the days on which it is. */
  from: number;
  to: number;
  /** Up to when the trade is known; legs due later are not asked about, however early they ended. */
  end: number;
  windowDays: number;
  zone: string;
  workingTimes: ReadonlyMap<string, WorkingTime>;
}

/** The shares of its budget at which each leg that is still open is asked about. */
const ASKED_AT = [0.02, 0.25, 0.5, 0.75, 0.9];

/**
 * Freezes the curves of every day from what was known at its start, and asks them about the legs that are open on that day.
 * `silent` counts the questions without an answer.
 */
export function backtest(options: BacktestOptions): { said: Said[]; silent: number } {
  const said: Said[] = [];
  let silent = 0;
  const decided = options.legs.filter(
    ({ verdict, dueAt }) => (verdict === "MET" || verdict === "BREACHED") && (dueAt ?? 0) < options.end,
  );
  for (let day = options.from; day < options.to; day += DAY) {
    const answer = freeze(options, day);
    for (const leg of decided)
      for (const share of listAskedShares(leg, day, options)) {
        const chance = answer(leg, share);
        if (chance === undefined) silent += 1;
        else
          said.push({
            leg: `${leg.flow}/${leg.leg}`,
            level: chance.level,
            n: chance.n,
            late: 1 - chance.chance,
            isLate: leg.verdict === "BREACHED",
          });
      }
  }
  return { said, silent };
}

function freeze(options: BacktestOptions, day: number) {
  const { zone, workingTimes } = options;
  const since = day - options.windowDays * DAY;
  const known = options.legs.flatMap((leg) => (isWithin(leg.startedAt, since, day) ? [toKnown(leg, day)] : []));
  const cohorts = countCohorts(known, { until: day, zone, workingTimes });
  const curves = Map.groupBy(fitForecasts(cohorts), toKindKey);
  const byGroup = new Map(
    [...curves].map(([kind, own]) => [kind, new Map(own.map((curve) => [toLikenessKey(curve), curve]))]),
  );
  const toHours = createStartHours(zone);
  return (leg: LegRow, share: number) => {
    const likeness = { site: leg.site, supplier: leg.supplier, hours: toHours(leg.startedAt ?? 0) };
    const own = byGroup.get(toKindKey(leg));
    return readChance(
      listGroups(likeness).flatMap((group) => own?.get(toLikenessKey(group)) ?? []),
      share,
    );
  };
}

/** What was known of a leg at a time, had everything arrived as it happened. */
function toKnown(leg: LegRow, at: number): CountedLeg {
  const isDecided = leg.verdict === "MET" || leg.verdict === "BREACHED";
  if (!isDecided && leg.verdict !== "OPEN" && leg.verdict !== "AT_RISK") return leg;
  if (leg.endedAt !== undefined && leg.endedAt <= at) return leg;
  const isOverdue = leg.dueAt !== undefined && leg.dueAt < at;
  return { ...leg, endedAt: undefined, verdict: isOverdue ? "BREACHED" : "OPEN" };
}

function listAskedShares(leg: LegRow, day: number, { workingTimes }: BacktestOptions): number[] {
  const { startedAt, dueAt = 0, endedAt = Infinity } = leg;
  if (startedAt === undefined || leg.budgetMs <= 0 || dueAt < day || startedAt >= day + DAY) return [];
  const working = workingTimes.get(leg.calendar);
  return ASKED_AT.filter((share) => {
    const passedMs = Math.round(share * leg.budgetMs) + leg.excusedMs;
    const at = working?.add(startedAt, passedMs) ?? startedAt + passedMs;
    return isWithin(at, day, day + DAY) && at < endedAt && toShare(leg, at, workingTimes) < 1;
  });
}

function isWithin(time: number | undefined, from: number, until: number): boolean {
  return time !== undefined && time >= from && time < until;
}
