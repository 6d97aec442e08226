import type { ClickHouseClient } from "@clickhouse/client";
import { listFactsOfObjects } from "../engine/read-facts.ts";
import type { Cursors, Step } from "../engine/steps.ts";
import type { Contest, Fact } from "../fact.ts";
import { type Changes, type Said, addChanges, diffSubject } from "./diff-subject.ts";
import { type CurrentFlows, listCurrentFlows } from "./flow-store.ts";
import { listCurrentItems } from "./item-store.ts";
import type { Level } from "./level-store.ts";
import { type WindowRows, evaluateWindows, toSubjectKeys } from "./level-windows.ts";
import type { ReconciliationModel } from "./model.ts";
import { EARLIEST } from "./touch-levels.ts";
import { listKeyLevels } from "./list-levels.ts";

/** The times between counts that were said of a key, and those that are to be said of it. */
export interface WindowsFound {
  subject: string;
  /** The keys of those that may have been said before. */
  old: readonly string[];
  after: ReadonlyMap<string, WindowRows>;
}

export interface WindowSource {
  client: ClickHouseClient;
  step: Step;
  until: Cursors;
  contested: ReadonlyMap<string, Contest>;
}

const NO_FLOWS: ReadonlyMap<string, CurrentFlows> = new Map();

/** Holds what is found of times between counts against what was said of them before. */
export async function compareWindows(
  found: Changes,
  { model, windows }: { model: ReconciliationModel; windows: readonly WindowsFound[] },
  { client, step }: WindowSource,
) {
  const names = windows.flatMap(({ old }) => old);
  const subjects = [...new Set(windows.filter(({ old }) => old.length > 0).map(({ subject }) => subject))];
  const query = { reconciliation: model.rule.id, before: step.batch };
  const [items, flows] = await Promise.all([
    listCurrentItems(client, { ...query, subjects, keys: names }),
    listCurrentFlows(client, { ...query, subjects: names }),
  ]);
  const itemsOf = Map.groupBy(items, ({ key }) => key);
  for (const { old, after } of windows)
    for (const name of new Set([...old, ...after.keys()])) {
      const nothing: Said = { domain: model.rule.domain, items: [], flows: [] };
      const before = { ...(flows.get(name) ?? nothing), items: itemsOf.get(name) ?? [] };
      addChanges(found, diffSubject({ model, subject: name }, before, { ...nothing, ...after.get(name) }));
    }
}

/**
 * Objects of which an earlier release said all at once: what it said is taken back, and said of each time between counts by itself.
 * Returns which these are, and all of their counts.
 */
export async function convertSubjects(
  found: Changes,
  { model, subjects }: { model: ReconciliationModel; subjects: readonly string[] },
  source: WindowSource,
): Promise<{ converted: ReadonlySet<string>; levels: Level[] }> {
  const { client, step, until, contested } = source;
  const query = { reconciliation: model.rule.id, before: step.batch };
  const said = subjects.length === 0 ? NO_FLOWS : await listCurrentFlows(client, { ...query, subjects });
  const converted = new Set(subjects.filter((subject) => (said.get(subject)?.flows ?? []).length > 0));
  const levels: Level[] = [];
  for (const subject of converted) {
    const facts = await listFactsOfObjects(client, { type: model.subjectType, ids: [subject] }, until);
    const nothing: Said = { domain: model.rule.domain, items: [], flows: [] };
    const items = await listCurrentItems(client, { ...query, subjects: [subject] });
    const before = { ...(said.get(subject) ?? nothing), items };
    const windows = evaluateSubjectWindows(model, { subject, facts }, contested);
    const after = { ...nothing, items: [...windows.values()].flatMap((rows) => rows.items) };
    addChanges(found, diffSubject({ model, subject }, before, after));
    for (const [name, { flows }] of windows)
      addChanges(found, diffSubject({ model, subject: name }, nothing, { ...nothing, flows }));
    levels.push(...listKeyLevels(model, facts).filter((level) => level.subject === subject));
  }
  return { converted, levels };
}

function evaluateSubjectWindows(
  model: ReconciliationModel,
  { subject, facts }: { subject: string; facts: readonly Fact[] },
  contested: ReadonlyMap<string, Contest>,
): Map<string, WindowRows> {
  const read = toSubjectKeys(model, { subject, facts, since: EARLIEST }, contested);
  const all = [...read.keys.keys()].flatMap((key) => [
    ...(evaluateWindows(model, { subject, key, from: EARLIEST, base: EARLIEST, before: new Map() }, read) ?? []),
  ]);
  return new Map(all);
}
