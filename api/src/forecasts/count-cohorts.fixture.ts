import type { WorkingTime } from "@throughline/schemas/calendar/working-time";
import { toPlaceKey } from "../projections/forecasts/forecast-steps.ts";
import type { LegRow } from "../projections/legs/leg-row.ts";
import { type Cohort, type Likeness, toKindKey, toLikenessKey } from "./cohort.ts";
import { CELLS, findCell } from "./share-grid.ts";
import { createStartHours } from "./start-hours.ts";

export type CountedLeg = Pick<
  LegRow,
  | "flow"
  | "leg"
  | "domain"
  | "calendar"
  | "criticality"
  | "site"
  | "supplier"
  | "verdict"
  | "startedAt"
  | "endedAt"
  | "dueAt"
  | "excusedMs"
  | "budgetMs"
>;

export interface CountOptions {
  /** Up to when it is known what ended. */
  until: number;
  /** The same for some sites. */
  sites?: Readonly<Record<string, number>>;
  /** And there for some suppliers, by `toPlaceKey`. */
  places?: Readonly<Record<string, number>>;
  zone: string;
  workingTimes: ReadonlyMap<string, WorkingTime>;
}

/** The share of its budget that a leg has used at a time. */
export function toShare(leg: CountedLeg, at: number, workingTimes: CountOptions["workingTimes"]): number {
  const start = leg.startedAt ?? 0;
  const elapsedMs = workingTimes.get(leg.calendar)?.between(start, at) ?? at - start;
  return (elapsedMs - leg.excusedMs) / leg.budgetMs;
}

/** Counts legs one by one, in the plain way, as the store counts them at once. */
export function countCohorts(legs: readonly CountedLeg[], options: CountOptions): Cohort[] {
  const toHours = createStartHours(options.zone);
  const cohorts = new Map<string, Cohort & { ended: number[]; matured: number[]; running: number[] }>();
  for (const leg of legs) {
    const outcome = toOutcome(leg, options);
    if (outcome === undefined || leg.startedAt === undefined) continue;
    const { flow, domain, calendar, criticality, site, supplier } = leg;
    const kind = { flow, leg: leg.leg, domain, calendar, criticality };
    const likeness: Likeness = { site, supplier, hours: toHours(leg.startedAt) };
    const key = `${toKindKey(kind)}\u0000${toLikenessKey(likeness)}`;
    const empty = () => Array.from({ length: CELLS }, () => 0);
    const cohort = cohorts.get(key) ?? {
      ...kind,
      ...likeness,
      ended: empty(),
      matured: empty(),
      running: empty(),
      late: 0,
    };
    cohorts.set(key, cohort);
    if (outcome.how === "late") cohort.late += 1;
    else cohort[outcome.how][outcome.cell] = (cohort[outcome.how][outcome.cell] ?? 0) + 1;
    if (outcome.how === "ended" && (leg.dueAt ?? 0) <= toUntil(leg, options))
      cohort.matured[outcome.cell] = (cohort.matured[outcome.cell] ?? 0) + 1;
  }
  return [...cohorts.values()];
}

function toUntil(leg: CountedLeg, { until, sites, places }: CountOptions): number {
  return places?.[toPlaceKey(leg)] ?? sites?.[leg.site] ?? until;
}

function toOutcome(leg: CountedLeg, options: CountOptions) {
  const until = toUntil(leg, options);
  const { workingTimes } = options;
  if (leg.budgetMs <= 0 || leg.startedAt === undefined || leg.startedAt >= until) return undefined;
  const isEnded = leg.endedAt !== undefined;
  if (leg.verdict === "MET")
    return { how: "ended" as const, cell: findCell(toShare(leg, leg.endedAt ?? 0, workingTimes)) };
  if (leg.verdict === "BREACHED" || (leg.verdict === "OVERDUE_PROVISIONAL" && isEnded))
    return { how: "late" as const, cell: 0 };
  if (leg.verdict === "OPEN" || leg.verdict === "AT_RISK" || leg.verdict === "OVERDUE_PROVISIONAL")
    return { how: "running" as const, cell: findCell(toShare(leg, until, workingTimes)) };
  return undefined;
}
