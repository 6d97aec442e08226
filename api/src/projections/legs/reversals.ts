import type { Fact } from "../fact.ts";
import { toIdentity, toObjectKey } from "../fact.ts";
import { isSuccessful } from "./matchers.ts";

/** Which milestone a fact reaches, if any; a fact may reach several. */
export type MilestonesOf = (fact: Fact) => readonly string[];

/**
 * Finds which facts are taken back, and when: the time of the earliest reversal that itself stands. A reversal names
 * an event by identity, or a milestone of an object: then it takes back the latest occurrence at or before its own
 * time that names the object and still stands. One that finds nothing waits; one that did not succeed takes nothing back.
 */
export function findReversed(facts: readonly Fact[], milestonesOf: MilestonesOf): Map<Fact, number> {
  const reversals = facts.filter((fact) => fact.reverses !== undefined && isSuccessful(fact));
  if (reversals.length === 0) return new Map();
  const byIdentity = new Map(facts.map((fact) => [toIdentity(fact), fact]));
  const targets = findTargets(reversals, facts, { milestonesOf, byIdentity });
  const reversalsOf = Map.groupBy(targets, ([, target]) => target);

  const standing = new Map<Fact, boolean>();
  const stands = (fact: Fact): boolean => {
    const known = standing.get(fact);
    if (known !== undefined) return known;
    standing.set(fact, false);
    const result = !(reversalsOf.get(fact) ?? []).some(([reversal]) => stands(reversal));
    standing.set(fact, result);
    return result;
  };
  const reversed = new Map<Fact, number>();
  for (const [target, pairs] of reversalsOf) {
    const times = pairs.filter(([reversal]) => stands(reversal)).map(([reversal]) => reversal.time);
    if (times.length > 0) reversed.set(target, Math.min(...times));
  }
  return reversed;
}

function findTargets(
  reversals: readonly Fact[],
  facts: readonly Fact[],
  lookup: { milestonesOf: MilestonesOf; byIdentity: ReadonlyMap<string, Fact> },
): [reversal: Fact, target: Fact][] {
  const taken = new Set<Fact>();
  return reversals.flatMap((reversal): [Fact, Fact][] => {
    const { reverses } = reversal;
    if (reverses === undefined) return [];
    const target =
      "milestone" in reverses
        ? facts.findLast(
            (fact) =>
              fact !== reversal &&
              fact.time <= reversal.time + (reversal.impreciseMs ?? 0) &&
              !taken.has(fact) &&
              lookup.milestonesOf(fact).includes(reverses.milestone) &&
              fact.objects.some((object) => toObjectKey(object) === toObjectKey(reverses.object)),
          )
        : lookup.byIdentity.get(toIdentity(reverses));
    if (target === undefined || target === reversal) return [];
    taken.add(target);
    return [[reversal, target]];
  });
}
