import { type Contest, type Fact, toIdentity } from "../fact.ts";
import { resolveFacts } from "../legs/resolve-facts.ts";
import { KEY_SEPARATOR, toKey } from "./entry-key.ts";
import { type SubjectRows, evaluateEntries } from "./item-row.ts";
import { type KeyFacts, groupByKey } from "./key-facts.ts";
import { type KeyEntries, UNMEASURED, groupByUnit, isOf, readKey } from "./read-entries.ts";
import type { ReconciliationModel } from "./model.ts";

/** The events of an object from a moment on, one statement each, by key. */
export interface SubjectKeys {
  keys: Map<string, KeyFacts>;
  conflicts: ReadonlySet<string>;
  since: number;
}

/** `since`: from when on all events are given; earlier ones are only those that are taken back by name. */
export function toSubjectKeys(
  model: ReconciliationModel,
  { subject, facts, since }: { subject: string; facts: readonly Fact[]; since: number },
  contested: ReadonlyMap<string, Contest>,
): SubjectKeys {
  const resolved = resolveFacts(
    facts.filter((fact) => isOf(model, fact)),
    contested,
  );
  return { keys: groupByKey(model, resolved.facts, subject), conflicts: resolved.conflicts, since };
}

/** What to evaluate of a key: the times between counts that end at or after a moment. */
export interface WindowsAsked {
  subject: string;
  key: string;
  from: number;
  /** The last count before that moment that may stand, by unit. */
  before: ReadonlyMap<string, number>;
  /** The earliest moment that the first of these times may begin at. */
  base: number;
}

export type WindowRows = Pick<SubjectRows, "items" | "flows">;

/**
 * What is said of the times between counts, by the key of each. Undefined where that cannot be told from the events given: the count
 * that the first of these times begins with, or what an event takes back, lies before them.
 */
export function evaluateWindows(
  model: ReconciliationModel,
  asked: WindowsAsked,
  { keys, conflicts, since }: SubjectKeys,
): Map<string, WindowRows> | undefined {
  const { subject, key, from } = asked;
  const group = keys.get(key);
  if (group === undefined) return new Map();
  const entries = readKey(model, subject, { ...group, since });
  if (since > 0 && !isEnough(model, asked, { entries, since })) return undefined;
  const facts = new Map([...entries.roles.keys()].map((fact) => [toIdentity(fact), fact]));
  const dated = entries.dated.filter(({ entry }) => (entry.movements[0]?.at ?? 0) >= from);
  const windows = Map.groupBy(dated, ({ unit, entry }) => `${unit}${KEY_SEPARATOR}${entry.key}`);
  return new Map(
    [...windows.values()].map((own) => {
      const read = { units: groupByUnit(own), facts, conflicts, failed: new Set<never>() };
      const { items, flows } = evaluateEntries(model, subject, read);
      return [own[0]?.entry.key ?? "", { items, flows }];
    }),
  );
}

/** The key that the rows of the time before a count have. */
export function toWindowKey(key: string, level: { at: number; id: string }): string {
  return `${key}${KEY_SEPARATOR}${new Date(level.at).toISOString()} ${level.id}`;
}

function isEnough(
  model: ReconciliationModel,
  { subject, key, from, before, base }: WindowsAsked,
  { entries, since }: { entries: KeyEntries; since: number },
): boolean {
  const isOpen = (fact: Fact) =>
    fact.time >= base &&
    (fact.reverses === undefined ? toKey(model, fact, subject) === key : "milestone" in fact.reverses);
  if (entries.unmet.some(isOpen)) return false;
  const levels = Map.groupBy(entries.levels, ({ unit }) => unit);
  return [...levels].every(([unit, own]) => {
    const times = own.map(({ entry }) => entry.movements[0]?.at ?? 0);
    const isBegun = times.some((at) => at >= since && at < from);
    return unit === UNMEASURED || isBegun || before.get(unit) === undefined || times.every((at) => at < from);
  });
}
