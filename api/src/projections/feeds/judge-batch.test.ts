import { calendar } from "@throughline/schemas/calendar/calendar";
import { createWorkingTime } from "@throughline/schemas/calendar/working-time";
import { batchExpectation } from "@throughline/schemas/pack/batch-expectation";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgeBatch, type Trailer } from "./judge-batch.ts";

const HOUR = 3_600_000;
const day = [{ from: "00:00", to: "24:00" }];
const working = createWorkingTime(
  calendar.parse({
    id: "nightly",
    title: "Nights",
    zone: "America/Chicago",
    shifts: { monday: day, tuesday: day, wednesday: day, thursday: day, friday: day },
  }),
);
const expected = batchExpectation.parse({
  name: "inventory",
  by: "02:30",
  calendar: "nightly",
  rows: { min: 9000, max: 11_000 },
});
/** Monday 2 March 2026, 02:30 in Chicago. */
const MONDAY = Date.UTC(2026, 2, 2, 8, 30);
const trailer = (hours: number, more: Partial<Trailer> = {}): Trailer => ({
  id: `t${hours}`,
  rows: 10_000,
  events: undefined,
  counted: 0,
  arrivedAt: MONDAY + hours * HOUR,
  ...more,
});
const judge = (trailers: Trailer[], hours: number) =>
  judgeBatch(expected, trailers, { working, from: MONDAY - 12 * HOUR, now: MONDAY + hours * HOUR });
const faults = (trailers: Trailer[], hours: number) => judge(trailers, hours).map((each) => [each.day, ...each.faults]);

describe("the nightly inventory export by 02:30 Chicago, 9,000 to 11,000 rows", () => {
  it("is awaited before its time, missing after it, and late when it comes then", () => {
    expect(faults([], -1)).toEqual([["2026-03-02"]]);
    expect(faults([trailer(0)], 0)).toEqual([["2026-03-02"]]);
    expect(faults([], 1)).toEqual([["2026-03-02", "missing"]]);
    expect(faults([trailer(2)], 3)).toEqual([["2026-03-02", "late"]]);
  });

  it("is doubled by a second trailer, and not by one that is sent again", () => {
    expect(faults([trailer(-1), trailer(-2)], 1)).toEqual([["2026-03-02", "doubled"]]);
    expect(faults([trailer(-1), trailer(-1)], 1)).toEqual([["2026-03-02"]]);
  });

  it("is implausible with too few or too many rows, or when it does not say how many", () => {
    for (const rows of [8999, 11_001, undefined])
      expect(faults([trailer(-1, { rows })], 1)).toEqual([["2026-03-02", "implausible"]]);
    for (const rows of [9000, 11_000]) expect(faults([trailer(-1, { rows })], 1)).toEqual([["2026-03-02"]]);
  });

  it("is incomplete when fewer events came than it says", () => {
    expect(faults([trailer(-1, { events: 5, counted: 4 })], 1)).toEqual([["2026-03-02", "incomplete"]]);
    expect(faults([trailer(-1, { events: 5, counted: 5 })], 1)).toEqual([["2026-03-02"]]);
  });

  it("is not expected on days without work, and keeps its local time when the clock changes", () => {
    const days = judge([], 10 * 24).map(
      ({ day: name, dueAt }) => `${name} ${new Date(dueAt).toISOString().slice(11, 16)}`,
    );
    expect(days).toEqual([
      "2026-03-02 08:30",
      "2026-03-03 08:30",
      "2026-03-04 08:30",
      "2026-03-05 08:30",
      "2026-03-06 08:30",
      "2026-03-09 07:30",
      "2026-03-10 07:30",
      "2026-03-11 07:30",
      "2026-03-12 07:30",
    ]);
  });

  it("belongs to a time when it was due, came, or was still waited for in it", () => {
    const daysOf = (trailers: Trailer[], fromHours: number) =>
      judgeBatch(expected, trailers, { working, from: MONDAY + fromHours * HOUR, now: MONDAY + 20 * HOUR }).map(
        (each) => `${each.day.slice(8)} ${each.faults.join(" ")}`,
      );
    expect(daysOf([], 0)).toEqual(["02 missing", "03 "]);
    expect(daysOf([], 11)).toEqual(["02 missing", "03 "]);
    expect(daysOf([], 12)).toEqual(["03 "]);
    expect(daysOf([trailer(-1)], 1)).toEqual(["03 "]);
    expect(daysOf([trailer(3)], 3)).toEqual(["02 late", "03 "]);
    expect(daysOf([trailer(3)], 4)).toEqual(["03 "]);
    expect(daysOf([trailer(-1), trailer(5)], 4)).toEqual(["02 doubled", "03 "]);
  });

  it("is waited for over days on which none is expected", () => {
    const saturday = MONDAY + (4 * 24 + 30) * HOUR;
    const judged = judgeBatch(expected, [trailer(3 * 24)], { working, from: saturday, now: saturday + 24 * HOUR });
    expect(judged.map(({ day: name, faults: found }) => [name, ...found])).toEqual([["2026-03-06", "missing"]]);
  });

  it("is judged the same in whatever order the trailers came, each of which counts once", () => {
    const hours = fc.uniqueArray(fc.integer({ min: -11, max: 9 * 24 }), { maxLength: 12 });
    fc.assert(
      fc.property(
        hours.chain((given) => fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length }))),
        ([given, order]) => {
          const judged = judge(
            given.map((at) => trailer(at)),
            10 * 24,
          );
          expect(
            judge(
              order.map((at) => trailer(at)),
              10 * 24,
            ),
          ).toEqual(judged);
          expect(judged.reduce((sum, { trailers }) => sum + trailers, 0)).toBe(given.length);
        },
      ),
    );
  });
});
