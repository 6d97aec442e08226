import type { Contest, Fact } from "../fact.ts";
import { findSupplier, toIdentity } from "../fact.ts";
import { readGoods } from "./goods.ts";
import { type FlowModel, type MilestoneModel, listChanged, listReached, listRestated } from "./flow-model.ts";
import { type LegModel, findRules } from "./leg-model.ts";
import { hasAll, isMatch } from "./matchers.ts";
import { resolveFacts } from "./resolve-facts.ts";
import { findReversed } from "./reversals.ts";
import { EMPTY_MILESTONE, type MilestoneSummary, type Occurrence, type Summary, addOccurrences } from "./summary.ts";

/** The history of an instance: its facts, and what earlier ones were folded into when there were many. */
export interface History {
  instanceId: string;
  base: Summary | undefined;
  facts: readonly Fact[];
}

const CRITICALITIES: ReadonlySet<unknown> = new Set(["critical", "high", "standard"]);

/** More changes of one instance than this start nothing anew. */
const MAX_RESTARTS = 1000;

type Addition = Omit<MilestoneSummary, "first" | "count"> & { restated: Occurrence[] };

/** Folds a history into what the verdicts need to know. Facts must not lie before the end of `history.base`. */
export function summarize(history: History, model: FlowModel, contested: ReadonlyMap<string, Contest>): Summary {
  const { facts, conflicts } = resolveFacts(history.facts, contested);
  const milestonesOf = (fact: Fact) => listReached(model, fact).map(({ id }) => id);
  const reversed = findReversed(facts, milestonesOf);
  const additions = new Map<string, Addition>();
  let cancelledAt = history.base?.cancelledAt;
  let supplier = history.base?.supplier;
  let restarts = history.base?.restarts;
  for (const fact of facts) {
    if (supplier === undefined && isOwnWord(model, fact)) supplier = findSupplier(fact);
    const reversedAt = reversed.get(fact);
    if (reversedAt === undefined && model.cancellations.some((matcher) => isMatch(matcher, fact)))
      cancelledAt ??= fact.time;
    if (reversedAt === undefined) restarts = addRestarts(restarts, model, fact);
    const hasConflict = conflicts.has(toIdentity(fact));
    for (const { id, measure } of listRestated(model, fact)) {
      const added = getAddition(additions, id);
      added.hasConflict ||= hasConflict;
      if (reversedAt === undefined) added.restated.push(toOccurrence(fact, measure, []));
    }
    for (const milestone of listReached(model, fact)) {
      const added = getAddition(additions, milestone.id);
      added.hasConflict ||= hasConflict;
      if (reversedAt === undefined)
        added.steps.push(toOccurrence(fact, milestone.measure, listStarting(model, milestone)));
      else added.reversed.push({ time: fact.time, reversedAt, goods: readGoods(fact, milestone.measure) });
    }
  }
  return { cancelledAt, supplier, restarts, milestones: addAll(history.base, additions, model) };
}

function getAddition(additions: Map<string, Addition>, milestone: string): Addition {
  const added = additions.get(milestone) ?? { steps: [], reversed: [], restated: [], hasConflict: false };
  additions.set(milestone, added);
  return added;
}

/** True for what is said of the flow itself; a reversal may have to wait for what it takes back, so it names nothing. */
function isOwnWord(model: FlowModel, fact: Fact): boolean {
  return fact.reverses === undefined && model.eventTypes.has(fact.type);
}

/** Changes of one moment start a leg anew once. */
function addRestarts(known: Summary["restarts"], model: FlowModel, fact: Fact): Summary["restarts"] {
  const changed = listChanged(model, fact);
  if (changed.size === 0) return known;
  const restarts = { ...known };
  for (const id of changed) {
    const earlier = restarts[id] ?? [];
    if (earlier.length >= MAX_RESTARTS || earlier.at(-1)?.time === fact.time) continue;
    const ways = model.legs.filter((leg) => leg.id === id);
    restarts[id] = [...earlier, toOccurrence(fact, undefined, ways)];
  }
  return restarts;
}

function addAll(
  base: Summary | undefined,
  additions: ReadonlyMap<string, Addition>,
  model: FlowModel,
): Record<string, MilestoneSummary> {
  const milestones: Record<string, MilestoneSummary> = { ...base?.milestones };
  for (const [id, added] of additions) {
    const keepSteps = model.legs.some(
      (leg) => (leg.isByQuantity && (leg.from === id || leg.to === id)) || (leg.canRestart && leg.to === id),
    );
    milestones[id] = addOccurrences(milestones[id] ?? EMPTY_MILESTONE, added, keepSteps);
  }
  return milestones;
}

function listStarting(model: FlowModel, milestone: MilestoneModel): readonly LegModel[] {
  return model.legs.filter(({ from }) => from === milestone.id);
}

/** What is kept of an event, with the deadlines of the legs that it starts. */
function toOccurrence(fact: Fact, measure: string | undefined, starting: readonly LegModel[]): Occurrence {
  const { criticality } = fact.attributes;
  return {
    time: fact.time,
    impreciseMs: fact.impreciseMs,
    log: fact.log,
    position: fact.position,
    site: fact.site,
    goods: readGoods(fact, measure),
    supplier: findSupplier(fact),
    criticality: CRITICALITIES.has(criticality) ? String(criticality) : undefined,
    deadlines: toDeadlines(fact, starting),
  };
}

/** Where it is not known when in a day a leg starts, it has its time from the end of that day on. */
function toDeadlines(fact: Fact, starting: readonly LegModel[]): Occurrence["deadlines"] {
  const deadlines: Record<string, Occurrence["deadlines"][string]> = {};
  const latest = fact.impreciseMs === undefined ? fact : { ...fact, time: fact.time + fact.impreciseMs };
  for (const leg of starting) {
    const target = findRules(leg, fact.time)?.targets.find(({ conditions }) => hasAll(conditions, fact));
    if (target) deadlines[leg.id] = target.toDeadline(latest);
  }
  return deadlines;
}
