import fc from "fast-check";
import { expect, test } from "vitest";
import { createCsvReader, type CsvRow } from "./csv-reader.ts";

const sizeOf = (text: string) => Buffer.byteLength(text);

function read(pieces: readonly string[], limit = 1000): CsvRow[] {
  const reader = createCsvReader(",", limit);
  return [...pieces.flatMap((text) => reader.write({ text, sizeOf })), ...reader.end()];
}

const cellsOf = (rows: readonly CsvRow[]) => rows.map((row) => (row.kind === "row" ? row.cells : row.kind));

test.each([
  [
    "a,b\nc,d",
    [
      ["a", "b"],
      ["c", "d"],
    ],
  ],
  ["a,b\r\n\r\nc\rd\n", [["a", "b"], ["c"], ["d"]]],
  ['"a,1","b ""x""\nc",\nd', [["a,1", 'b "x"\nc', ""], ["d"]]],
  [
    '"",""""\n"",x',
    [
      ["", '"'],
      ["", "x"],
    ],
  ],
  ['5" pipe,"a"b"\n', [['5" pipe', 'a"b']]],
  ['a,"open\nb,c\n', ["unclosed", ["b", "c"]]],
  ['a,"open\nb,"c"\nd', [["a", 'open\nb,"c'], ["d"]]],
  ["", []],
] as const)("%j is %j", (text, expected) => {
  expect(cellsOf(read([text]))).toEqual(expected);
});

test("a line beyond the limit is left out, and so is one whose cell is closed beyond it", () => {
  const long = "x".repeat(30);
  expect(cellsOf(read([`a,${long}\nb\n"c\n${long}"\nd\n`], 20))).toEqual([
    "too-long",
    ["b"],
    "unclosed",
    "too-long",
    ["d"],
  ]);
});

test("each row says where it begins in the bytes of the stream", () => {
  expect(read(['é,"x\ny"\r\nb\n']).map(({ byteOffset }) => byteOffset)).toEqual([0, 10]);
});

const hostile = fc.string({ unit: fc.constantFrom('"', ",", "\n", "\r", "a", "é", " "), maxLength: 60 });

test("what is told does not depend on where the text is cut", () => {
  fc.assert(
    fc.property(
      hostile,
      fc.array(fc.nat(60), { maxLength: 6 }),
      fc.integer({ min: 1, max: 30 }),
      (text, cuts, limit) => {
        const at = [0, ...cuts.toSorted((a, b) => a - b), text.length];
        const pieces = at.map((start, index) => text.slice(start, at[index + 1] ?? text.length));
        expect(read(pieces, limit)).toEqual(read([text], limit));
      },
    ),
    { numRuns: 3000 },
  );
});

test("rows come back as they were written", () => {
  const cell = fc.string({ unit: fc.constantFrom('"', ",", "\n", "\r", "a"), maxLength: 8 });
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 5 }), (rows) => {
      const text = rows.map((cells) => cells.map((value) => `"${value.replaceAll('"', '""')}"`).join(",")).join("\r\n");
      expect(cellsOf(read([text]))).toEqual(rows);
    }),
  );
});

test("quotes that nothing closes cost no more than others", () => {
  const began = process.cpuUsage();
  const rows = read([`"x"y\n`.repeat(200_000)], 1_000_000);
  const { user } = process.cpuUsage(began);
  expect(rows.length).toBe(200_000);
  expect(user / 1000).toBeLessThan(10_000);
});
