import type { Contest, Fact } from "../fact.ts";
import { findSupplier, toIdentity } from "../fact.ts";
import { type FlowModel, type LegModel, type MilestoneModel, hasAll, isMatch, listReached } from "./flow-model.ts";
import { judgeLeg } from "./judge-leg.ts";
import type { LegRow } from "./leg-row.ts";
import type { Watermark } from "./leg-state.ts";
import { resolveFacts } from "./resolve-facts.ts";
import { findReversed } from "./reversals.ts";
import {
  EMPTY_MILESTONE,
  type MilestoneSummary,
  type Occurrence,
  type Summary,
  addOccurrences,
  readQuantity,
} from "./summary.ts";

/** What an evaluation may know besides the history. The same context and history give the same rows, always. */
export interface LegContext {
  now: number;
  /** Up to when a milestone is complete for a site. */
  watermark: (model: FlowModel, milestone: string, site: string) => Watermark;
  contested: ReadonlyMap<string, Contest>;
}

/** The history of an instance: its facts, and what earlier ones were folded into when there were many. */
export interface History {
  instanceId: string;
  base: Summary | undefined;
  facts: readonly Fact[];
}

const CRITICALITIES: ReadonlySet<unknown> = new Set(["critical", "high", "standard"]);

/** The rows of an instance's legs, all or some. Pure: neither the clock nor the order of `facts` has any say. */
export function evaluateLegs(
  history: History,
  model: FlowModel,
  context: LegContext & { legs?: readonly LegModel[] },
): LegRow[] {
  const summary = summarize(history, model, context.contested);
  return (context.legs ?? model.legs).flatMap((leg) => {
    const site = findSite(leg, summary);
    const clock = {
      now: context.now,
      from: context.watermark(model, leg.from, site),
      to: context.watermark(model, leg.to, site),
      skewAllowanceMs: model.skewAllowanceMs,
    };
    return judgeLeg({ model, leg, instanceId: history.instanceId }, summary, clock) ?? [];
  });
}

/** Where a leg started, else where it ended. */
export function findSite({ from, to }: LegModel, { milestones }: Summary): string {
  return milestones[from]?.first?.site || milestones[to]?.first?.site || "";
}

/** Folds a history into what the verdicts need to know. Facts must not lie before the end of `history.base`. */
export function summarize(history: History, model: FlowModel, contested: ReadonlyMap<string, Contest>): Summary {
  const { facts, conflicts } = resolveFacts(history.facts, contested);
  const milestonesOf = (fact: Fact) => listReached(model, fact).map(({ id }) => id);
  const reversed = findReversed(facts, milestonesOf);
  const additions = new Map<string, Omit<MilestoneSummary, "first" | "count">>();
  let cancelledAt = history.base?.cancelledAt;
  let supplier = history.base?.supplier;
  for (const fact of facts) {
    if (supplier === undefined && isOwnWord(model, fact)) supplier = findSupplier(fact);
    const reversedAt = reversed.get(fact);
    if (reversedAt === undefined && model.cancellations.some((matcher) => isMatch(matcher, fact)))
      cancelledAt ??= fact.time;
    for (const milestone of listReached(model, fact)) {
      const added = additions.get(milestone.id) ?? { steps: [], reversed: [], hasConflict: false };
      additions.set(milestone.id, added);
      added.hasConflict ||= conflicts.has(toIdentity(fact));
      if (reversedAt === undefined) added.steps.push(toOccurrence(fact, model, milestone));
      else added.reversed.push({ time: fact.time, reversedAt });
    }
  }
  return { cancelledAt, supplier, milestones: addAll(history.base, additions, model) };
}

/** True for what is said of the flow itself; a reversal may have to wait for what it takes back, so it names nothing. */
function isOwnWord(model: FlowModel, fact: Fact): boolean {
  return fact.reverses === undefined && model.eventTypes.has(fact.type);
}

function addAll(
  base: Summary | undefined,
  additions: ReadonlyMap<string, Omit<MilestoneSummary, "first" | "count">>,
  model: FlowModel,
): Record<string, MilestoneSummary> {
  const milestones: Record<string, MilestoneSummary> = { ...base?.milestones };
  for (const [id, added] of additions) {
    const keepSteps = model.legs.some(
      (leg) => leg.underTolerancePercent !== undefined && (leg.from === id || leg.to === id),
    );
    milestones[id] = addOccurrences(milestones[id] ?? EMPTY_MILESTONE, added, keepSteps);
  }
  return milestones;
}

function toOccurrence(fact: Fact, model: FlowModel, milestone: MilestoneModel): Occurrence {
  const { criticality } = fact.attributes;
  return {
    time: fact.time,
    log: fact.log,
    position: fact.position,
    site: fact.site,
    quantity: readQuantity(fact, milestone.measure),
    supplier: findSupplier(fact),
    criticality: CRITICALITIES.has(criticality) ? String(criticality) : undefined,
    deadlines: Object.fromEntries(
      model.legs.flatMap((leg) => {
        if (leg.from !== milestone.id) return [];
        const target = leg.targets.find(({ conditions }) => hasAll(conditions, fact));
        return target === undefined ? [] : [[leg.id, target.toDeadline(fact)]];
      }),
    ),
  };
}
