import { toLocalDate, toStartOfDay } from "@throughline/schemas/calendar/fiscal-period";
import { AppError } from "@throughline/schemas/error";
import { type Rational, ZERO, add, formatDecimal } from "@throughline/schemas/exact/rational";
import type { DriftQuery, DriftSeries } from "../../contract/drift.ts";
import type { FlowStep } from "../../queries/list-flow-steps.ts";
import { toInstant } from "../../queries/time-range.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MAX_STEPS = 1000;
const USUAL = { hour: 14 * DAY_MS, day: 90 * DAY_MS };

type Point = DriftSeries["units"][number]["points"][number];

/** What was open at the end of a step, with its exact gross. */
export interface DriftPoint extends Omit<Point, "gross" | "net" | "at"> {
  at: number;
  gross: Rational;
  net: Rational;
}

/**
 * The ends of the steps of a range, hours of UTC or days of a zone: the first one lies after `from`, the last one is the step
 * that runs at `to`. Without a range the last two weeks or ninety days. Throws `invalid_request` for more than 1,000 steps.
 */
export function listStepEnds(asked: Pick<DriftQuery, "from" | "to" | "by">, zone: string, now: number): number[] {
  const to = Math.min(asked.to === undefined ? now : Date.parse(asked.to), now);
  const from = asked.from === undefined ? to - USUAL[asked.by] : Date.parse(asked.from);
  if (from >= to) throw refuse("from", "must be before `to`, and not ahead of now");
  if (to - from > MAX_STEPS * (asked.by === "hour" ? HOUR_MS : DAY_MS))
    throw refuse("from", `leaves more than ${MAX_STEPS} steps; ask for a shorter range, or by day`);
  const ends: number[] = [];
  for (let at = findEnd(from, asked.by, zone); ; at = findEnd(at, asked.by, zone)) {
    ends.push(at);
    if (at >= to) return ends;
  }
}

function findEnd(time: number, by: DriftQuery["by"], zone: string): number {
  if (by === "hour") return Math.floor(time / HOUR_MS) * HOUR_MS + HOUR_MS;
  const start = toStartOfDay(toLocalDate(time, zone), zone);
  // A day has 23 to 25 hours.
  return toStartOfDay(toLocalDate(start + 1.5 * DAY_MS, zone), zone);
}

/** Adds steps up to what was open at the end of each, by unit. */
export function toSeries(steps: readonly FlowStep[], ends: readonly number[]): Map<string, DriftPoint[]> {
  const units = Map.groupBy(steps, ({ unit }) => unit);
  return new Map(
    [...units].map(([unit, own]) => {
      const byStep = new Map(own.map((step) => [step.step, step]));
      let open = { count: 0, gross: ZERO, net: ZERO };
      const points = ends.map((at, index): DriftPoint => {
        const step = byStep.get(index);
        if (step)
          open = { count: open.count + step.count, gross: add(open.gross, step.gross), net: add(open.net, step.net) };
        return { at, ...open };
      });
      return [unit, points];
    }),
  );
}

export function toPoint({ at, count, gross, net }: DriftPoint): Point {
  return { at: toInstant(at), count, gross: formatDecimal(gross), net: formatDecimal(net) };
}

function refuse(name: string, message: string): AppError {
  return new AppError("invalid_request", "The time range cannot be used.", {
    issues: [{ path: `/query/${name}`, message }],
  });
}
