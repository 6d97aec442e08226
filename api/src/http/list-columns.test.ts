import fc from "fast-check";
import { expect, test } from "vitest";
import { toCsvCell, toCsvRow } from "./list-columns.ts";

const COLUMNS = [
  { name: "a", kind: "text" as const, read: (row: readonly string[]) => row[0] ?? null },
  { name: "b", kind: "text" as const, read: (row: readonly string[]) => row[1] ?? null },
];

/** Reads one record of RFC 4180. */
function parseRecord(text: string): string[] {
  const cells = text.slice(0, -2).match(/("(?:[^"]|"")*"|[^,]*)(,|$)/gs) ?? [];
  return cells
    .slice(0, 2)
    .map((cell) => cell.replace(/,$/, "").replace(/^"([\s\S]*)"$/, (_, inner: string) => inner.replaceAll('""', '"')));
}

test("comes back as it went in, formulas with an apostrophe in front", () => {
  const text = fc.string({ unit: fc.constantFrom(...Array.from("ab,\"'\r\n=+-@\t 1.")) });
  fc.assert(
    fc.property(text, text, (a, b) => {
      const defused = (cell: string) =>
        /^[=+\-@\t\r]/.test(cell) && !/^-?\d+(\.\d+)?$/.test(cell) ? `'${cell}` : cell;
      expect(parseRecord(toCsvRow(COLUMNS, [a, b]))).toEqual([defused(a), defused(b)]);
    }),
  );
});

test("leaves no cell that a spreadsheet would run", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const cell = toCsvCell(text).replace(/^"/, "");
      expect(/^[=+@\t\r]|^-(?!\d+(\.\d+)?"?$)/.test(cell)).toBe(false);
    }),
  );
});

test("keeps negative numbers as they are", () => {
  expect([toCsvCell("-12.50"), toCsvCell(-3), toCsvCell("-1+1"), toCsvCell(null)]).toEqual([
    "-12.50",
    "-3",
    "'-1+1",
    "",
  ]);
});
