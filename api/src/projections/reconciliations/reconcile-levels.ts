import type { ClickHouseClient } from "@clickhouse/client";
import { listFactsOfIdentities } from "../engine/read-facts.ts";
import { type RecentMap, createRecentMap } from "../engine/recent-map.ts";
import type { Cursors, Step } from "../engine/steps.ts";
import { type Contest, type Fact, toIdentity, toObjectKey } from "../fact.ts";
import type { Changes } from "./diff-subject.ts";
import { compareWindows, convertSubjects } from "./window-changes.ts";
import { listKeyLevels } from "./list-levels.ts";
import { MAX_SKEW_MS } from "./key-facts.ts";
import { type Level, type StoredLevel, listLastLevels, listLevelFacts, listLevelsAround } from "./level-store.ts";
import { type SubjectKeys, type WindowRows, evaluateWindows, toSubjectKeys, toWindowKey } from "./level-windows.ts";
import type { ReconciliationModel } from "./model.ts";
import { type Arrived, EARLIEST, type TouchedKey, listSubjects, touchLevels } from "./touch-levels.ts";

const DAY_MS = 24 * 3_600_000;
/** How far before a count events are read; further where that does not tell, and at last all of them. */
const REACHES = [MAX_SKEW_MS, 7 * DAY_MS, 90 * DAY_MS, Infinity];
/** So many objects are read and evaluated at once. */
const SUBJECTS_AT_ONCE = 200;

/** What is remembered of the keys that are counted: when they were counted last, by unit. */
export interface LevelMemory {
  last: RecentMap<string, ReadonlyMap<string, number>>;
  /** Objects of which the store holds nothing that an earlier release said. */
  converted: RecentMap<string, true>;
}

export function createLevelMemory(maxHeld: number): LevelMemory {
  return { last: createRecentMap(maxHeld), converted: createRecentMap(maxHeld) };
}

export interface LevelStep extends Arrived {
  client: ClickHouseClient;
  step: Step;
  until: Cursors;
  contested: ReadonlyMap<string, Contest>;
  isFirstNamed: (key: string) => boolean;
}

export interface LevelFindings extends Changes {
  levels: StoredLevel[];
}

/**
 * Evaluates again what a step changes between the counts of a key. What is later than its last count waits for the next and is
 * not looked at; the time between two counts is evaluated when the second comes, and again when a late event falls into it. So a
 * step costs no more after years than on the first day, but for what comes years late.
 */
export async function reconcileLevels(
  memory: LevelMemory,
  model: ReconciliationModel,
  input: LevelStep,
): Promise<LevelFindings> {
  const touched = await touchLevels(model, input, input);
  const found: Changes = { items: [], open: [], spans: [], flows: [] };
  const { converted, levels: earlier } = await convertTouched(memory, { model, touched, found }, input);
  const levels = [...listKeyLevels(model, [...new Set([...input.arrived, ...input.stated])]), ...earlier];
  const arrivedIn = Map.groupBy(levels, ({ key }) => key);
  const open = [...touched.values()].filter(({ subject }) => !converted.has(subject));
  const last = await loadLast(memory, { model, touched: open }, input);
  const due = open.flatMap((one) => toDue(one, last.get(one.key) ?? NO_LEVELS, arrivedIn.get(one.key) ?? []));
  for (const group of chunkBySubject(due))
    levels.push(...(await evaluateDue(model, group, { input, last, arrivedIn, found })));
  for (const [key, own] of Map.groupBy(levels, (level) => level.key))
    memory.last.set(toMemoryKey(model, key), toLast(last.get(key), own));
  const { id: reconciliation, domain } = model.rule;
  return { ...found, levels: levels.map((level) => ({ ...level, reconciliation, domain })) };
}

/**
 * What comes behind the last count is in no time between two counts. The first count that is known of a key may have one before it
 * that an earlier release saw, and had nothing to say of.
 */
function toDue(touched: TouchedKey, last: ReadonlyMap<string, number>, arrived: readonly Level[]): TouchedKey[] {
  if (last.size === 0) return arrived.length === 0 ? [] : [{ ...touched, from: EARLIEST }];
  return touched.from <= Math.max(...last.values(), ...arrived.map(({ at }) => at)) ? [touched] : [];
}

async function convertTouched(
  memory: LevelMemory,
  { model, touched, found }: { model: ReconciliationModel; touched: ReadonlyMap<string, TouchedKey>; found: Changes },
  input: LevelStep,
) {
  const subjects = [...new Set([...touched.values()].map(({ subject }) => subject))];
  const fresh = subjects.filter((subject) => !memory.converted.get(toMemoryKey(model, subject)));
  const known = fresh.filter((id) => !input.isFirstNamed(toObjectKey({ type: model.subjectType, id })));
  for (const subject of fresh) memory.converted.set(toMemoryKey(model, subject), true);
  return convertSubjects(found, { model, subjects: known }, input);
}

function toMemoryKey({ rule }: ReconciliationModel, key: string): string {
  return `${rule.id}\u0000${key}`;
}

