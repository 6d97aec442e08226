import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { absolute, formatDecimal, isZero, subtract, sum } from "@throughline/schemas/exact/rational";
import { toEntry } from "./entries.fixture.ts";
import type { Entry, Matching } from "./entry.ts";
import { listOpen, measureDrift, sumSides, traceEntries } from "./open-items.ts";
import { checkResidual, rollForward } from "./roll-forward.ts";

const END = 100;
const matching = fc.constantFrom<Matching>("1:1", "1:N", "M:N");
const amount = fc
  .tuple(fc.bigInt({ min: -(10n ** 29n), max: 10n ** 30n }), fc.nat({ max: 6 }))
  .map(([digits, scale]) => {
    const text = `${digits < 0n ? -digits : digits}`.padStart(scale + 1, "0");
    return `${digits < 0n ? "-" : ""}${scale === 0 ? text : `${text.slice(0, -scale)}.${text.slice(-scale)}`}`;
  });
const small = fc.constantFrom("0", "1", "2", "-1", "3.5");

const entries = fc
  .array(
    fc.record({
      side: fc.constantFrom("a" as const, "b" as const),
      key: fc.constantFrom("k1", "k2"),
      at: fc.nat({ max: END }),
      value: fc.oneof(small, small, amount),
      isReversed: fc.boolean(),
      after: fc.nat({ max: 20 }),
    }),
    { maxLength: 12 },
  )
  .map((drawn) =>
    drawn.map(({ side, key, at, value, isReversed, after }, index): Entry => {
      const back = value.startsWith("-") ? value.slice(1) : `-${value}`;
      return toEntry(side, value, { id: `${index}`, key, at, takenBack: isReversed ? [[at + after, back]] : [] });
    }),
  );

describe("tracing keys", () => {
  it("explains the net by the open items at any moment", () => {
    fc.assert(
      fc.property(entries, matching, fc.nat({ max: END + 30 }), (drawn, how, before) => {
        const open = listOpen(traceEntries(drawn, how).episodes, before);
        const { net, gross, count } = measureDrift(open, sumSides(drawn, before));
        expect(count).toBe(open.length);
        expect(isZero(subtract(gross, sum(open.map(({ value }) => absolute(value)))))).toBe(true);
        expect(isZero(subtract(net, sum(open.map(({ value }) => value))))).toBe(true);
      }),
    );
  });

  it("rolls forward without residual over any split of time", () => {
    fc.assert(
      fc.property(entries, matching, fc.array(fc.nat({ max: END + 30 }), { maxLength: 5 }), (drawn, how, cuts) => {
        const { episodes, flows } = traceEntries(drawn, how);
        const closingAt = (before: number) => {
          const open = listOpen(episodes, before);
          return { count: open.length, value: sum(open.map(({ value }) => absolute(value))) };
        };
        const moments = [0, ...cuts.toSorted((a, b) => a - b), END + 30];
        for (const [index, until] of moments.slice(1).entries()) {
          const from = moments[index] ?? 0;
          const between = flows.filter(({ at }) => at >= from && at < until);
          checkResidual(rollForward(closingAt(from), between), closingAt(until));
        }
        expect(moments.length).toBeGreaterThan(1);
      }),
      { numRuns: 500 },
    );
  });

  it("does not depend on the order of the entries", () => {
    fc.assert(
      fc.property(
        entries.chain((drawn) => fc.tuple(fc.constant(drawn), fc.shuffledSubarray(drawn, { minLength: drawn.length }))),
        matching,
        ([drawn, shuffled], how) => {
          expect(sorted(traceEntries(shuffled, how))).toEqual(sorted(traceEntries(drawn, how)));
        },
      ),
    );
  });

  it("leaves what lies before a moment as it was, whatever comes after it", () => {
    fc.assert(
      fc.property(entries, matching, fc.nat({ max: END }), (drawn, how, before) => {
        const known = drawn
          .map((entry) => ({ ...entry, movements: entry.movements.filter(({ at }) => at < before) }))
          .filter(({ movements }) => movements.length > 0);
        const names = (from: readonly Entry[]) =>
          listOpen(traceEntries(from, how).episodes, before)
            .map(({ side, item, value, since }) => `${side}${item} ${formatDecimal(value)} ${since}`)
            .toSorted();
        expect(names(drawn)).toEqual(names(known));
      }),
    );
  });

  it("nets out what was taken back as a whole", () => {
    fc.assert(
      fc.property(entries, matching, amount, (drawn, how, value) => {
        const back = value.startsWith("-") ? value.slice(1) : `-${value}`;
        const reversed = toEntry("a", value, { id: "reversed", key: "k3", at: 3, takenBack: [[7, back]] });
        const openOf = (from: readonly Entry[]) => listOpen(traceEntries(from, how).episodes, END + 30).length;
        expect(openOf([...drawn, reversed])).toBe(openOf(drawn));
      }),
    );
  });
});

function sorted({ episodes, flows }: ReturnType<typeof traceEntries>) {
  const show = (value: unknown) =>
    JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? `${inner}` : inner));
  return { episodes: episodes.map(show).toSorted(), flows: flows.map(show).toSorted() };
}
