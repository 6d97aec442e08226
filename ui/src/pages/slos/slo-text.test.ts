import { expect, test } from "vitest";
import { formatAllowed, formatBurn, formatLeft, formatLength, formatWindow, sayBlind } from "./slo-text.ts";

test.each([
  [null, "–"],
  [0, "0×"],
  [0.04, "< 0.1×"],
  [3.29, "3.2×"],
  [14.4, "14.4×"],
  [130.6, "131×"],
])("says a burn of %s as %s", (burn, said) => {
  expect(formatBurn(burn)).toBe(said);
});

test.each([
  [null, "–"],
  [1, "100 %"],
  [0.999, "99 %"],
  [0.004, "< 1 %"],
  [0, "0 %"],
  [-0.25, "−25 %"],
  [-0.001, "−1 %"],
  [-199, "< −999 %"],
])("says what is left of a budget, %s, as %s", (left, said) => {
  expect(formatLeft(left)).toBe(said);
});

test("says how many legs may be late", () => {
  expect([0, 0.05, 3, 3.45, 41.7, 1234.5].map(formatAllowed)).toEqual(["0", "< 0.1", "3", "3.4", "41", "1,234"]);
});

test("says how much nobody can see", () => {
  const compliance = { share: 1, met: 20, n: 20, unseen: 4, href: "" };
  const of = (blind: number, unknown: number) =>
    sayBlind({ coverage: { feeds: 3, blind, unknown: { value: unknown, href: "" } }, compliance });
  expect(of(1, 1)).toBe(
    "1 of 3 feeds that end these legs is silent or does not say how far it is complete: 1 leg of its window is unknown, and 4 judged legs left out",
  );
  expect(of(2, 12)).toMatch(
    /^2 of 3 feeds .* are silent or do not say how far they are complete: 12 legs .* are unknown/,
  );
});

test("says windows", () => {
  expect([300_000, 1_800_000, 3_600_000, 21_600_000, 259_200_000].map(formatLength)).toEqual([
    "5 min",
    "30 min",
    "1 h",
    "6 h",
    "3 d",
  ]);
  expect(formatWindow({ days: 28, calendar: null, from: "", to: "" })).toBe("28 days");
  expect(formatWindow({ days: 1, calendar: "office", from: "", to: "" })).toBe("1 working day of office");
});
