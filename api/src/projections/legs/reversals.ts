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
  return findReversals(facts, milestonesOf).reversed;
}

/** The same, with the reversals that found nothing. */
export function findReversals(
  facts: readonly Fact[],
  milestonesOf: MilestonesOf,
): { reversed: Map<Fact, number>; unmet: Fact[] } {
  const reversals = facts.filter((fact) => fact.reverses !== undefined && isSuccessful(fact));
  if (reversals.length === 0) return { reversed: new Map(), unmet: [] };
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
  const met = new Set(targets.map(([reversal]) => reversal));
  return { reversed, unmet: reversals.filter((reversal) => !met.has(reversal)) };
}

function findTargets(
  reversals: readonly Fact[],
  facts: readonly Fact[],
  lookup: { milestonesOf: MilestonesOf; byIdentity: ReadonlyMap<string, Fact> },
): [reversal: Fact, target: Fact][] {
  const taken = new Set<Fact>();
  const reached = listReached(reversals, facts, lookup.milestonesOf);
  return reversals.flatMap((reversal): [Fact, Fact][] => {
    const { reverses } = reversal;
    if (reverses === undefined) return [];
    const target =
      "milestone" in reverses
        ? takeLatest(reached.get(toKey(reverses)) ?? NOTHING, reversal, taken)
        : lookup.byIdentity.get(toIdentity(reverses));
    if (target === undefined || target === reversal) return [];
    taken.add(target);
    return [[reversal, target]];
  });
}

/** The facts that reach a milestone of an object, in the order of time, each with the place of the latest before it that may stand. */
interface Reached {
  facts: Fact[];
  before: number[];
}

const NOTHING: Reached = { facts: [], before: [] };

function toKey({ milestone, object }: { milestone: string; object: { type: string; id: string } }): string {
  return `${milestone}\u0000${toObjectKey(object)}`;
}

/** By milestone and object, what reaches those that reversals name: one look at each fact, however many reversals there are. */
function listReached(
  reversals: readonly Fact[],
  facts: readonly Fact[],
  milestonesOf: MilestonesOf,
): Map<string, Reached> {
  const found = new Map<string, Reached>();
  const objects = new Set<string>();
  for (const { reverses } of reversals) {
    if (reverses === undefined || !("milestone" in reverses)) continue;
    found.set(toKey(reverses), { facts: [], before: [] });
    objects.add(toObjectKey(reverses.object));
  }
  if (objects.size === 0) return found;
  for (const fact of facts) {
    const named = new Map(fact.objects.map((object) => [toObjectKey(object), object]));
    for (const [key, object] of named) {
      if (!objects.has(key)) continue;
      for (const milestone of milestonesOf(fact)) {
        const reached = found.get(toKey({ milestone, object }));
        reached?.before.push(reached.facts.push(fact) - 2);
      }
    }
  }
  return found;
}

/** The latest that still stands at the time of a reversal; places that were taken are stepped over once and for all. */
function takeLatest({ facts, before }: Reached, reversal: Fact, taken: ReadonlySet<Fact>): Fact | undefined {
  const latest = reversal.time + (reversal.impreciseMs ?? 0);
  let [low, high] = [0, facts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((facts[middle]?.time ?? Infinity) <= latest) low = middle + 1;
    else high = middle;
  }
  const place = skipTaken({ facts, before }, low - 1, taken);
  return facts[facts[place] === reversal ? skipTaken({ facts, before }, place - 1, taken) : place];
}

/** The place of the latest fact from `place` back that was not taken, or -1; what lies between is not walked over again. */
function skipTaken({ facts, before }: Reached, place: number, taken: ReadonlySet<Fact>): number {
  const passed: number[] = [];
  let found = place;
  for (let fact = facts[found]; fact !== undefined && taken.has(fact); fact = facts[found]) {
    passed.push(found);
    found = before[found] ?? -1;
  }
  for (const each of passed) before[each] = found;
  return found;
}
