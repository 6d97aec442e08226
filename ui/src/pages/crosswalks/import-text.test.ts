import { expect, test } from "vitest";
import { sayIssues, sayPreview, sayRowDays, stateOfRow } from "./import-text.ts";

test.each([
  [1, 0, "The row can be proposed"],
  [1, 1, "The row is refused"],
  [1200, 0, "All 1,200 rows can be proposed"],
  [3, 3, "All 3 rows are refused"],
  [120, 1, "119 of 120 rows can be proposed; 1 is refused"],
  [120, 3, "117 of 120 rows can be proposed; 3 are refused"],
])("of %i rows %i refused is said as %j", (rows, refused, expected) => {
  expect(sayPreview({ rows, refused, items: [] })).toBe(expected);
});

test("a row says why it is refused and for which days it is", () => {
  const issues = [
    { column: "to", message: "must not be empty" },
    { column: "", message: "has 2 cells instead of 8" },
  ];
  const row = { line: 3, cells: { effective_from: "2026-01-01" }, issues };
  expect(sayIssues(row)).toBe("to must not be empty; has 2 cells instead of 8");
  expect(stateOfRow(row)).toBe("refused");
  expect(sayRowDays(row)).toBe("from 2026-01-01");
  expect(sayRowDays({ ...row, cells: { effective_to: "2026-02-01" } })).toBe("to 2026-02-01");
  expect(sayRowDays({ ...row, cells: {} })).toBe("always");
});
