import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findShifts } from "./find-shifts.ts";

/** Normal noise from a seed, the same every time. */
function createNoise(seed: number) {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
}

function createSeries(
  seed: number,
  {
    length,
    levelOf,
    correlation = 0,
  }: {
    length: number;
    levelOf: (index: number) => number;
    correlation?: number;
  },
): number[] {
  const noise = createNoise(seed);
  let kept = 0;
  return Array.from({ length }, (_, index) => {
    kept = correlation * kept + noise();
    return levelOf(index) + kept;
  });
}

const indexes = (values: readonly number[], minLength = 3) => findShifts(values, minLength).map(({ index }) => index);
const SEEDS = Array.from({ length: 200 }, (_, index) => index * 7919 + 13);

describe("where a series shifts", () => {
  it("is the place of a step, without noise and with it", () => {
    const step = (at: number) => Array.from({ length: 60 }, (_, index) => (index < at ? 100 : 900));
    expect(indexes(step(25))).toEqual([25]);
    const up = createSeries(5, { length: 90, levelOf: (index) => (index < 40 ? 0 : 6) });
    expect(indexes(up)).toEqual([40]);
    const both = createSeries(9, { length: 120, levelOf: (index) => (index < 40 || index >= 80 ? 0 : 8) });
    expect(indexes(both)).toEqual([40, 80]);
  });

  it("is nowhere in a quiet series, nor where something is open for a day", () => {
    expect(indexes(Array.from({ length: 90 }, () => 0))).toEqual([]);
    expect(indexes(Array.from({ length: 90 }, () => 12.5))).toEqual([]);
    for (const every of [10, 17, 30])
      expect(indexes(Array.from({ length: 90 }, (_, index) => (index % every === 4 ? 100 : 0)))).toEqual([]);
    expect(indexes([0, 0, 9, 9])).toEqual([]);
  });

  it("is hardly ever found in noise alone, also where neighbours hang together", () => {
    for (const correlation of [0, 0.4, 0.7]) {
      const alarms = SEEDS.filter((seed) => {
        return indexes(createSeries(seed, { length: 90, levelOf: () => 50, correlation })).length > 0;
      });
      expect(alarms.length).toBeLessThanOrEqual(SEEDS.length * 0.05);
    }
  });

  it("is found nearly always where the level moves by five deviations, within a value of where it does", () => {
    const found = SEEDS.filter((seed) => {
      const cuts = indexes(createSeries(seed, { length: 90, levelOf: (index) => (index < 50 ? 0 : 5) }));
      return cuts.some((cut) => Math.abs(cut - 50) <= 1);
    });
    expect(found.length).toBeGreaterThan(SEEDS.length * 0.95);
  });

  it("depends neither on the scale nor on the direction, and keeps levels as long as asked", () => {
    const series = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 6, maxLength: 60 });
    fc.assert(
      fc.property(series, fc.integer({ min: 2, max: 6 }), (drawn, minLength) => {
        const cuts = indexes(drawn, minLength);
        expect(
          indexes(
            drawn.map((value) => value * 1024),
            minLength,
          ),
        ).toEqual(cuts);
        expect(
          indexes(
            drawn.map((value) => -value),
            minLength,
          ),
        ).toEqual(cuts);
        const ends = [1, ...cuts, drawn.length];
        expect(ends.slice(1).every((end, index) => cuts.length === 0 || end - (ends[index] ?? 0) >= minLength)).toBe(
          true,
        );
      }),
    );
  });
});
