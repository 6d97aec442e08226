import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toEventTime } from "./event-time.ts";

const DAY = 86_400_000;
const ofDay = (time: string, zone?: string) =>
  toEventTime({ time, data: { precision: "day", ...(zone === undefined ? {} : { zone }) } });

describe("the time of an event", () => {
  it("is exact unless the event says otherwise", () => {
    const timeMs = Date.parse("2026-03-08T10:00:00Z");
    expect(toEventTime({ time: "2026-03-08t04:00:00-06:00", data: { outcome: "ok" } })).toEqual({
      timeMs,
      impreciseMs: 0,
    });
    expect(toEventTime({ time: "2026-03-08T10:00:00Z", data: "text" })).toEqual({ timeMs, impreciseMs: 0 });
    expect(toEventTime({ data: { outcome: "ok" } })).toBeUndefined();
  });

  it.each([
    { time: "2026-03-08T23:00:00-06:00", zone: undefined, start: "2026-03-08T06:00:00Z", hours: 24 },
    { time: "2026-03-08T00:00:00Z", zone: undefined, start: "2026-03-08T00:00:00Z", hours: 24 },
    { time: "2026-03-08T12:00:00-05:00", zone: "America/Chicago", start: "2026-03-08T06:00:00Z", hours: 23 },
    { time: "2026-11-01T12:00:00-06:00", zone: "America/Chicago", start: "2026-11-01T05:00:00Z", hours: 25 },
    { time: "2026-03-10T03:00:00Z", zone: "America/Chicago", start: "2026-03-09T05:00:00Z", hours: 24 },
  ])("spans the day of $time in $zone", ({ time, zone, start, hours }) => {
    expect(ofDay(time, zone)).toEqual({ timeMs: Date.parse(start), impreciseMs: hours * 3_600_000 - 1 });
  });

  it("spans the moment that it is written with", () => {
    const zones = fc.constantFrom(undefined, "America/Chicago", "Australia/Lord_Howe", "Europe/Berlin", "UTC");
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 80 * 365 * DAY }), zones, (timeMs, zone) => {
        const found = ofDay(new Date(timeMs).toISOString(), zone);
        expect(found?.timeMs).toBeLessThanOrEqual(timeMs);
        expect((found?.timeMs ?? 0) + (found?.impreciseMs ?? 0)).toBeGreaterThanOrEqual(timeMs);
      }),
    );
  });
});
