import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FiscalCalendar, findPeriod, findPeriodOfDate, toLocalDate } from "./fiscal-period.ts";

const ZONE = "America/Chicago";
const JULY = { kind: "months", firstMonth: 7 } as const;
const WEEKS = { kind: "weeks", firstDay: "2026-02-01", pattern: [4, 5, 4] } as const;

describe("fiscal periods", () => {
  it("ends at midnight where it happened, also when the clocks change", () => {
    const march = findPeriodOfDate("2026-03-31", ZONE, { kind: "months", firstMonth: 1 });
    expect([march.id, new Date(march.from).toISOString(), new Date(march.until).toISOString()]).toEqual([
      "2026-03",
      "2026-03-01T06:00:00.000Z",
      "2026-04-01T05:00:00.000Z",
    ]);
  });

  it("numbers the months of a year that begins in July by the year in which it ends", () => {
    expect(["2026-06-30", "2026-07-01"].map((date) => findPeriodOfDate(date, ZONE, JULY).id)).toEqual([
      "2026-P12",
      "2027-P01",
    ]);
  });

  it("divides a year of weeks by its pattern, and gives the 53rd week to the last period", () => {
    const dates = ["2026-02-01", "2026-02-28", "2026-03-01", "2026-04-04", "2026-04-05"];
    expect(dates.map((date) => findPeriodOfDate(date, ZONE, WEEKS).id)).toEqual([
      "2027-P01",
      "2027-P01",
      "2027-P02",
      "2027-P02",
      "2027-P03",
    ]);
    const days = Array.from({ length: 400 * 7 }, (_, day) => new Date(Date.UTC(2024, 0, 1 + day)).toISOString());
    const ids = days.map((day) => findPeriodOfDate(day.slice(0, 10), ZONE, WEEKS).id);
    const lengths = [...Map.groupBy(ids, (id) => id).values()].slice(1, -1).map(({ length }) => length / 7);
    expect(new Set(lengths)).toEqual(new Set([4, 5]));
    expect(lengths.filter((weeks) => weeks === 5).length).toBeGreaterThan(lengths.length / 3);
  });

  it("holds every moment in one period, and begins the next where one ends", () => {
    const calendar = fc.constantFrom<FiscalCalendar>({ kind: "months", firstMonth: 1 }, JULY, WEEKS);
    const zone = fc.constantFrom(ZONE, "America/Los_Angeles", "Pacific/Auckland", "UTC");
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Date.UTC(2060, 0) }), zone, calendar, (time, where, how) => {
        const period = findPeriod(time, where, how);
        expect(period.from).toBeLessThanOrEqual(time);
        expect(period.until).toBeGreaterThan(time);
        expect(findPeriod(period.until, where, how).from).toBe(period.until);
        expect(findPeriod(period.from, where, how).id).toBe(period.id);
      }),
    );
  });

  it("says the date by the clocks of the place", () => {
    expect(toLocalDate(Date.parse("2026-04-01T06:40:00Z"), "America/Los_Angeles")).toBe("2026-03-31");
  });
});
