import { addDays, dayOf, toInstant, type WorkingTime } from "@throughline/schemas/calendar/working-time";
import { AppError } from "@throughline/schemas/error";
import type { FlowLeg } from "@throughline/schemas/pack/flow";
import type { Fact } from "../fact.ts";
import { toMilliseconds } from "./duration.ts";

type Target = FlowLeg["targets"][number];

/** When a leg is due that starts with a certain event. Times in milliseconds since 1970 UTC. */
export interface Deadline {
  dueAt: number;
  atRiskAt: number;
  /** The time allowed: working time where a calendar counts it. */
  budgetMs: number;
  /** The calendar whose working time counts; empty: all time does. */
  calendar: string;
}

/** Working time by the id of its calendar. */
export type WorkingTimes = ReadonlyMap<string, WorkingTime>;

const MAX_DAYS_AHEAD = 366;

/** How a target sets deadlines. `atRiskShare` is the share of the time after which a leg is at risk. */
export function toDeadlineRule(
  target: Target,
  options: { atRiskShare: number; workingTimes: WorkingTimes },
): (fact: Fact) => Deadline {
  const { atRiskShare, workingTimes } = options;
  const calendar = target.calendar ?? "";
  const working = workingTimes.get(calendar);
  if (calendar !== "" && !working) throw new AppError("invalid_configuration", `There is no calendar "${calendar}".`);
  const withinMs = toMilliseconds(target.within ?? "PT0S");
  const toFixed = (start: number, dueAt: number): Deadline => ({
    dueAt,
    atRiskAt: dueAt - Math.round((dueAt - start) * (1 - atRiskShare)),
    budgetMs: Math.max(0, dueAt - start),
    calendar: "",
  });
  return (fact) => {
    const stated = readStated(target, fact, working);
    if (stated !== undefined) return toFixed(fact.time, stated);
    if (target.cutoff && working) return toFixed(fact.time, findCutoff(fact.time, target.cutoff, working));
    if (!working) return { ...toFixed(fact.time, fact.time + withinMs), budgetMs: withinMs };
    return {
      dueAt: working.add(fact.time, withinMs),
      atRiskAt: working.add(fact.time, Math.round(withinMs * atRiskShare)),
      budgetMs: withinMs,
      calendar,
    };
  };
}

/** The deadline that the document itself names; a day without a time lasts until its end. */
function readStated(target: Target, fact: Fact, working: WorkingTime | undefined): number | undefined {
  if (target.until === undefined) return undefined;
  const value = fact.attributes[target.until.slice("attributes.".length)];
  if (typeof value !== "string") return undefined;
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) {
    const end = toEndOfDay(value, working?.zone ?? "UTC");
    return end === undefined || end <= fact.time ? undefined : end;
  }
  const time = /(Z|[+-]\d{2}:\d{2})$/i.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) || time <= fact.time ? undefined : time;
}

function toEndOfDay(day: string, zone: string): number | undefined {
  try {
    return toInstant(addDays(day, 1), "00:00", zone) - 1;
  } catch {
    return undefined;
  }
}

/** Due by a time of the day when it started before the cut-off of a working day, else of the next working day. */
function findCutoff(start: number, cutoff: { before: string; by: string }, working: WorkingTime): number {
  const { zone } = working;
  let day = dayOf(start, zone);
  if (start >= toInstant(day, cutoff.before, zone)) day = addDays(day, 1);
  for (let ahead = 0; ahead < MAX_DAYS_AHEAD && !working.isWorkingDay(day); ahead += 1) day = addDays(day, 1);
  return toInstant(day, cutoff.by, zone);
}
