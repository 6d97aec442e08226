import type { ClickHouseClient } from "@clickhouse/client";
import { type Contest, type Fact, compareStatements, toIdentity, toObjectKey } from "../fact.ts";
import type { FlowModel } from "../legs/flow-model.ts";
import { type BusinessObject, listNearest } from "./links.ts";
import { listFactsOfObjects } from "./read-facts.ts";
import type { Cursor } from "./steps.ts";

export interface HistoryQuery {
  instanceIds: readonly string[];
  /** Only events before these cursors exist for the step. */
  until: Readonly<Record<string, Cursor>>;
  contested: ReadonlyMap<string, Contest>;
  /** Objects that the instances are known to follow, beside their anchors. */
  members?: readonly BusinessObject[];
  /** Only events with a later event time than this. */
  laterThan?: number;
}

/** The history of one instance: its facts by position, and the objects that it follows. */
export interface LoadedHistory {
  facts: Map<string, Fact>;
  members: BusinessObject[];
}

/**
 * Reads the whole histories of instances: the events of each anchor, of what these link to, and so on outwards. An
 * event belongs where the objects nearest to the anchor belong, and a statement that does not count links nothing.
 */
export async function loadHistories(
  client: ClickHouseClient,
  model: FlowModel,
  query: HistoryQuery,
): Promise<Map<string, LoadedHistory>> {
  const histories = new Map(
    query.instanceIds.map((id): [string, LoadedHistory] => [id, { facts: new Map(), members: [] }]),
  );
  const membersOf = new Map<string, Set<string>>();
  for (const id of query.instanceIds) membersOf.set(toObjectKey({ type: model.anchor, id }), new Set([id]));
  for (const member of query.members ?? []) membersOf.set(toObjectKey(member), new Set(query.instanceIds));
  let frontier: BusinessObject[] = [
    ...query.instanceIds.map((id) => ({ type: model.anchor, id })),
    ...(query.members ?? []),
  ];
  while (frontier.length > 0) {
    const reached = new Map<string, BusinessObject>();
    for (const [type, objects] of Map.groupBy(frontier, (object) => object.type)) {
      const ids = objects.map(({ id }) => id);
      const facts = await listFactsOfObjects(client, { type, ids, laterThan: query.laterThan }, query.until);
      for (const fact of facts) {
        attach(fact, { model, membersOf, histories });
        if (isCounted(fact, query.contested)) follow(fact, { model, membersOf, reached });
      }
    }
    frontier = [...reached.values()];
    for (const object of frontier)
      for (const id of membersOf.get(toObjectKey(object)) ?? []) histories.get(id)?.members.push(object);
  }
  return histories;
}

interface Walk {
  model: FlowModel;
  /** Which instances an object belongs to, by object key. */
  membersOf: Map<string, Set<string>>;
}

function attach(fact: Fact, walk: Walk & { histories: Map<string, LoadedHistory> }) {
  if (!isRelevant(walk.model, fact)) return;
  for (const object of listNearest(walk.model, fact))
    for (const id of walk.membersOf.get(toObjectKey(object)) ?? [])
      walk.histories.get(id)?.facts.set(`${fact.log}\u0000${fact.position}`, fact);
}

function follow(fact: Fact, walk: Walk & { reached: Map<string, BusinessObject> }) {
  for (const link of walk.model.links)
    for (const from of fact.objects) {
      if (from.type !== link.from) continue;
      const instances = walk.membersOf.get(toObjectKey(from));
      if (!instances) continue;
      for (const to of fact.objects) if (to.type === link.to) addMember(to, { ...walk, instances });
    }
}

function addMember(
  object: BusinessObject,
  walk: Walk & { reached: Map<string, BusinessObject>; instances: ReadonlySet<string> },
) {
  const key = toObjectKey(object);
  const members = walk.membersOf.get(key) ?? new Set<string>();
  const isNews = [...walk.instances].some((id) => !members.has(id));
  if (!isNews) return;
  for (const id of walk.instances) members.add(id);
  walk.membersOf.set(key, members);
  walk.reached.set(key, object);
}

/** True for events that can decide a verdict of the flow: those of its milestones, its cancellations, and reversals. */
export function isRelevant(model: FlowModel, fact: Fact): boolean {
  return model.eventTypes.has(fact.type) || fact.reverses !== undefined;
}

function isCounted(fact: Fact, contested: ReadonlyMap<string, Contest>): boolean {
  const contest = contested.get(toIdentity(fact));
  return contest === undefined || compareStatements(fact, contest) <= 0;
}
