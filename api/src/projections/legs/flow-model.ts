import { createWorkingTimes } from "@throughline/schemas/calendar/working-time";
import { CRITICALITIES, type Flow, LATENCY_CLASSES, type Pack } from "@throughline/schemas/pack/flow";
import type { Fact } from "../fact.ts";
import type { WorkingTimes } from "./deadline.ts";
import { toMilliseconds } from "./duration.ts";
import { type ChangeModel, type FlowVersion, isInEra, toChangeModels, toEras } from "./eras.ts";
import { statesGoods } from "./goods.ts";
import { type LegModel, toLegModels } from "./leg-model.ts";
import { type EventMatcher, hasAll, isMatch, toMatcher } from "./matchers.ts";

/** A flow made ready for evaluation: lookups by type, durations in milliseconds. */
export interface FlowModel {
  id: string;
  anchor: string;
  domain: string;
  criticality: string;
  ruleVersion: string;
  /** Since when this version is in force, in milliseconds since 1970 UTC; 0 where versions are not kept. */
  since: number;
  skewAllowanceMs: number;
  /** Steps from the anchor, by object type; the anchor's own is 0. */
  levels: ReadonlyMap<string, number>;
  links: readonly { from: string; to: string }[];
  /** Whether a link leads to objects of the anchor's type, so that one anchor may lie above another. */
  isAnchorLinked: boolean;
  milestones: readonly MilestoneModel[];
  cancellations: readonly EventMatcher[];
  changes: readonly ChangeModel[];
  legs: readonly LegModel[];
  /** True when a leg has led between different milestones in its time. */
  hasWays: boolean;
  workingTimes: WorkingTimes;
  /** Event types that reach a milestone, change an order or cancel an instance. */
  eventTypes: ReadonlySet<string>;
  /** By event type, the measure by which legs count it that end by quantity. */
  counted: ReadonlyMap<string, string>;
  /** By event type, the milestones that it may reach and on which conditions. */
  reached: ReadonlyMap<string, readonly { milestone: MilestoneModel; matcher: EventMatcher }[]>;
}

export interface MilestoneModel {
  id: string;
  measure: string | undefined;
  events: readonly EventMatcher[];
}

/** Makes all flows of a pack ready for evaluation, the most critical first: in this order they are worked on. */
export function toFlowModels(pack: Pick<Pack, "flows" | "ruleVersions" | "calendars" | "units">): FlowModel[] {
  const workingTimes = createWorkingTimes(pack.calendars);
  const flows = [...pack.flows.values()].toSorted(compareUrgency);
  return flows.map((flow) => {
    const version = { since: 0, ruleVersion: pack.ruleVersions.get(flow.id) ?? "", flow, units: pack.units };
    return toVersionedModel([version], workingTimes);
  });
}

/** By criticality, then by how soon its events count. */
export function compareUrgency(a: Flow, b: Flow): number {
  return (
    CRITICALITIES.indexOf(a.criticality) - CRITICALITIES.indexOf(b.criticality) ||
    LATENCY_CLASSES.indexOf(a.latencyClass) - LATENCY_CLASSES.indexOf(b.latencyClass)
  );
}

/** Makes a checked flow ready for evaluation. */
export function toFlowModel(flow: Flow, ruleVersion: string, workingTimes: WorkingTimes = new Map()): FlowModel {
  return toVersionedModel([{ since: 0, ruleVersion, flow }], workingTimes);
}

