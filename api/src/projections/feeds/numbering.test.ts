import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addNumber, type Gap, MAX_GAPS, type Numbered, type Numbering, toSequenceWatermark } from "./numbering.ts";

const at = (number: number): Numbered => ({ number, time: number * 1000, arrivedAt: number * 1000 + 5 });

function addAll(seen: readonly Numbered[]): Numbering | undefined {
  return seen.reduce<Numbering | undefined>((numbering, each) => addNumber(numbering, each).numbering, undefined);
}

const ranges = (gaps: readonly Gap[] = []) =>
  gaps
    .map(({ epoch, first, last }) => [epoch, first, last])
    .toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0));

describe("sequence numbers", () => {
  it("miss what lies between the least and the greatest, in whatever order they come and come again", () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 40 });
    const orders = numbers.chain((seen) =>
      fc.record({
        seen: fc.constant(seen),
        order: fc.shuffledSubarray([...seen, ...seen], { minLength: seen.length * 2 }),
      }),
    );
    fc.assert(
      fc.property(orders, ({ seen, order }) => {
        const missing = new Set<number>();
        for (let number = Math.min(...seen); number <= Math.max(...seen); number++)
          if (!seen.includes(number)) missing.add(number);
        const gaps = addAll(order.map(at))?.gaps ?? [];
        const found = gaps.flatMap(({ first, last }) =>
          Array.from({ length: last - first + 1 }, (_, index) => first + index),
        );
        expect(found.toSorted((a, b) => a - b)).toEqual([...missing]);
        expect(gaps.every(({ epoch }) => epoch === 0)).toBe(true);
      }),
    );
  });

  it("tell of each range that opens and is filled, so that adding the changes up gives the ranges that are open", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 60 }), (numbers) => {
        let numbering: Numbering | undefined;
        const kept = new Map<string, Gap>();
        for (const number of numbers) {
          const added = addNumber(numbering, at(number));
          numbering = added.numbering;
          for (const { gap, state } of added.changes) {
            const key = `${gap.epoch}/${gap.first}-${gap.last}`;
            const isOpening = state === "open";
            expect(kept.has(key)).toBe(!isOpening);
            if (isOpening) kept.set(key, gap);
            else kept.delete(key);
          }
        }
        expect(ranges([...kept.values()])).toEqual(ranges(numbering?.gaps));
      }),
    );
  });

  it("begin a new epoch when they restart, and keep the gaps of the old one", () => {
    const old = addAll([at(1), at(2), at(5)]);
    const restarted = addNumber(old, { number: 1, time: 9000, arrivedAt: 9000 }).numbering;
    expect(restarted).toMatchObject({ epoch: 1, first: 1, next: 2, topAt: 9000 });
    expect(ranges(restarted.gaps)).toEqual([[0, 3, 4]]);
    const filled = addNumber(restarted, { number: 3, time: 3000, arrivedAt: 9500 });
    expect(ranges(filled.numbering.gaps)).toEqual([[0, 4, 4]]);
    expect(filled.changes.map(({ state }) => state)).toEqual(["filled", "open"]);
    expect(addNumber(filled.numbering, { number: 2, time: 9600, arrivedAt: 9600 }).changes).toEqual([]);
  });

  it("follow no more ranges than they may, however a wide one is filled", () => {
    let numbering = addAll([at(0), at(10 * MAX_GAPS)]);
    const changes = [];
    for (let number = 2; number < 4 * MAX_GAPS; number += 2) {
      const added = addNumber(numbering, at(number));
      numbering = added.numbering;
      changes.push(...added.changes);
    }
    expect(numbering?.gaps).toHaveLength(MAX_GAPS);
    expect(changes.filter(({ state }) => state === "lost").length).toBe(MAX_GAPS);
  });

  it("do not restart when an event is sent again", () => {
    const numbering = addAll([at(1), at(2), at(3)]);
    expect(addNumber(numbering, at(2))).toEqual({ numbering, changes: [] });
  });

  it("hold the watermark before the first gap until that is filled or no longer waited for", () => {
    const numbering = addAll([at(1), at(2), at(4), at(7)]);
    expect(numbering && toSequenceWatermark(numbering, 0, 7000)).toBe(2000);
    const filled = numbering && addNumber(numbering, { number: 3, time: 3000, arrivedAt: 8000 }).numbering;
    expect(filled && toSequenceWatermark(filled, 0, 7000)).toBe(4000);
    expect(filled && toSequenceWatermark(filled, 7005, 7000)).toBe(7000);
  });

  it("are followed in bounded memory: the oldest gap is given up", () => {
    let numbering = addNumber(undefined, at(0)).numbering;
    const states: string[] = [];
    for (let number = 2; number <= 2 * MAX_GAPS + 2; number += 2) {
      const added = addNumber(numbering, at(number));
      numbering = added.numbering;
      states.push(...added.changes.map(({ gap, state }) => `${state} ${gap.first}`));
    }
    expect(numbering.gaps).toHaveLength(MAX_GAPS);
    expect(states.at(-1)).toBe("lost 1");
  });
});
