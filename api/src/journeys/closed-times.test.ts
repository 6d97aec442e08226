import { calendar } from "@throughline/schemas/calendar/calendar";
import { createWorkingTimes } from "@throughline/schemas/calendar/working-time";
import fc from "fast-check";
import { expect, test } from "vitest";
import { listClosedTimes, type TimedLeg } from "./closed-times.ts";

const DAY_MS = 86_400_000;
const MONDAY = Date.UTC(2026, 6, 6);
const shift = [{ from: "08:00", to: "17:00" }];
const OFFICE = calendar.parse({
  id: "office",
  title: "Office hours",
  zone: "UTC",
  shifts: { monday: shift, tuesday: shift, wednesday: shift, thursday: shift, friday: shift },
  closed: ["2026-07-08"],
});
const pack = { calendars: new Map([[OFFICE.id, OFFICE]]) };
const workingTimes = createWorkingTimes(pack.calendars);
const working = workingTimes.get("office");

function leg(sketch: Partial<TimedLeg>): TimedLeg {
  return { startedAt: null, endedAt: null, dueAt: null, calendar: "office", ...sketch };
}

const at = (ms: number) => new Date(ms).toISOString();
const list = (legs: readonly TimedLeg[], now: number) => listClosedTimes(legs, { pack, clock: { now, workingTimes } });

test("names nights and holidays between the first moment of the legs and the last", () => {
  const found = list(
    [leg({ startedAt: at(MONDAY + DAY_MS / 2), dueAt: at(MONDAY + 3 * DAY_MS + DAY_MS / 2) })],
    MONDAY,
  );
  expect(found).toEqual([
    {
      id: "office",
      title: "Office hours",
      closed: [
        { from: "2026-07-06T17:00:00.000Z", to: "2026-07-07T08:00:00.000Z" },
        { from: "2026-07-07T17:00:00.000Z", to: "2026-07-09T08:00:00.000Z" },
      ],
    },
  ]);
});

test("says nothing of legs that count all time, or of a calendar that is no more", () => {
  expect(list([leg({ calendar: "", startedAt: at(MONDAY) })], MONDAY + DAY_MS)).toEqual([]);
  expect(list([leg({ calendar: "gone", startedAt: at(MONDAY) })], MONDAY + DAY_MS)).toEqual([]);
  expect(list([], MONDAY)).toEqual([]);
});

test("leaves exactly the working time between the closed times", () => {
  const hours = fc.tuple(fc.nat(24 * 60), fc.nat(24 * 60));
  fc.assert(
    fc.property(hours, ([first, length]) => {
      const [from, until] = [MONDAY + first * 3_600_000, MONDAY + (first + length) * 3_600_000];
      const [found] = list([leg({ startedAt: at(from), endedAt: at(until) })], from);
      const closed = (found?.closed ?? []).reduce((sum, gap) => sum + Date.parse(gap.to) - Date.parse(gap.from), 0);
      expect(closed + (working?.between(from, until) ?? 0)).toBe(until - from);
    }),
  );
});
