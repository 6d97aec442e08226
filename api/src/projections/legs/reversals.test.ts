import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Fact, toObjectKey } from "../fact.ts";
import { evaluateLegs } from "./evaluate-legs.ts";
import { compareByTime } from "./resolve-facts.ts";
import { findReversed } from "./reversals.ts";
import { at, createContext, createFact, issued, orderModel, received } from "./order-flow.fixture.ts";

function judge(facts: Fact[]) {
  return evaluateLegs({ instanceId: "4500000001/10", base: undefined, facts }, orderModel, createContext(at("23:00")));
}

describe("a reversal", () => {
  it("of a part reopens nothing, since what it was a part of had not ended", () => {
    const part = received(at("12:00"), "40");
    const reversal = createFact({
      type: "erp.goods_receipt.reversed",
      time: at("15:00"),
      reverses: { source: part.source, id: part.id },
    });
    const facts = [issued(at("08:00")), part, reversal, received(at("19:00"), "100")];
    const late = judge(facts).find(({ leg }) => leg === "complete-receipt");
    expect(late).toMatchObject({ verdict: "BREACHED", dueAt: at("18:00"), excusedMs: 0, flags: [] });
    const whole = [...facts, received(at("13:00"), "60")];
    const reopened = judge(whole).find(({ leg }) => leg === "complete-receipt");
    expect(reopened).toMatchObject({
      verdict: "MET",
      dueAt: at("20:00"),
      excusedMs: 2 * 3_600_000,
      flags: ["reopened"],
    });
  });

  it("takes nothing back where it did not succeed", () => {
    const first = received(at("12:00"), "100", { id: "receipt-1" });
    const reversal = createFact({
      type: "erp.goods_receipt.reversed",
      time: at("15:00"),
      outcome: "failed",
      reverses: { source: "erp", id: "receipt-1" },
    });
    const leg = judge([issued(at("08:00")), first, reversal]).find((row) => row.leg === "first-receipt");
    expect(leg).toMatchObject({ verdict: "MET", endedAt: at("12:00"), dueAt: at("18:00"), flags: [] });
  });
});

/** Receipts, reversals of a milestone of an object, and reversals that reach a milestone themselves. */
const sketches = fc.uniqueArray(
  fc.record({
    minute: fc.integer({ min: 0, max: 60 }),
    object: fc.constantFrom("a", "b"),
    reaches: fc.subarray(["counted", "posted"]),
    reverses: fc.option(fc.constantFrom("counted", "posted"), { freq: 2 }),
    impreciseMs: fc.constantFrom(undefined, undefined, 5 * 60_000),
  }),
  { maxLength: 40, selector: ({ minute }) => minute },
);

it("takes back the latest that still stands, each of them once, as a search through all of it finds them", () => {
  fc.assert(
    fc.property(sketches, (list) => {
      const facts = list
        .map(({ minute, object, reaches, reverses, impreciseMs }, index) =>
          createFact({
            type: "test.receipt.told",
            id: `e${index}`,
            time: at("08:00") + minute * 60_000,
            // What reaches a milestone is known to the minute, so that no two can take each other back.
            impreciseMs: reaches.length > 0 ? undefined : impreciseMs,
            objects: [{ type: "receipt", id: object }],
            attributes: { reaches },
            reverses: reverses === null ? undefined : { object: { type: "receipt", id: object }, milestone: reverses },
          }),
        )
        .toSorted(compareByTime);
      expect([...findReversed(facts, milestonesOf).keys()]).toEqual([...searchReversed(facts)]);
    }),
    { numRuns: 1000 },
  );
});

function milestonesOf({ attributes }: Fact): string[] {
  const reached = attributes["reaches"];
  return Array.isArray(reached) ? reached.map(String) : [];
}

/** What stands taken back, by looking through all facts for each reversal. */
function searchReversed(facts: readonly Fact[]): Set<Fact> {
  const targetOf = new Map<Fact, Fact>();
  for (const reversal of facts) {
    const { reverses } = reversal;
    if (reverses === undefined || !("milestone" in reverses)) continue;
    const target = facts.findLast(
      (fact) =>
        fact !== reversal &&
        fact.time <= reversal.time + (reversal.impreciseMs ?? 0) &&
        ![...targetOf.values()].includes(fact) &&
        milestonesOf(fact).includes(reverses.milestone) &&
        fact.objects.some((object) => toObjectKey(object) === toObjectKey(reverses.object)),
    );
    if (target) targetOf.set(reversal, target);
  }
  const sourceOf = new Map([...targetOf].map(([reversal, target]) => [target, reversal]));
  const stands = (fact: Fact): boolean => {
    const by = sourceOf.get(fact);
    return by === undefined || !stands(by);
  };
  return new Set([...targetOf].filter(([reversal]) => stands(reversal)).map(([, target]) => target));
}
