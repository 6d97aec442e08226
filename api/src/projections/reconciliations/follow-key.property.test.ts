import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toEntry } from "./entries.fixture.ts";
import type { Entry, Matching, Side } from "./entry.ts";
import { MAX_LISTED } from "./item-entries.ts";
import { type Episode, traceGroup } from "./trace-group.ts";
import { traceWhole } from "./whole-trace.fixture.ts";

const MATCHINGS: readonly Matching[] = ["1:1", "1:N", "M:N"];
const value = fc.constantFrom("0", "1", "2", "-1", "3.5", "1", "2");
const few = { at: fc.nat({ max: 12 }), after: fc.array(fc.tuple(fc.nat({ max: 9 }), value), { maxLength: 3 }) };

const entries = fc
  .array(fc.record({ side: fc.constantFrom("a" as const, "b" as const), value, isWhole: fc.boolean(), ...few }), {
    maxLength: 40,
  })
  .map((drawn) =>
    drawn.map(({ side, value: first, at, after, isWhole }, index): Entry => {
      const back = first.startsWith("-") ? first.slice(1) : `-${first}`;
      const taken = isWhole && after.length > 0 ? [[at + (after[0]?.[0] ?? 0), back] as const] : [];
      return toEntry(side, first, {
        id: `${index % 7}${index}`,
        key: "k",
        at,
        period: `p${at % 3}`,
        takenBack: [...taken, ...after.map(([later, text]): [number, string] => [at + later, text])].map(
          ([when, text]): [number, string] => [when, text],
        ),
      });
    }),
  );

describe("following a key as its entries come", () => {
  it.each(MATCHINGS)("finds what looking at all that stands finds, where entries are put together %s", (matching) => {
    fc.assert(
      fc.property(entries, (drawn) => {
        const [found, whole] = [traceGroup(drawn, { matching }), traceWhole(drawn, matching)];
        expect(found.episodes.map(toText).toSorted()).toEqual(whole.episodes.map(toText).toSorted());
        const flows = [found, whole].map((trace) => trace.flows.map(toText).toSorted());
        expect(flows[0]).toEqual(flows[1]);
      }),
      { numRuns: 300 },
    );
  });

  it.each(MATCHINGS)("says of each entry whether it stands in an item, where they are put together %s", (matching) => {
    fc.assert(
      fc.property(entries, (drawn) => {
        for (const { entries: listed } of traceGroup(drawn, { matching }).episodes)
          for (const side of ["a", "b"] as const) {
            const all = listed[side].list();
            expect(listed[side].count).toBe(all.length);
            expect(listed[side].first).toEqual(all.slice(0, MAX_LISTED));
            const own = drawn.filter((entry) => entry.side === side && listed[side].has(entry)).map(({ id }) => id);
            expect(own.toSorted()).toEqual(all.toSorted());
          }
      }),
    );
  });

  it("follows ten thousand entries of one key within seconds", { timeout: 60_000 }, () => {
    for (const matching of MATCHINGS) {
      const many = Array.from({ length: 10_000 }, (_, index) => {
        const side: Side = index % 3 === 0 ? "b" : "a";
        return toEntry(side, `${1 + (index % 7)}`, { id: String(index).padStart(6, "0"), key: "k", at: index });
      });
      const { episodes, flows } = traceGroup(many, { matching });
      expect([episodes.length > 1000, flows.length > 1000]).toEqual([true, true]);
    }
  });
});

function toText(fact: object): string {
  return JSON.stringify(fact, (name, inner: unknown) => {
    if (name === "balance") return undefined;
    if (typeof inner === "bigint") return `${inner}`;
    if (isEntries(inner)) return { a: inner.a.list(), b: inner.b.list() };
    return inner;
  });
}

function isEntries(inner: unknown): inner is Episode["entries"] {
  return (
    typeof inner === "object" &&
    inner !== null &&
    "a" in inner &&
    typeof inner.a === "object" &&
    inner.a !== null &&
    "list" in inner.a
  );
}
