import fc from "fast-check";
import { expect, test } from "vitest";
import { nearestRank } from "./nearest-rank.ts";

const HOUR_MS = 3_600_000;

test("L16: of nine of 1 h and one of 9 h, p90 is 1 h and p95 is 9 h", () => {
  const durations = [...Array.from({ length: 9 }, () => HOUR_MS), 9 * HOUR_MS];
  expect(nearestRank(durations, 90)).toBe(HOUR_MS);
  expect(nearestRank(durations, 95)).toBe(9 * HOUR_MS);
});

test("gives nothing of nothing, and the greatest for 100", () => {
  expect(nearestRank([], 50)).toBeUndefined();
  expect(nearestRank([1, 2, 3], 100)).toBe(3);
});

test("is the least value that enough of the values do not exceed", () => {
  const values = fc.array(fc.nat(50), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 100 }), (unsorted, percent) => {
      const sorted = unsorted.toSorted((a, b) => a - b);
      const found = nearestRank(sorted, percent) ?? Number.NaN;
      const covers = (value: number) =>
        sorted.filter((other) => other <= value).length * 100 >= percent * sorted.length;
      expect(sorted).toContain(found);
      expect(covers(found)).toBe(true);
      expect(sorted.filter((value) => value < found).some(covers)).toBe(false);
    }),
  );
});
