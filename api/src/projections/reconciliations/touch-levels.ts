import type { ClickHouseClient } from "@clickhouse/client";
import { listFactsOfIdentities, listFactsOfObjects } from "../engine/read-facts.ts";
import type { Cursors } from "../engine/steps.ts";
import { type Fact, toIdentity } from "../fact.ts";
import { toKey } from "./entry-key.ts";
import { isLoose, isReversal } from "./key-facts.ts";
import type { ReconciliationModel } from "./model.ts";

/** A key of which something changes from a moment on, in milliseconds since 1970 UTC. */
export interface TouchedKey {
  subject: string;
  key: string;
  from: number;
}

/** Events are not known of before this. */
export const EARLIEST = 0;

/** What a step brings: events that arrived, and all statements of those that were stated with different content. */
export interface Arrived {
  arrived: readonly Fact[];
  stated: readonly Fact[];
}

/**
 * The keys that events change, and from when on. What takes back changes its key from what it takes back on, since an event that
 * was free to be taken back meanwhile is not any more.
 */
export async function touchLevels(
  model: ReconciliationModel,
  { arrived, stated }: Arrived,
  source: { client: ClickHouseClient; until: Cursors },
): Promise<Map<string, TouchedKey>> {
  const touched = new Map<string, TouchedKey>();
  const touch: Touch = (subject, key, from) => {
    const known = touched.get(key);
    touched.set(key, { subject, key, from: Math.max(EARLIEST, Math.min(from, known?.from ?? from)) });
  };
  const restated = new Set(stated);
  const reversals: Fact[] = [];
  for (const fact of new Set([...arrived, ...stated])) {
    const isTakingBack = isReversal(model, fact);
    if (isTakingBack) reversals.push(fact);
    const from = isTakingBack && restated.has(fact) ? EARLIEST : fact.time;
    for (const subject of listSubjects(model, fact)) touch(subject, toKey(model, fact, subject), from);
  }
  const moved = { reversals, isRestated: (fact: Fact) => restated.has(fact) };
  await touchByIdentity(model, { ...moved, touch }, source);
  await touchByMilestone(model, { ...moved, touch }, source);
  return touched;
}

export function listSubjects({ subjectType }: ReconciliationModel, { objects }: Fact): string[] {
  return [...new Set(objects.filter(({ type }) => type === subjectType).map(({ id }) => id))];
}

type Touch = (subject: string, key: string, from: number) => void;

interface Reversals {
  reversals: readonly Fact[];
  isRestated: (fact: Fact) => boolean;
  touch: Touch;
}

/** Follows what takes back what takes back. */
async function touchByIdentity(
  model: ReconciliationModel,
  { reversals, isRestated, touch }: Reversals,
  { client, until }: { client: ClickHouseClient; until: Cursors },
) {
  const seen = new Set<string>();
  let open = reversals.map((fact) => ({ fact, by: fact }));
  while (open.length > 0) {
    const named = open.flatMap(({ fact: { reverses }, by }) =>
      reverses === undefined || "milestone" in reverses ? [] : [{ by, reverses, name: toIdentity(reverses) }],
    );
    const wanted = named.filter(({ by, name }) => !seen.has(`${toIdentity(by)} ${name}`));
    for (const { by, name } of wanted) seen.add(`${toIdentity(by)} ${name}`);
    if (wanted.length === 0) return;
    const targets = Map.groupBy(
      await listFactsOfIdentities(
        client,
        wanted.map(({ reverses }) => reverses),
        until,
      ),
      toIdentity,
    );
    open = wanted.flatMap(({ by, name }) => (targets.get(name) ?? []).map((fact) => ({ fact, by })));
    for (const { fact, by } of open)
      touchTarget(model, { fact, by, from: isRestated(by) ? EARLIEST : fact.time }, touch);
  }
}

async function touchByMilestone(
  model: ReconciliationModel,
  { reversals, isRestated, touch }: Reversals,
  { client, until }: { client: ClickHouseClient; until: Cursors },
) {
  const named = reversals.flatMap((by) =>
    by.reverses !== undefined && "milestone" in by.reverses ? [{ by, object: by.reverses.object }] : [],
  );
  const keyTypes = new Set(model.rule.key.map((part) => part.replace(/^object\./, "")));
  for (const { by } of named.filter(({ object }) => keyTypes.has(object.type)))
    for (const subject of listSubjects(model, by)) touch(subject, toKey(model, by, subject), EARLIEST);
  const others = named.filter(({ object }) => !keyTypes.has(object.type));
  for (const [type, own] of Map.groupBy(others, ({ object }) => object.type)) {
    const facts = await listFactsOfObjects(
      client,
      { type, ids: [...new Set(own.map(({ object }) => object.id))] },
      until,
    );
    for (const { by, object } of own)
      for (const fact of facts)
        if (fact.objects.some((each) => each.type === type && each.id === object.id))
          touchTarget(model, { fact, by, from: isRestated(by) ? EARLIEST : fact.time }, touch);
  }
}

/** Of the places that both name, the key of what is taken back, where the reversal is of it or does not say. */
function touchTarget(
  model: ReconciliationModel,
  { fact, by, from }: { fact: Fact; by: Fact; from: number },
  touch: Touch,
) {
  const places = new Set(listSubjects(model, by));
  for (const subject of listSubjects(model, fact).filter((each) => places.has(each))) {
    const key = toKey(model, fact, subject);
    if (isLoose(model, by, subject) || toKey(model, by, subject) === key) touch(subject, key, Math.min(from, by.time));
  }
}
