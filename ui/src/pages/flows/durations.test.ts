import type { LegDurations } from "@throughline/api/contract";
import { describe, expect, it } from "vitest";
import { placeOf, sayPercentiles, toHistogram } from "./durations.ts";

const HOUR = 3_600_000;
const DURATIONS: LegDurations = {
  of: null,
  leg: "receipt",
  ended: 10,
  running: 2,
  p50Ms: HOUR,
  p90Ms: HOUR,
  p95Ms: 3 * HOUR,
  maxMs: 3 * HOUR,
  bins: [
    { fromMs: HOUR, toMs: 2 * HOUR, met: 9, late: 0 },
    { fromMs: 2 * HOUR, toMs: 4 * HOUR, met: 0, late: 1 },
  ],
  budgets: [
    { budgetMs: 3 * HOUR, legs: 11 },
    { budgetMs: 24 * HOUR, legs: 1 },
  ],
};

describe("a distribution of durations", () => {
  it("has its target where the target lies inside of a bin, and none beyond the bins", () => {
    expect(placeOf(DURATIONS.bins, 3 * HOUR)).toBe(1.5);
    expect(placeOf(DURATIONS.bins, 24 * HOUR)).toBeUndefined();
    expect(toHistogram(DURATIONS).marks).toEqual([{ at: 1.5, name: "allowed 3 h" }]);
  });

  it("names its bins", () => {
    expect(toHistogram(DURATIONS).bins[1]).toEqual({ from: "2 h", title: "2 h to 4 h", values: [0, 1] });
  });

  it("has percentiles only when something ended", () => {
    expect(sayPercentiles(DURATIONS)).toBe("p50 1 h · p90 1 h");
    expect(sayPercentiles({ ...DURATIONS, p50Ms: null })).toBe("");
  });
});
