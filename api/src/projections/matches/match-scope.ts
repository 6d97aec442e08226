import type { ClickHouseClient } from "@clickhouse/client";
import { type Fact, toObjectKey } from "../fact.ts";
import { listFactsOfObjects } from "../engine/read-facts.ts";
import { type LongHistories, createLongHistories } from "../engine/long-histories.ts";
import { type RecentMap, createRecentMap } from "../engine/recent-map.ts";
import type { Cursor, Step } from "../engine/steps.ts";
import { listLookedUp } from "./match-lookups.ts";
import { type CurrentMatch, toMatchSlot } from "./match-row.ts";
import { type SubjectRef, listCurrentMatches } from "./match-store.ts";
import type { ReferenceKey, TouchedMatches } from "./match-touch.ts";

const OVERHEAD = 4;

/** What is held of an order line, an invoice or a credit memo. */
export interface Held {
  facts: Fact[];
  /** Its current results, by slot. */
  current: Map<string, CurrentMatch>;
}

/** Recent histories, as many as fit. */
export interface MatchCache {
  subjects: RecentMap<string, Held>;
  references: RecentMap<string, Fact[]>;
  long: LongHistories;
}

/** `maxHeld` facts and rows stay in memory, and of one object up to `maxHistory`. */
export function createMatchCache({ maxHeld, maxHistory }: { maxHeld: number; maxHistory: number }): MatchCache {
  return {
    long: createLongHistories(maxHistory),
    subjects: createRecentMap(maxHeld, ({ facts, current }) => facts.length + current.size + OVERHEAD),
    references: createRecentMap(maxHeld / 8, (facts) => facts.length + OVERHEAD),
  };
}

/** What a step looks at: histories are taken from memory, or read once. */
export interface MatchScope {
  subjects: Map<string, Held>;
  load: (subjects: readonly SubjectRef[]) => Promise<void>;
  /** Facts by what they are looked up under, those of this step among them. */
  listReferences: (keys: readonly ReferenceKey[]) => Promise<Fact[]>;
}

export interface ScopeOptions {
  client: ClickHouseClient;
  cache: MatchCache;
  step: Step;
  until: Readonly<Record<string, Cursor>>;
  touched: TouchedMatches;
  /** Keys of objects that no event before this step named: the store holds nothing of them. */
  isFirstNamed: (key: string) => boolean;
  isUsed: (fact: Fact) => boolean;
}

export function createMatchScope(options: ScopeOptions): MatchScope {
  const subjects = new Map<string, Held>();
  const own = Map.groupBy(options.touched.lookups, ({ kind, key }) => `${kind}\u0000${key}`);
  return {
    subjects,
    load: async (wanted) => {
      const cold = wanted.filter((subject) => {
        const key = toObjectKey(subject);
        const held = subjects.get(key) ?? findHeld(key, options);
        if (held) subjects.set(key, held);
        return held === undefined;
      });
      for (const [key, held] of await loadCold(cold, options)) subjects.set(key, held);
    },
    listReferences: async (keys) => {
      const facts = await loadReferences(keys, options);
      return [
        ...facts,
        ...keys.flatMap(({ kind, key }) => (own.get(`${kind}\u0000${key}`) ?? []).flatMap(({ fact }) => fact ?? [])),
      ];
    },
  };
}

/** From memory, with what the step adds; or nothing but that, for what was never named before. */
function findHeld(key: string, { cache, touched, isFirstNamed }: ScopeOptions): Held | undefined {
  if (touched.reload.has(key)) return undefined;
  const held = cache.subjects.get(key);
  const gained = touched.gained.get(key) ?? [];
  if (held) return gained.length === 0 ? held : { facts: [...held.facts, ...gained], current: held.current };
  return isFirstNamed(key) ? { facts: [...gained], current: new Map() } : undefined;
}

async function loadCold(cold: readonly SubjectRef[], options: ScopeOptions): Promise<Map<string, Held>> {
  const { client, step, until } = options;
  const loaded = new Map(
    cold.map((subject): [string, Held] => [toObjectKey(subject), { facts: [], current: new Map() }]),
  );
  if (cold.length === 0) return loaded;
  for (const [type, subjects] of Map.groupBy(cold, (subject) => subject.type)) {
    const facts = await listFactsOfObjects(client, { type, ids: subjects.map(({ id }) => id) }, until);
    for (const fact of facts)
      if (options.isUsed(fact))
        for (const object of fact.objects) if (object.type === type) loaded.get(toObjectKey(object))?.facts.push(fact);
  }
  for (const row of await listCurrentMatches(client, { subjects: cold, before: step.batch }))
    loaded.get(toObjectKey({ type: row.subjectType, id: row.subjectId }))?.current.set(toMatchSlot(row), row);
  return loaded;
}

async function loadReferences(keys: readonly ReferenceKey[], { client, cache, until }: ScopeOptions): Promise<Fact[]> {
  const facts: Fact[] = [];
  for (const [kind, wanted] of Map.groupBy(keys, (key) => key.kind)) {
    const known = wanted.map(({ key }) => ({ key, held: cache.references.get(`${kind}\u0000${key}`) }));
    const cold = known.filter(({ held }) => held === undefined).map(({ key }) => key);
    const loaded = new Map(cold.map((key): [string, Fact[]] => [key, []]));
    for (const fact of await listLookedUp(client, { kind, keys: cold }, until))
      for (const { type, id } of fact.objects) if (type === kind) loaded.get(id)?.push(fact);
    for (const [key, found] of loaded) cache.references.set(`${kind}\u0000${key}`, found);
    facts.push(...known.flatMap(({ held }) => held ?? []), ...[...loaded.values()].flat());
  }
  return facts;
}

/**
 * Keeps what a step looked at and found, for the steps after it. A long history is not kept, nor what was read only for its sake: it
 * would drive out all others.
 */
export function rememberScope(
  scope: MatchScope,
  { cache, touched, step }: Pick<ScopeOptions, "cache" | "touched" | "step">,
) {
  const { subjects, long } = cache;
  const tooLong = [...scope.subjects].filter(([, { facts }]) => facts.length > long.maxFacts);
  for (const [key, { facts }] of tooLong) long.evaluated.set(key, { at: step.now, facts: facts.length });
  for (const [key, held] of scope.subjects)
    if (tooLong.length === 0 || (touched.subjects.has(key) && held.facts.length <= long.maxFacts))
      subjects.set(key, held);
    else subjects.forget(key);
  for (const { kind, key, fact } of touched.lookups) {
    const held = cache.references.get(`${kind}\u0000${key}`);
    if (held && fact) cache.references.set(`${kind}\u0000${key}`, [...held, fact]);
  }
}
