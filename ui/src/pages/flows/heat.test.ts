import fc from "fast-check";
import { expect, test } from "vitest";
import { formatShare, heatOf } from "./heat.ts";

test("colours nothing that is in time, and a single late leg a little", () => {
  expect([heatOf(0, 0), heatOf(0, 10), heatOf(1, 1000), heatOf(1, 10), heatOf(2, 10), heatOf(4, 10)]).toEqual([
    "none",
    0,
    1,
    2,
    3,
    4,
  ]);
});

test("never grows paler as more are late", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(500), (judged, late) => {
      const fewer = Math.min(late, judged);
      const more = Math.min(fewer + 1, judged);
      expect(Number(heatOf(more, judged))).toBeGreaterThanOrEqual(Number(heatOf(fewer, judged)));
    }),
  );
});

test.each([
  [0, 0, undefined],
  [0, 12, "0 %"],
  [1, 400, "< 1 %"],
  [1, 34, "3 %"],
  [1, 6, "17 %"],
  [399, 400, "> 99 %"],
  [3, 3, "100 %"],
])("says of %i late of %i: %s", (late, judged, text) => {
  expect(formatShare(late, judged)).toBe(text);
});
