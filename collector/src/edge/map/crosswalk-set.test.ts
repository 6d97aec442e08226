import { expect, test } from "vitest";
import { crosswalk } from "@throughline/schemas/pack/crosswalk";
import { createCrosswalkSet } from "./crosswalk-set.ts";
import { toDecimal } from "./to-decimal.ts";

const entries = [
  { from: "0093-4155-73", to: "00093415573" },
  { from: "V-7", to: "CARDINAL", effectiveTo: "2026-02-28" },
  { from: "V-7", to: "MERCY", effectiveFrom: "2026-03-01" },
];
const table = crosswalk.parse({ name: "supplier", title: "Suppliers", kind: "supplier", entries });

test("a value is translated by the entry that holds on the day", () => {
  const set = createCrosswalkSet([table]);
  expect(set.translate("supplier", "V-7", "2026-02-28T23:59:59Z")).toEqual({ kind: "found", value: "CARDINAL" });
  expect(set.translate("supplier", "V-7", "2026-03-01T00:00:00Z")).toEqual({ kind: "found", value: "MERCY" });
});

test("a value that the table lacks is missing, or stays where the table says so; without a table all stay", () => {
  expect(createCrosswalkSet([table]).translate("supplier", "V-8", "2026")).toEqual({ kind: "missing" });
  const keeping = createCrosswalkSet([{ ...table, missing: "keep" }]);
  expect(keeping.translate("supplier", "V-8", "2026")).toEqual({ kind: "found", value: "V-8" });
  expect(createCrosswalkSet([]).translate("supplier", "V-8", "2026")).toEqual({ kind: "found", value: "V-8" });
});

test.each([
  ["010.50", "10.50"],
  ["+7", "7"],
  ["-.5", "-0.5"],
  ["12.30-", "-12.30"],
  ["-0.00", "0.00"],
  ["1e3", undefined],
  ["1,5", undefined],
  ["", undefined],
  [".", undefined],
])("the decimal of %j is %j", (text, expected) => {
  expect(toDecimal(text)).toBe(expected);
});