async function loadLast(
  { last }: LevelMemory,
  { model, touched }: { model: ReconciliationModel; touched: readonly TouchedKey[] },
  { client, step, isFirstNamed }: LevelStep,
): Promise<Map<string, ReadonlyMap<string, number>>> {
  const found = new Map<string, ReadonlyMap<string, number>>();
  const cold: string[] = [];
  for (const { key, subject } of touched) {
    const held = last.get(toMemoryKey(model, key));
    if (held) found.set(key, held);
    else if (!isFirstNamed(toObjectKey({ type: model.subjectType, id: subject }))) cold.push(key);
  }
  if (cold.length === 0) return found;
  const query = { reconciliation: model.rule.id, keys: cold, before: step.batch };
  const stored = await listLastLevels(client, query);
  for (const key of cold) {
    const own = stored.get(key) ?? NO_LEVELS;
    last.set(toMemoryKey(model, key), own);
    found.set(key, own);
  }
  return found;
}

const NO_LEVELS: ReadonlyMap<string, number> = new Map();

function toLast(known: ReadonlyMap<string, number> | undefined, levels: readonly Level[]): Map<string, number> {
  const last = new Map(known);
  for (const { unit, at } of levels) last.set(unit, Math.max(at, last.get(unit) ?? at));
  return last;
}

interface Due {
  input: LevelStep;
  last: ReadonlyMap<string, ReadonlyMap<string, number>>;
  arrivedIn: ReadonlyMap<string, readonly Level[]>;
  found: Changes;
}

/** Reads as much of each key as its evaluation needs, and no more. Returns the counts of keys of which none was known. */
async function evaluateDue(model: ReconciliationModel, touched: readonly TouchedKey[], due: Due): Promise<Level[]> {
  const levels: Level[] = [];
  const asked = await listAsked(model, touched, due);
  const windows = new Map<string, ReadonlyMap<string, WindowRows>>();
  let open = asked;
  for (const reach of REACHES) {
    const read = await readSubjects(model, { open, reach }, due.input);
    for (const { subject, key } of open.filter((one) => (due.last.get(one.key)?.size ?? 0) === 0))
      levels.push(
        ...listKeyLevels(model, read.get(subject)?.keys.get(key)?.own ?? []).filter((level) => level.key === key),
      );
    open = open.filter((one) => {
      const found = evaluateWindows(model, one, read.get(one.subject) ?? NOTHING);
      if (found) windows.set(one.key, found);
      return found === undefined;
    });
    if (open.length === 0) break;
  }
  const after = asked.map((one) => ({ ...one, after: windows.get(one.key) ?? new Map<string, WindowRows>() }));
  await compareWindows(due.found, { model, windows: after }, due.input);
  return levels;
}

const NOTHING: SubjectKeys = { keys: new Map(), conflicts: new Set(), since: EARLIEST };

/** What came after the last count needs no look at earlier counts but that one. */
async function listAsked(model: ReconciliationModel, touched: readonly TouchedKey[], { input, last, arrivedIn }: Due) {
  const latest = (key: string) => Math.max(-Infinity, ...(last.get(key)?.values() ?? []));
  const late = touched.filter(({ key, from }) => from <= latest(key));
  const around = await listLevelsAround(input.client, {
    reconciliation: model.rule.id,
    moments: new Map(late.map(({ key, from }) => [key, from])),
    before: input.step.batch,
  });
  return touched.map((one) => {
    const { key, from } = one;
    const known = around.get(key) ?? {
      before: from > latest(key) ? (last.get(key) ?? NO_LEVELS) : NO_LEVELS,
      later: [],
    };
    const units = new Set([...known.later, ...(arrivedIn.get(key) ?? [])].map(({ unit }) => unit));
    const base = Math.min(from, ...[...known.before].filter(([unit]) => units.has(unit)).map(([, at]) => at));
    return { ...one, before: known.before, base, old: known.later.map((level) => toWindowKey(key, level)) };
  });
}

async function readSubjects(
  model: ReconciliationModel,
  { open, reach }: { open: readonly { subject: string; key: string; base: number }[]; reach: number },
  { client, until, contested }: LevelStep,
): Promise<Map<string, SubjectKeys>> {
  const sinces = new Map<string, number>();
  for (const { subject, base } of open) {
    const since = Math.max(EARLIEST, base - reach);
    sinces.set(subject, Math.min(since, sinces.get(subject) ?? since));
  }
  const facts = await listLevelFacts(client, { model, sinces, keys: open.map(({ key }) => key) }, until);
  const here = new Set(facts.map(toIdentity));
  const named = facts.flatMap(({ reverses }) =>
    reverses === undefined || "milestone" in reverses || here.has(toIdentity(reverses)) ? [] : [reverses],
  );
  const away = named.length === 0 ? [] : await listFactsOfIdentities(client, named, until);
  const groups = new Map<string, Fact[]>();
  for (const fact of [...facts, ...away])
    for (const subject of listSubjects(model, fact)) {
      const group = groups.get(subject);
      if (group) group.push(fact);
      else if (sinces.has(subject)) groups.set(subject, [fact]);
    }
  return new Map(
    [...groups].map(([subject, own]) => {
      const since = sinces.get(subject) ?? EARLIEST;
      return [subject, toSubjectKeys(model, { subject, facts: own, since }, contested)];
    }),
  );
}

function* chunkBySubject(touched: readonly TouchedKey[]): Generator<TouchedKey[]> {
  const groups = [...Map.groupBy(touched, ({ subject }) => subject).values()];
  for (let start = 0; start < groups.length; start += SUBJECTS_AT_ONCE)
    yield groups.slice(start, start + SUBJECTS_AT_ONCE).flat();
}
