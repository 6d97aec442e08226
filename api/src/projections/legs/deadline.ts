import type { WorkingTime } from "@throughline/schemas/calendar/working-time";
import { AppError } from "@throughline/schemas/error";
import type { FlowLeg } from "@throughline/schemas/pack/flow";
import type { Fact } from "../fact.ts";
import { toMilliseconds } from "./duration.ts";
import { findDay, readStated } from "./due-time.ts";

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
    const fixed = readStated(target, fact, working) ?? findDay(target, fact.time, working);
    if (fixed !== undefined) return toFixed(fact.time, fixed);
    if (!working) return { ...toFixed(fact.time, fact.time + withinMs), budgetMs: withinMs };
    return {
      dueAt: working.add(fact.time, withinMs),
      atRiskAt: working.add(fact.time, Math.round(withinMs * atRiskShare)),
      budgetMs: withinMs,
      calendar,
    };
  };
}
