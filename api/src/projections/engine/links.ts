import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import type { FlowModel } from "../legs/flow-model.ts";
import { type Fact, toObjectKey } from "../fact.ts";
import { type RecentMap, createRecentMap } from "./recent-map.ts";
import { readRows } from "./read-rows.ts";

const MAX_CACHED = 200_000;
const CHUNK = 2000;

export interface BusinessObject {
  type: string;
  id: string;
}

/** One step of a declared link between two objects; `from` is nearer to the anchor. */
export interface Link {
  from: BusinessObject;
  to: BusinessObject;
}

interface Parents {
  /** Objects nearer to an anchor, by key. */
  objects: Map<string, BusinessObject>;
  /** Whether the store has nothing to add. */
  isComplete: boolean;
}

/** The links between objects, walked towards the anchors. Bounded in memory, whole in the store's `object_links`. */
export interface LinkIndex {
  /** Adds a link and tells whether it was not known here before. `isNew`: the store cannot hold links of `to` yet. */
  add: (link: Link, isNew: boolean) => boolean;
  /** Notes objects that nothing named before: the store has no links of theirs. */
  addNew: (objects: Iterable<BusinessObject>) => void;
  /** Notes that links to these objects may come from statements that do not count. */
  suspect: (objects: readonly BusinessObject[]) => void;
  /** The flow's anchors above each of the objects, by object key. */
  findAnchors: (model: FlowModel, objects: readonly BusinessObject[]) => Promise<Map<string, Anchors>>;
}

/** What lies above an object. `isSuspect`: a link on the way may not count, so only a whole history can tell. */
export interface Anchors {
  ids: ReadonlySet<string>;
  isSuspect: boolean;
}

export function createLinkIndex(client: ClickHouseClient): LinkIndex {
  const parentsOf = createRecentMap<string, Parents>(MAX_CACHED);
  const suspects = new Set<string>();
  const load = async (type: string, ids: readonly string[]) => {
    for (let start = 0; start < ids.length; start += CHUNK) {
      const chunk = ids.slice(start, start + CHUNK);
      const rows = await listParents(client, type, chunk);
      for (const id of chunk) getOrAdd(parentsOf, toObjectKey({ type, id }), false).isComplete = true;
      for (const [id, fromType, fromId] of rows) {
        const from = { type: fromType, id: fromId };
        getOrAdd(parentsOf, toObjectKey({ type, id }), true).objects.set(toObjectKey(from), from);
      }
    }
  };
  return {
    add: ({ from, to }, isNew) => {
      const parents = getOrAdd(parentsOf, toObjectKey(to), isNew);
      const key = toObjectKey(from);
      if (parents.objects.has(key)) return false;
      parents.objects.set(key, from);
      return true;
    },
    addNew: (objects) => {
      for (const object of objects) getOrAdd(parentsOf, toObjectKey(object), true);
    },
    suspect: (objects) => {
      for (const object of objects) suspects.add(toObjectKey(object));
    },
    findAnchors: async (model, objects) => {
      const found = new Map<string, Anchors>();
      const below: BusinessObject[] = [];
      for (const object of objects) {
        const key = toObjectKey(object);
        if (object.type === model.anchor && !model.isAnchorLinked)
          found.set(key, { ids: new Set([object.id]), isSuspect: suspects.has(key) });
        else below.push(object);
      }
      const above = new Map(below.map((object) => [toObjectKey(object), new Map([[toObjectKey(object), object]])]));
      let frontier: readonly BusinessObject[] = below;
      while (frontier.length > 0) {
        await loadIncomplete({ objects: frontier, parentsOf, load });
        frontier = climb(above, { frontier, model, parentsOf });
      }
      const toAnchors = (reached: Map<string, BusinessObject>): Anchors => ({
        ids: new Set([...reached.values()].filter(({ type }) => type === model.anchor).map(({ id }) => id)),
        isSuspect: suspects.size > 0 && [...reached.keys()].some((key) => suspects.has(key)),
      });
      for (const [key, reached] of above) found.set(key, toAnchors(reached));
      return found;
    },
  };
}

/** The links that an event declares: each pair of its objects whose types are linked. */
export function listLinks(declared: readonly { from: string; to: string }[], fact: Fact): Link[] {
  return declared.flatMap((link) =>
    fact.objects
      .filter(({ type }) => type === link.from)
      .flatMap((from) => fact.objects.filter(({ type }) => type === link.to).map((to) => ({ from, to }))),
  );
}

/** The objects of an event that it attaches to: those nearest to the anchor. */
export function listNearest(model: FlowModel, fact: Fact): BusinessObject[] {
  let nearest = Infinity;
  for (const { type } of fact.objects) nearest = Math.min(nearest, model.levels.get(type) ?? Infinity);
  return nearest === Infinity ? [] : fact.objects.filter(({ type }) => model.levels.get(type) === nearest);
}

async function loadIncomplete(options: {
  objects: readonly BusinessObject[];
  parentsOf: RecentMap<string, Parents>;
  load: (type: string, ids: readonly string[]) => Promise<void>;
}) {
  const missing = options.objects.filter((object) => options.parentsOf.get(toObjectKey(object))?.isComplete !== true);
  for (const [type, objects] of Map.groupBy(missing, (object) => object.type))
    await options.load(type, [...new Set(objects.map(({ id }) => id))]);
}

/** Adds to each start the parents of what it reached last; returns what was reached anew. */
function climb(
  above: Map<string, Map<string, BusinessObject>>,
  options: { frontier: readonly BusinessObject[]; model: FlowModel; parentsOf: RecentMap<string, Parents> },
): BusinessObject[] {
  const frontierKeys = new Set(options.frontier.map(toObjectKey));
  const added = new Map<string, BusinessObject>();
  for (const reached of above.values())
    for (const [key, object] of reached) {
      if (!frontierKeys.has(key)) continue;
      for (const [parentKey, parent] of options.parentsOf.get(key)?.objects ?? []) {
        const isDeclared = options.model.links.some((link) => link.from === parent.type && link.to === object.type);
        if (!isDeclared || reached.has(parentKey)) continue;
        reached.set(parentKey, parent);
        added.set(parentKey, parent);
      }
    }
  return [...added.values()];
}

function getOrAdd(parentsOf: RecentMap<string, Parents>, key: string, isComplete: boolean): Parents {
  const known = parentsOf.get(key);
  if (known) return known;
  const added = { objects: new Map(), isComplete };
  parentsOf.set(key, added);
  return added;
}

const parentRow = z.tuple([z.string(), z.string(), z.string()]);

async function listParents(client: ClickHouseClient, type: string, ids: readonly string[]) {
  return readRows(client, parentRow, {
    caller: "projector.links",
    sql: `SELECT DISTINCT to_id, from_type, from_id FROM object_links
      WHERE to_type = {type: String} AND to_id IN {ids: Array(String)}`,
    values: { type, ids },
  });
}
