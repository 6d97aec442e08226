import { parseRational, toRational } from "@throughline/schemas/exact/rational";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Sample } from "./cases.ts";
import { MONEY_SCALE, toCloseParts } from "./close-accuracy.ts";
import { measureShare, measureSpread } from "./measure.ts";

const toSample = (part: number, whole = 1, key = "one"): Sample => ({
  at: 0,
  key,
  object: { type: "invoice", id: key },
  site: "",
  supplier: "",
  note: "",
  part,
  whole,
});
const exact = (text: string) => parseRational(text) ?? toRational(0n);

describe("close accuracy", () => {
  const measure = (adjustments: readonly string[], postings: readonly string[]) => {
    const parts = toCloseParts(adjustments.map(exact), postings.map(exact));
    return measureShare([{ ...toSample(0), ...parts }], MONEY_SCALE);
  };

  test("X1: 40,000 of adjustments on 8,000,000 posted leave 99.5 %", () => {
    expect(measure(["25000.00", "-15000.00"], ["5000000.00", "-3000000.00"])).toEqual({
      n: 1,
      numerator: "7960000",
      denominator: "8000000",
      value: "0.995",
    });
  });

  test("corrections up and down do not make each other undone, and nothing posted gives no figure", () => {
    expect(measure(["10", "-10"], ["100"]).value).toBe("0.8");
    expect(measure([], ["100.000000000000000001"]).value).toBe("1");
    expect(measure(["10"], []).value).toBeNull();
    expect(measure(["150"], ["100"]).value).toBe("-0.5");
  });
});

describe("a share", () => {
  test("states numerator, denominator and n, and is nothing where nothing counts", () => {
    const samples = [toSample(1, 1, "a"), toSample(0, 1, "b"), toSample(0, 1, "c")];
    expect(measureShare(samples)).toEqual({ n: 3, numerator: "1", denominator: "3", value: "0.333333" });
    expect(measureShare([])).toEqual({ n: 0, numerator: "0", denominator: "0", value: null });
  });

  test("adds up over any split, and counts each case once", () => {
    const samples = fc.array(
      fc.tuple(fc.nat(1_000_000_000), fc.nat(1_000_000_000)).map(([a, b]) => toSample(Math.min(a, b), Math.max(a, b))),
    );
    fc.assert(
      fc.property(samples, samples, (first, second) => {
        const [one, two, both] = [measureShare(first), measureShare(second), measureShare([...first, ...second])];
        expect(BigInt(both.numerator)).toBe(BigInt(one.numerator) + BigInt(two.numerator));
        expect(BigInt(both.denominator)).toBe(BigInt(one.denominator) + BigInt(two.denominator));
        expect(both.n).toBe(first.length + second.length === 0 ? 0 : 1);
      }),
    );
  });
});

describe("a spread", () => {
  test("is by nearest rank: nine of 1 h and one of 9 h have a median and a p90 of 1 h", () => {
    const samples = [...Array.from({ length: 9 }, () => toSample(3_600_000)), toSample(9 * 3_600_000)];
    expect(measureSpread(samples)).toEqual({ n: 10, median: 3_600_000, p90: 3_600_000 });
    expect(measureSpread([])).toEqual({ n: 0, median: null, p90: null });
  });

  test("is one that occurred, whatever the order", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1 }), (lengths) => {
        const { median, p90 } = measureSpread(lengths.map((length) => toSample(length)));
        expect(lengths).toContain(median);
        expect(lengths).toContain(p90);
        expect(measureSpread(lengths.toReversed().map((length) => toSample(length)))).toMatchObject({ median, p90 });
      }),
    );
  });
});
