import { type Fact, toIdentity, toObjectKey } from "../fact.ts";
import type { FlowModel } from "../legs/flow-model.ts";
import type { Contested, Standing } from "./contests.ts";
import { type Anchors, type BusinessObject, type Link, type LinkIndex, listLinks, listNearest } from "./links.ts";
import { isRelevant } from "./load-histories.ts";
import type { ArrivedFact } from "./read-facts.ts";
import type { Deferred, Shard } from "./steps.ts";
import { crc32 } from "node:zlib";

/** An object in more instances than this has them evaluated over several steps. */
export const MAX_FAN_OUT = 1000;

/** The instances that a step evaluates: with the facts that they gain, or from their whole history. */
export interface Touched {
  gained: Map<string, Fact[]>;
  reload: Set<string>;
  /** What windows cross: no fact has come, but all legs are judged again. */
  rejudged: Set<string>;
  deferred: Deferred[];
  /** Whether an instance is this shard's to evaluate. */
  isMine: (id: string) => boolean;
}

/** What arrived in a step, as all flows see it. */
export interface Arrivals {
  facts: readonly ArrivedFact[];
  standings: ReadonlyMap<Fact, Standing>;
  contested: readonly Contested[];
  /** Keys of objects that the store may have known before this step. */
  knownBefore: ReadonlySet<string>;
  deferred: readonly Deferred[];
}

/** A link that a step declares for the first time, and the event that does. */
export interface AddedLink {
  link: Link;
  fact: Fact;
}

/** The links that a step declares anew, for all flows together: what one flow has added is news to the others too. */
export function collectLinks(
  models: readonly FlowModel[],
  arrivals: Pick<Arrivals, "facts" | "knownBefore">,
  index: LinkIndex,
): AddedLink[] {
  const pairs = new Map(models.flatMap(({ links }) => links).map((pair) => [`${pair.from}>${pair.to}`, pair]));
  const declared = [...pairs.values()];
  const added: AddedLink[] = [];
  for (const { fact } of arrivals.facts)
    for (const link of listLinks(declared, fact))
      if (index.add(link, !arrivals.knownBefore.has(toObjectKey(link.to)))) added.push({ link, fact });
  return added;
}

/** The objects whose instances in a flow gain a history by new links: those that link to what was known before. */
export function listGrown(
  model: FlowModel,
  added: readonly AddedLink[],
  arrivals: Pick<Arrivals, "knownBefore">,
): BusinessObject[] {
  return added
    .map(({ link }) => link)
    .filter(({ from, to }) => arrivals.knownBefore.has(toObjectKey(to)) && isDeclared(model, from.type, to.type))
    .map(({ from }) => from);
}

function isDeclared(model: FlowModel, from: string, to: string): boolean {
  return model.links.some((link) => link.from === from && link.to === to);
}

const NO_ANCHORS: Anchors = { ids: new Set(), isSuspect: false };

/** Names the instances of a flow that a step touches. */
export async function findTouched(
  model: FlowModel,
  arrivals: Arrivals,
  options: {
    index: LinkIndex;
    grown: readonly { type: string; id: string }[];
    crossed: ReadonlySet<string>;
    shard: Shard;
  },
): Promise<Touched> {
  const contestedIdentities: ReadonlySet<string> = new Set(
    arrivals.contested.flatMap(({ statements }) => statements.slice(0, 1).map(toIdentity)),
  );
  const fresh = arrivals.facts
    .map(({ fact }) => fact)
    .filter(
      (fact) =>
        isRelevant(model, fact) &&
        arrivals.standings.get(fact) !== "duplicate" &&
        (contestedIdentities.size === 0 || !contestedIdentities.has(toIdentity(fact))),
    );
  const rewritten = arrivals.contested
    .flatMap(({ statements }) => statements)
    .flatMap((fact) => listNearest(model, fact));
  const grown = [...options.grown, ...rewritten];
  const deferred = arrivals.deferred.filter(({ flow }) => flow === model.id);
  const objects = new Map<string, { type: string; id: string }>();
  const nearestOf = fresh.map((fact) => ({ fact, nearest: listNearest(model, fact).map(toKeyed) }));
  for (const { nearest } of nearestOf) for (const { key, object } of nearest) objects.set(key, object);
  for (const { type, id } of [...grown, ...deferred]) objects.set(toObjectKey({ type, id }), { type, id });
  const anchorsOf = await options.index.findAnchors(model, [...objects.values()]);

  const isMine = (id: string) => isOfShard(options.shard, id);
  const touched: Touched = { gained: new Map(), reload: new Set(), rejudged: new Set(), deferred: [], isMine };
  for (const id of options.crossed) if (isMine(id)) touched.rejudged.add(id);
  const limit = createFanOutLimit(model, touched);
  for (const { fact, nearest } of nearestOf)
    for (const { key, object } of nearest) {
      const { ids, isSuspect } = anchorsOf.get(key) ?? NO_ANCHORS;
      if (ids.size > MAX_FAN_OUT || isSuspect) limit({ ...object, after: "" }, ids, isMine);
      else for (const id of ids) if (isMine(id)) pushTo(touched.gained, id, fact);
    }
  for (const object of grown)
    limit({ ...object, after: "" }, (anchorsOf.get(toObjectKey(object)) ?? NO_ANCHORS).ids, isMine);
  for (const object of deferred) limit(object, (anchorsOf.get(toObjectKey(object)) ?? NO_ANCHORS).ids, isMine);
  return touched;
}

/** Whether an instance is a shard's to evaluate. */
export function isOfShard({ index, count }: Shard, id: string): boolean {
  return crc32(id) % count === index;
}

/** Takes up to `MAX_FAN_OUT` instances above an object, in the order of their ids, and leaves the rest for later steps. */
function createFanOutLimit(model: FlowModel, touched: Touched) {
  const seen = new Set<string>();
  return (
    object: { type: string; id: string; after: string },
    anchors: ReadonlySet<string>,
    isMine: (id: string) => boolean,
  ) => {
    const key = `${toObjectKey(object)}\u0000${object.after}`;
    if (seen.has(key)) return;
    seen.add(key);
    const waiting = [...anchors].filter((id) => id > object.after && isMine(id));
    const now = waiting.length > MAX_FAN_OUT ? waiting.toSorted().slice(0, MAX_FAN_OUT) : waiting;
    for (const id of now) touched.reload.add(id);
    const last = now.at(-1);
    if (waiting.length > now.length && last !== undefined)
      touched.deferred.push({ flow: model.id, type: object.type, id: object.id, after: last });
  };
}

function toKeyed(object: BusinessObject) {
  return { key: toObjectKey(object), object };
}

function pushTo(lists: Map<string, Fact[]>, key: string, fact: Fact) {
  const list = lists.get(key);
  if (list) list.push(fact);
  else lists.set(key, [fact]);
}