/** Makes a flow with all of its versions, oldest first, ready: a leg keeps the rules under which it started. */
export function toVersionedModel(
  versions: readonly [FlowVersion, ...FlowVersion[]],
  workingTimes: WorkingTimes,
): FlowModel {
  const { flow, ruleVersion, since } = versions.at(-1) ?? versions[0];
  const milestones = Object.entries(flow.milestones).map(([id, milestone]) => ({
    id,
    measure: milestone.measure,
    events: milestone.events.map(toMatcher),
  }));
  const cancellations = flow.cancelledBy.map(toMatcher);
  const eras = toEras(versions);
  const changes = toChangeModels(eras);
  const legs = toLegModels(eras, { workingTimes, changes });
  return {
    id: flow.id,
    anchor: flow.anchor,
    domain: flow.domain,
    criticality: flow.criticality,
    ruleVersion,
    since,
    skewAllowanceMs: toMilliseconds(flow.skewAllowance),
    levels: toLevels(flow),
    links: flow.links,
    isAnchorLinked: flow.links.some(({ to }) => to === flow.anchor),
    milestones,
    cancellations,
    changes,
    legs,
    hasWays: new Set(legs.map(({ id }) => id)).size < legs.length,
    workingTimes,
    counted: toCounted({ milestones, changes, legs }),
    eventTypes: new Set(
      [...[...milestones, ...changes].flatMap(({ events }) => events), ...cancellations].map(({ type }) => type),
    ),
    reached: Map.groupBy(
      milestones.flatMap((milestone) => milestone.events.map((matcher) => ({ milestone, matcher }))),
      ({ matcher }) => matcher.type,
    ),
  };
}

function toCounted({
  milestones,
  changes,
  legs,
}: Pick<FlowModel, "milestones" | "changes" | "legs">): Map<string, string> {
  const ends = new Set(legs.filter(({ isByQuantity }) => isByQuantity).flatMap(({ from, to }) => [from, to]));
  return new Map(
    milestones.flatMap(({ id, measure, events }) => {
      if (measure === undefined || !ends.has(id)) return [];
      const stating = changes.filter(({ quantity }) => quantity === id).flatMap((change) => change.events);
      return [...stating, ...events].map(({ type }) => [type, measure] as const);
    }),
  );
}

/** The milestones that an event reaches. */
export function listReached(model: FlowModel, fact: Fact): MilestoneModel[] {
  const reached: MilestoneModel[] = [];
  for (const { milestone, matcher } of model.reached.get(fact.type) ?? [])
    if (!reached.includes(milestone) && hasAll(matcher.conditions, fact)) reached.push(milestone);
  return reached;
}

const NO_LEGS: ReadonlySet<string> = new Set();

/** The ids of the legs that an event starts anew. */
export function listChanged(model: FlowModel, fact: Fact): ReadonlySet<string> {
  const changes = listChanges(model, fact);
  return changes.length === 0 ? NO_LEGS : new Set(changes.flatMap(({ legs }) => [...legs]));
}

const NO_CHANGES: readonly ChangeModel[] = [];

function listChanges(model: FlowModel, fact: Fact): readonly ChangeModel[] {
  if (model.changes.length === 0) return NO_CHANGES;
  return model.changes.filter(
    (change) => isInEra(change, fact.time) && change.events.some((matcher) => isMatch(matcher, fact)),
  );
}

/** The milestones whose quantity a change states; none where it states none. */
export function listRestated(model: FlowModel, fact: Fact): MilestoneModel[] {
  const changes = listChanges(model, fact);
  if (changes.every(({ quantity }) => quantity === undefined)) return [];
  return model.milestones.filter(
    ({ id, measure }) => changes.some(({ quantity }) => quantity === id) && statesGoods(fact, measure),
  );
}

/** The legs whose verdict an event can change: all of them for a reversal or a cancellation. */
export function listAffectedLegs(model: FlowModel, fact: Fact): readonly LegModel[] {
  if (fact.reverses !== undefined || model.cancellations.some(({ type }) => type === fact.type)) return model.legs;
  const reached = listReached(model, fact);
  const changed = listChanged(model, fact);
  const stated = new Set(listChanges(model, fact).map(({ quantity }) => quantity));
  const affected = model.legs.filter(
    ({ id, from, to, isByQuantity }) =>
      reached.some((milestone) => milestone.id === from || milestone.id === to) ||
      changed.has(id) ||
      (isByQuantity && stated.has(from)),
  );
  return model.hasWays ? model.legs.filter(({ id }) => affected.some((leg) => leg.id === id)) : affected;
}

function toLevels(flow: Flow): Map<string, number> {
  const levels = new Map([[flow.anchor, 0]]);
  for (const [type, level] of levels)
    for (const link of flow.links) if (link.from === type && !levels.has(link.to)) levels.set(link.to, level + 1);
  return levels;
}
