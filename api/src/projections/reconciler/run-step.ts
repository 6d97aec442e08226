import { toIdentity } from "../fact.ts";
import { identifyArrivals, insertContests } from "../engine/contests.ts";
import { type ArrivedFact, type PassedEvent, listPassedFacts } from "../engine/read-facts.ts";
import { rememberObjects } from "../engine/remember-objects.ts";
import type { Step } from "../engine/steps.ts";
import { type ReconcilerOutcome, type ReconcilerPlan, RECONCILER } from "./plan.ts";
import type { ReconcilerState } from "./state.ts";

/** What a step reads: the events that any family uses, and where the others are. */
export interface ReconcilerArrivals {
  facts: readonly ArrivedFact[];
  passed: readonly PassedEvent[];
}

/** Carries out one step: lets each family evaluate what the events touch, and stores what they find. */
export async function runReconcilerStep(
  state: ReconcilerState,
  step: Step,
  { plan, arrived }: { plan: ReconcilerPlan; arrived: ReconcilerArrivals },
): Promise<ReconcilerOutcome> {
  const { client, families } = state;
  const facts = [...arrived.facts, ...(await listRestated(state, arrived))];
  const { knownBefore, firstNamed } = rememberObjects(facts, state.seenObjects, (type) => state.subjectTypes.has(type));
  const identified = await identifyArrivals(client, facts, { seen: state.seenIdentities, until: plan.cursors });
  for (const { identityHash } of arrived.passed) state.seenIdentities.add(identityHash);
  const used = new Set(state.eventTypes);
  const contested = identified.contested.filter(({ statements }) => statements.some(({ type }) => used.has(type)));
  for (const { contest, statements } of contested)
    for (const fact of statements.slice(0, 1)) state.contested.set(toIdentity(fact), contest);

  const input = {
    client,
    step,
    until: plan.cursors,
    contested: state.contested,
    arrivals: { facts, standings: identified.standings, contested, knownBefore, deferred: plan.deferred },
    isFirstNamed: (key: string) => firstNamed.has(key),
    postponed: plan.postponed,
  };
  const token = (part: string) => `${RECONCILER}:0/1:${step.batch}:${part}`;
  // While one waits for the store the other works.
  const findings = await Promise.all(families.map((family) => family.evaluate(input)));
  await Promise.all([
    ...findings.map(({ store }) => store(token)),
    insertContests(client, step, { projector: RECONCILER, contested, token: token("contests") }),
  ]);
  return { cursors: plan.cursors, deferred: findings.flatMap(({ deferred }) => deferred) };
}

/** Passed events under an identity that may have been stated before: one of them can replace what a family has used. */
async function listRestated(
  { client, seenIdentities }: ReconcilerState,
  { facts, passed }: ReconcilerArrivals,
): Promise<ArrivedFact[]> {
  const here = new Set(facts.map(({ identityHash }) => identityHash));
  return listPassedFacts(
    client,
    passed.filter(({ identityHash }) => here.has(identityHash) || seenIdentities.has(identityHash)),
  );
}
