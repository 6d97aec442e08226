import { type Contest, type Fact, compareStatements, toIdentity } from "../fact.ts";

export interface ResolvedFacts {
  /** One fact an event, the statement that counts, by event time. */
  facts: Fact[];
  /** Identities stated with different content under one revision. */
  conflicts: ReadonlySet<string>;
}

/**
 * Leaves one statement of each event: repetitions fall away, the highest revision wins, then the smallest digest, so
 * that the order of arrival decides nothing. `contested` gives the winner where the rival is not in this history.
 */
export function resolveFacts(facts: readonly Fact[], contested: ReadonlyMap<string, Contest>): ResolvedFacts {
  const winners = new Map<string, Fact>();
  const conflicts = new Set<string>();
  for (const fact of facts) {
    const identity = toIdentity(fact);
    const rival = winners.get(identity);
    if (rival && fact.revision > rival.revision) conflicts.delete(identity);
    if (rival?.revision === fact.revision && rival.digest !== fact.digest) conflicts.add(identity);
    if (!rival || isBefore(fact, rival)) winners.set(identity, fact);
  }
  const counted = [...winners].filter(([identity, fact]) => {
    const contest = contested.get(identity);
    if (contest?.isConflict) conflicts.add(identity);
    return contest === undefined || compareStatements(fact, contest) <= 0;
  });
  return { facts: counted.map(([, fact]) => fact).toSorted(compareByTime), conflicts };
}

function isBefore(a: Fact, b: Fact): boolean {
  const order = compareStatements(a, b);
  return order < 0 || (order === 0 && (a.log < b.log || (a.log === b.log && a.position < b.position)));
}

/** By event time; equal times by identity, so that the order is the same whatever arrived first. */
export function compareByTime(a: Fact, b: Fact): number {
  if (a.time !== b.time) return a.time - b.time;
  if (a.source !== b.source) return a.source < b.source ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
