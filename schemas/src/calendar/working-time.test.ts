import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { calendar } from "./calendar.ts";
import { addDuration, createWorkingTime, mergeIntervals, toInstant } from "./working-time.ts";

const HOUR = 3_600_000;
const CHICAGO = "America/Chicago";
const office = [{ from: "08:00", to: "17:00" }];
const business = calendar.parse({
  id: "us-business",
  title: "Business hours",
  zone: CHICAGO,
  shifts: { monday: office, tuesday: office, wednesday: office, thursday: office, friday: office },
  holidays: { country: "US" },
});
const working = createWorkingTime(business);
const iso = (time: number) => new Date(time).toISOString();

describe("working time", () => {
  it("L7: 4 business hours from Friday 6 March 2026 15:00 end Monday 10:00 CDT, over the change to daylight saving", () => {
    const start = toInstant("2026-03-06", "15:00", CHICAGO);
    expect(iso(working.add(start, 4 * HOUR))).toBe("2026-03-09T15:00:00.000Z");
  });

  it("L8: 24 hours and one day are different things when the clock changes", () => {
    const start = toInstant("2026-03-07", "20:00", CHICAGO);
    expect(iso(addDuration(start, "PT24H", CHICAGO))).toBe("2026-03-09T02:00:00.000Z");
    expect(iso(addDuration(start, "P1D", CHICAGO))).toBe("2026-03-09T01:00:00.000Z");
  });

  it("L9: a cut-off in the hour that is skipped is the later moment", () => {
    expect(iso(toInstant("2026-03-08", "02:30", CHICAGO))).toBe("2026-03-08T08:30:00.000Z");
  });

  it("L10: a cut-off in the hour that comes twice is the earlier moment", () => {
    expect(iso(toInstant("2026-11-01", "01:30", CHICAGO))).toBe("2026-11-01T06:30:00.000Z");
  });

  it("L11: the observed holiday of 3 July 2026 is no working day", () => {
    const start = toInstant("2026-07-02", "16:00", CHICAGO);
    expect(working.add(start, 2 * HOUR)).toBe(toInstant("2026-07-06", "09:00", CHICAGO));
  });

  it("starts at the next shift when the start lies outside", () => {
    const saturday = toInstant("2026-03-14", "12:00", CHICAGO);
    expect(working.add(saturday, 0)).toBe(toInstant("2026-03-16", "08:00", CHICAGO));
    expect(working.isWorking(saturday)).toBe(false);
  });

  it("counts back what it added, for any start and any length", () => {
    const start = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2030, 0, 1) });
    fc.assert(
      fc.property(start, fc.integer({ min: 1, max: 200 * HOUR }), (time, durationMs) => {
        const end = working.add(time, durationMs);
        expect(working.between(time, end)).toBe(durationMs);
        expect(end).toBeGreaterThan(time);
      }),
      { numRuns: 300 },
    );
  });

  it("knows shifts over midnight, local closing days and holidays on which work goes on", () => {
    const nights = createWorkingTime(
      calendar.parse({
        ...business,
        id: "nights",
        shifts: { friday: [{ from: "22:00", to: "06:00" }] },
        closed: ["2026-03-13"],
        open: ["2026-07-03"],
      }),
    );
    const span = { from: toInstant("2026-07-03", "00:00", CHICAGO), until: toInstant("2026-07-06", "00:00", CHICAGO) };
    expect(nights.list(span)).toEqual([
      { from: toInstant("2026-07-03", "22:00", CHICAGO), until: toInstant("2026-07-04", "06:00", CHICAGO) },
    ]);
    expect(nights.isWorking(toInstant("2026-03-13", "23:00", CHICAGO))).toBe(false);
  });

  it("refuses a calendar without shifts and a zone that does not exist", () => {
    expect(calendar.safeParse({ ...business, shifts: {} }).success).toBe(false);
    expect(calendar.safeParse({ ...business, zone: "America/Gotham" }).success).toBe(false);
    expect(calendar.safeParse({ ...business, zone: "+02:00" }).success).toBe(false);
  });
});

describe("mergeIntervals", () => {
  it("lets a shift end with the day, but not begin with the end of one", () => {
    const shift = (from: string, to: string) =>
      calendar.safeParse({ id: "night", title: "Night", zone: "America/Chicago", shifts: { friday: [{ from, to }] } });
    expect(shift("18:00", "24:00").success).toBe(true);
    expect(shift("24:00", "08:00").success).toBe(false);
  });

  it("joins what overlaps and leaves out what is empty or reversed", () => {
    const intervals = [
      { from: 5, until: 7 },
      { from: 1, until: 3 },
      { from: 2, until: 4 },
      { from: 9, until: 9 },
      { from: 8, until: 6 },
    ];
    expect(mergeIntervals(intervals)).toEqual([
      { from: 1, until: 4 },
      { from: 5, until: 7 },
    ]);
  });
});
