import type { OutcomeItem } from "@throughline/api/contract";
import { expect, test } from "vitest";
import { findChange, sayOutcome } from "./outcome-text.ts";

function toFigure(
  unit: OutcomeItem["unit"],
  values: [string | null, string | null],
  better: "lower" | "higher" = "lower",
) {
  const [measure, baseline] = values.map((value) => ({
    n: 1,
    numerator: null,
    denominator: null,
    value,
    declared: null,
    p90: null,
  }));
  return {
    id: "x",
    outcome: "stockouts" as const,
    title: "X",
    formula: "",
    unit,
    better,
    basis: "",
    isEstimated: false,
    because: null,
    measure: measure ?? null,
    baseline: baseline ?? null,
    trend: [],
    exclusions: [],
    open: null,
    rowsHref: "",
  };
}

test("values are said in their unit, and nothing is no zero", () => {
  expect(sayOutcome("0.071429", "share")).toBe("7.1 %");
  expect(sayOutcome("0.995", "share")).toBe("99.5 %");
  expect(sayOutcome("-0.5", "share")).toBe("−50.0 %");
  expect(sayOutcome("0", "share")).toBe("0 %");
  expect(sayOutcome(null, "share")).toBe("–");
  expect(sayOutcome("172800000", "ms")).toBe("2 d");
  expect(sayOutcome("6", "working_days")).toBe("6 business days");
});

test("a change is in points or in time, with what it means for the figure", () => {
  expect(findChange(toFigure("share", ["0.05", "0.071"]))).toEqual({ text: "−2.1 points", word: "better" });
  expect(findChange(toFigure("share", ["0.99", "0.995"], "higher"))).toEqual({ text: "−0.5 points", word: "worse" });
  expect(findChange(toFigure("ms", ["7200000", "3600000"]))).toEqual({ text: "+1 h", word: "worse" });
  expect(findChange(toFigure("share", ["0.05", "0.05"]))).toEqual({ text: "± 0", word: "unchanged" });
  expect(findChange(toFigure("share", ["0.05", null]))).toBeUndefined();
});
