import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holdOrder } from "./table-order.ts";

interface Row {
  key: string;
  version: number;
}

const keyOf = (row: Row): string => row.key;
const rows = (...keys: string[]): Row[] => keys.map((key) => ({ key, version: 0 }));

describe("rows under the pointer", () => {
  it("keep their places while newer ones wait and further pages follow", () => {
    const held = holdOrder(rows("b", "c"), rows("a", "b", "x", "c", "d"), keyOf);
    expect(held.rows.map(keyOf)).toEqual(["b", "c", "d"]);
    expect(held.waiting).toBe(2);
  });

  it("take their new content in place", () => {
    const held = holdOrder(
      rows("a", "b"),
      [
        { key: "b", version: 7 },
        { key: "a", version: 3 },
      ],
      keyOf,
    );
    expect(held.rows).toEqual([
      { key: "a", version: 3 },
      { key: "b", version: 7 },
    ]);
  });

  it("stay, marked, when the list no longer has them", () => {
    const held = holdOrder(rows("a", "b"), rows("b"), keyOf);
    expect(held.rows.map(keyOf)).toEqual(["a", "b"]);
    expect(held.gone).toEqual(new Set(["a"]));
  });

  it("make way for a list that shares none of them", () => {
    expect(holdOrder(rows("a", "b"), rows("x"), keyOf)).toEqual({ rows: rows("x"), waiting: 0, gone: new Set() });
  });

  it("never move, whatever arrives", () => {
    const keys = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h"));
    fc.assert(
      fc.property(keys, keys, (before, after) => {
        const held = holdOrder(rows(...before), rows(...after), keyOf);
        const isOther = !after.some((key) => before.includes(key));
        const expected = isOther ? [] : before;
        const all = isOther ? after : [...before, ...after];
        expect(held.rows.map(keyOf).slice(0, expected.length)).toEqual(expected);
        expect(held.rows.length + held.waiting).toBe(new Set(all).size);
      }),
    );
  });
});
