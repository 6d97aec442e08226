import { createWorkingTimes } from "@throughline/schemas/calendar/working-time";
import {
  type Condition,
  CRITICALITIES,
  type Flow,
  type FlowLeg,
  LATENCY_CLASSES,
  type Pack,
} from "@throughline/schemas/pack/flow";
import type { Fact } from "../fact.ts";
import { type Deadline, toDeadlineRule, type WorkingTimes } from "./deadline.ts";
import { toMilliseconds } from "./duration.ts";

/** A flow made ready for evaluation: lookups by type, durations in milliseconds. */
export interface FlowModel {
  id: string;
  anchor: string;
  domain: string;
  criticality: string;
  ruleVersion: string;
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
  workingTimes: WorkingTimes;
  /** Event types that reach a milestone, change an order or cancel an instance. */
  eventTypes: ReadonlySet<string>;
  /** By event type, the milestones that it may reach and on which conditions. */
  reached: ReadonlyMap<string, readonly { milestone: MilestoneModel; matcher: EventMatcher }[]>;
}

export interface EventMatcher {
  type: string;
  conditions: readonly FieldCondition[];
}

interface FieldCondition {
  read: (fact: Fact) => unknown;
  values: ReadonlySet<unknown>;
}

export interface MilestoneModel {
  id: string;
  measure: string | undefined;
  events: readonly EventMatcher[];
}

/** Events that start legs anew, by the ids of the legs. */
export interface ChangeModel {
  events: readonly EventMatcher[];
  legs: ReadonlySet<string>;
}

export interface LegModel {
  id: string;
  from: string;
  to: string;
  /** The first whose conditions the starting event meets sets the deadline. */
  targets: readonly { conditions: readonly FieldCondition[]; toDeadline: (fact: Fact) => Deadline }[];
  underTolerancePercent: number | undefined;
  isStartOptional: boolean;
  /** True when the law sets its target, which no excuse and no pause moves. */
  isStatutory: boolean;
  criticality: string | undefined;
  /** True when changes start it anew, so that it may have several occurrences. */
  canRestart: boolean;
}

const UNSUCCESSFUL: ReadonlySet<unknown> = new Set(["failed", "rejected", "retried"]);

/** Makes all flows of a pack ready for evaluation, the most critical first: in this order they are worked on. */
export function toFlowModels(pack: Pick<Pack, "flows" | "ruleVersions" | "calendars">): FlowModel[] {
  const workingTimes = createWorkingTimes(pack.calendars);
  const flows = [...pack.flows.values()].toSorted(compareUrgency);
  return flows.map((flow) => toFlowModel(flow, pack.ruleVersions.get(flow.id) ?? "", workingTimes));
}

/** By criticality, then by how soon its events count. */
function compareUrgency(a: Flow, b: Flow): number {
  return (
    CRITICALITIES.indexOf(a.criticality) - CRITICALITIES.indexOf(b.criticality) ||
    LATENCY_CLASSES.indexOf(a.latencyClass) - LATENCY_CLASSES.indexOf(b.latencyClass)
  );
}

/** Makes a checked flow ready for evaluation. */
export function toFlowModel(flow: Flow, ruleVersion: string, workingTimes: WorkingTimes = new Map()): FlowModel {
  const milestones = Object.entries(flow.milestones).map(([id, milestone]) => ({
    id,
    measure: milestone.measure,
    events: milestone.events.map(toMatcher),
  }));
  const cancellations = flow.cancelledBy.map(toMatcher);
  const changes = flow.changes.map(({ events, legs }) => ({ events: events.map(toMatcher), legs: new Set(legs) }));
  return {
    id: flow.id,
    anchor: flow.anchor,
    domain: flow.domain,
    criticality: flow.criticality,
    ruleVersion,
    skewAllowanceMs: toMilliseconds(flow.skewAllowance),
    levels: toLevels(flow),
    links: flow.links,
    isAnchorLinked: flow.links.some(({ to }) => to === flow.anchor),
    milestones,
    cancellations,
    changes,
    legs: flow.legs.map((leg) => ({
      ...toLegModel(leg, workingTimes),
      canRestart: changes.some(({ legs }) => legs.has(leg.id)),
    })),
    workingTimes,
    eventTypes: new Set(
      [...[...milestones, ...changes].flatMap(({ events }) => events), ...cancellations].map(({ type }) => type),
    ),
    reached: Map.groupBy(
      milestones.flatMap((milestone) => milestone.events.map((matcher) => ({ milestone, matcher }))),
      ({ matcher }) => matcher.type,
    ),
  };
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
  if (model.changes.length === 0) return NO_LEGS;
  const changes = model.changes.filter(({ events }) => events.some((matcher) => isMatch(matcher, fact)));
  return changes.length === 0 ? NO_LEGS : new Set(changes.flatMap(({ legs }) => [...legs]));
}

/** The legs whose verdict an event can change: all of them for a reversal or a cancellation. */
export function listAffectedLegs(model: FlowModel, fact: Fact): readonly LegModel[] {
  if (fact.reverses !== undefined || model.cancellations.some(({ type }) => type === fact.type)) return model.legs;
  const reached = listReached(model, fact);
  const changed = listChanged(model, fact);
  return model.legs.filter(
    ({ id, from, to }) => reached.some((milestone) => milestone.id === from || milestone.id === to) || changed.has(id),
  );
}

/** True when the event is of the type, and was a success unless the condition on its outcome says otherwise. */
export function isMatch(matcher: EventMatcher, fact: Fact): boolean {
  return matcher.type === fact.type && hasAll(matcher.conditions, fact);
}

export function hasAll(conditions: readonly FieldCondition[], fact: Fact): boolean {
  return conditions.every(({ read, values }) => values.has(read(fact)));
}

function toLegModel(leg: FlowLeg, workingTimes: WorkingTimes): Omit<LegModel, "canRestart"> {
  return {
    id: leg.id,
    from: leg.from,
    to: leg.to,
    targets: leg.targets.map((target) => ({
      conditions: toConditions(target.where),
      toDeadline: toDeadlineRule(target, { atRiskShare: leg.atRiskPercent / 100, workingTimes }),
    })),
    underTolerancePercent: leg.completion?.underTolerancePercent,
    isStartOptional: leg.isStartOptional,
    isStatutory: leg.statutory !== undefined,
    criticality: leg.criticality,
  };
}

function toMatcher(event: { type: string; where?: Condition | undefined }): EventMatcher {
  const conditions = toConditions(event.where);
  if (event.where?.["outcome"] !== undefined) return { type: event.type, conditions };
  const success = { read: (fact: Fact) => !UNSUCCESSFUL.has(fact.outcome), values: new Set([true]) };
  return { type: event.type, conditions: [success, ...conditions] };
}

function toConditions(where: Condition | undefined): FieldCondition[] {
  return Object.entries(where ?? {}).map(([field, values]) => ({ read: toReader(field), values: new Set(values) }));
}

function toReader(field: string): (fact: Fact) => unknown {
  if (field === "site") return (fact) => fact.site;
  if (field === "source") return (fact) => fact.source;
  if (field === "outcome") return (fact) => fact.outcome || "ok";
  const name = field.slice("attributes.".length);
  return (fact) => fact.attributes[name];
}

function toLevels(flow: Flow): Map<string, number> {
  const levels = new Map([[flow.anchor, 0]]);
  for (const [type, level] of levels)
    for (const link of flow.links) if (link.from === type && !levels.has(link.to)) levels.set(link.to, level + 1);
  return levels;
}
