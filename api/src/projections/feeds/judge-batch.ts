import { addDays, dayOf, toInstant, type WorkingTime } from "@throughline/schemas/calendar/working-time";
import type { BatchExpectation } from "@throughline/schemas/pack/batch-expectation";

const HOUR_MS = 3_600_000;

/** How many days before a time a batch may have been due that is still waited for in it. */
const LOOK_BACK_DAYS = 6;

/** The trailer of a batch as it came. `events` is how many it says to have sent, `counted` how many came before it. */
export interface Trailer {
  id: string;
  arrivedAt: number;
  rows: number | undefined;
  events: number | undefined;
  counted: number;
}

export const BATCH_FAULTS = ["missing", "late", "doubled", "implausible", "incomplete"] as const;
export type BatchFault = (typeof BATCH_FAULTS)[number];

/** An expected batch of one working day: what came of it, and what is wrong with that. */
export interface Delivery {
  /** The working day, such as 2026-07-02. */
  day: string;
  dueAt: number;
  arrivedAt: number | undefined;
  rows: number | undefined;
  /** How many trailers came; a trailer that is sent again is one. */
  trailers: number;
  faults: BatchFault[];
}

/**
 * Judges the batches that were due in a time, came in it, or were missing in it, by day. A batch that comes after its time
 * and before the next one may come is late; nothing by its time is missing, and waited for until then. The order of the
 * trailers has no say.
 */
export function judgeBatch(
  expected: BatchExpectation,
  trailers: readonly Trailer[],
  { working, from, now }: { working: WorkingTime; from: number; now: number },
): Delivery[] {
  const opensMs = expected.opensHoursBefore * HOUR_MS;
  const slots = listSlots(expected, { working, from, until: now + opensMs });
  return slots.flatMap(({ day, dueAt }, index) => {
    const opensAt = dueAt - opensMs;
    if (opensAt > now) return [];
    const closesAt = (slots[index + 1]?.dueAt ?? Infinity) - opensMs;
    const own = trailers.filter(({ arrivedAt }) => arrivedAt >= opensAt && arrivedAt < closesAt && arrivedAt <= now);
    const lastAt = own.reduce(
      (latest, { arrivedAt }) => Math.max(latest, arrivedAt),
      own.length === 0 ? closesAt - 1 : 0,
    );
    if (Math.max(dueAt, lastAt) < from) return [];
    return [toDelivery(expected, own, { day, dueAt, now })];
  });
}

function toDelivery(
  { rows: plausible }: BatchExpectation,
  own: readonly Trailer[],
  { day, dueAt, now }: { day: string; dueAt: number; now: number },
): Delivery {
  const [first] = own.toSorted((a, b) => a.arrivedAt - b.arrivedAt || (a.id < b.id ? -1 : 1));
  const trailers = new Set(own.map(({ id }) => id)).size;
  const faults: BatchFault[] = [];
  if (first === undefined && now > dueAt) faults.push("missing");
  if (first !== undefined && first.arrivedAt > dueAt) faults.push("late");
  if (trailers > 1) faults.push("doubled");
  if (first !== undefined && plausible && !isPlausible(first.rows, plausible)) faults.push("implausible");
  if (first?.events !== undefined && first.events !== first.counted) faults.push("incomplete");
  return { day, dueAt, arrivedAt: first?.arrivedAt, rows: first?.rows, trailers, faults };
}

/** A batch that does not say how many rows it has cannot be found plausible. */
function isPlausible(
  rows: number | undefined,
  { min = 0, max = Infinity }: { min?: number | undefined; max?: number | undefined },
) {
  return rows !== undefined && rows >= min && rows <= max;
}

function listSlots(
  { by }: BatchExpectation,
  { working, from, until }: { working: WorkingTime; from: number; until: number },
): { day: string; dueAt: number }[] {
  const slots: { day: string; dueAt: number }[] = [];
  const last = addDays(dayOf(until, working.zone), 8);
  for (let day = addDays(dayOf(from, working.zone), -LOOK_BACK_DAYS); day <= last; day = addDays(day, 1))
    if (working.isWorkingDay(day)) slots.push({ day, dueAt: toInstant(day, by, working.zone) });
  return slots;
}
