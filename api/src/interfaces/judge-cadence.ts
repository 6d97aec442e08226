import type { WorkingTime } from "@throughline/schemas/calendar/working-time";
import type { InterfaceDefinition } from "@throughline/schemas/pack/interface";
import type { InterfaceSummary } from "../contract/interface.ts";
import { toMilliseconds } from "../projections/legs/duration.ts";

type Cadence = InterfaceSummary["cadence"];

/**
 * Whether traffic came as often as was agreed. `lastTrafficAt` in milliseconds since 1970 UTC; traffic at the moment that
 * it is due keeps the cadence.
 */
export function judgeCadence(
  cadence: InterfaceDefinition["cadence"],
  lastTrafficAt: number | undefined,
  { now, workingTimes }: { now: number; workingTimes: ReadonlyMap<string, WorkingTime> },
): Cadence {
  const last = lastTrafficAt === undefined ? null : new Date(lastTrafficAt).toISOString();
  if (cadence === "on-demand")
    return { state: "on-demand", everyMs: null, calendar: null, lastTrafficAt: last, dueAt: null };
  const everyMs = toMilliseconds(cadence.every);
  const calendar = cadence.calendar ?? null;
  if (lastTrafficAt === undefined) return { state: "unseen", everyMs, calendar, lastTrafficAt: null, dueAt: null };
  const working = cadence.calendar === undefined ? undefined : workingTimes.get(cadence.calendar);
  const dueAt = working === undefined ? lastTrafficAt + everyMs : working.add(lastTrafficAt, everyMs);
  const state = now > dueAt ? "late" : "kept";
  return { state, everyMs, calendar, lastTrafficAt: last, dueAt: new Date(dueAt).toISOString() };
}
