import { addDays, dayOf, toInstant, type WorkingTime } from "@throughline/schemas/calendar/working-time";
import type { FlowLeg } from "@throughline/schemas/pack/flow";
import type { Fact } from "../fact.ts";
import { toMilliseconds } from "./duration.ts";

type Target = FlowLeg["targets"][number];

/** Holidays and closed days that may follow each other before a search for a working day gives up. */
const MAX_DAYS_OFF = 1500;

/**
 * The deadline that the document itself names, as `until` or `before` say; undefined where it names none of use. A day
 * lasts until its end, and what has to come before a day has to come before its beginning. What can no longer come in time
 * when the leg starts is due at once.
 */
export function readStated(target: Target, fact: Fact, working: WorkingTime | undefined): number | undefined {
  const zone = working?.zone ?? "UTC";
  if (target.before !== undefined) {
    const limit = toTime(readAttribute(fact, target.before), (day) => startOf(day, zone));
    return limit === undefined ? undefined : Math.max(fact.time, limit - toMilliseconds(target.lead ?? "PT0S"));
  }
  if (target.until === undefined) return undefined;
  const limit = toTime(readAttribute(fact, target.until), (day) => endOf(day, zone));
  return limit === undefined || limit <= fact.time ? undefined : limit;
}

/** The time of a day by which a leg is due that starts then; undefined for targets that are lengths of time. */
export function findDay(target: Target, start: number, working: WorkingTime | undefined): number | undefined {
  if (working === undefined) return undefined;
  const { zone } = working;
  const today = dayOf(start, zone);
  if (target.cutoff !== undefined) {
    const first = start < toInstant(today, target.cutoff.before, zone) ? today : addDays(today, 1);
    return toInstant(findWorkingDay(first, working), target.cutoff.by, zone);
  }
  if (target.days !== undefined) return endOf(addDays(today, target.days), zone);
  if (target.workingDays !== undefined) {
    let day = today;
    for (let count = 0; count < target.workingDays; count += 1) day = findWorkingDay(addDays(day, 1), working);
    return endOf(day, zone);
  }
  if (target.closeOf === undefined) return undefined;
  return endOf(target.closeOf === "day" ? today : lastOfMonth(today), zone);
}

function readAttribute(fact: Fact, path: string): unknown {
  return fact.attributes[path.slice("attributes.".length)];
}

function toTime(value: unknown, ofDay: (day: string) => number): number | undefined {
  if (typeof value !== "string") return undefined;
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) {
    try {
      return ofDay(value);
    } catch {
      return undefined;
    }
  }
  const time = /(Z|[+-]\d{2}:\d{2})$/i.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

function startOf(day: string, zone: string): number {
  return toInstant(day, "00:00", zone);
}

function endOf(day: string, zone: string): number {
  return startOf(addDays(day, 1), zone) - 1;
}

/** The day itself or the first working day after it. */
function findWorkingDay(first: string, working: WorkingTime): string {
  let day = first;
  for (let ahead = 0; ahead < MAX_DAYS_OFF && !working.isWorkingDay(day); ahead += 1) day = addDays(day, 1);
  return day;
}

function lastOfMonth(day: string): string {
  return addDays(`${addDays(`${day.slice(0, 7)}-28`, 4).slice(0, 7)}-01`, -1);
}
