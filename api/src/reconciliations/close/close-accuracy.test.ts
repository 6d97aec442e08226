import { formatDecimal } from "@throughline/schemas/exact/rational";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decimal } from "../../projections/reconciliations/entries.fixture.ts";
import { comparePostings, findCloseAccuracy } from "./close-accuracy.ts";

const accuracyOf = (adjustments: string, postings: string) => {
  const found = findCloseAccuracy(decimal(adjustments), decimal(postings));
  return found && formatDecimal(found);
};

test("X1: 40,000 put right of 8,000,000 posted is 99.5 %", () => {
  expect(accuracyOf("40000", "8000000")).toBe("0.995");
});

test("says nothing where nothing was posted, and goes below 0 where more was put right than posted", () => {
  expect(accuracyOf("5", "0")).toBe(undefined);
  expect(accuracyOf("0", "12.5")).toBe("1");
  expect(accuracyOf("30", "20")).toBe("-0.5");
});

const postings = fc.dictionary(fc.constantFrom("p", "q", "r"), fc.integer({ min: -9, max: 9 }), { maxKeys: 3 });
const toPostings = (drawn: Record<string, number>) =>
  new Map(Object.entries(drawn).map(([name, value]) => [name, decimal(String(value))]));

test("counts each posting that came, went or changed, in gross, the same both ways", () => {
  const change = (before: Record<string, number>, after: Record<string, number>) => {
    const { changed, count } = comparePostings(toPostings(before), toPostings(after));
    return [formatDecimal(changed), count];
  };
  expect(change({ p: 10, q: 4 }, { p: 7, r: 2 })).toEqual(["9", 3]);
  fc.assert(
    fc.property(postings, postings, (a, b) => {
      expect(change(a, b)).toEqual(change(b, a));
      expect(change(a, a)).toEqual(["0", 0]);
    }),
  );
});
