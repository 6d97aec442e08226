import type { ClickHouseClient } from "@clickhouse/client";
import type { ObjectRef } from "@throughline/schemas/event";
import type { Pack } from "@throughline/schemas/pack/flow";
import { type Contest, type Fact, toObjectKey } from "../fact.ts";
import { listFactsOfObjects } from "../engine/read-facts.ts";
import { type RecentMap, createRecentMap } from "../engine/recent-map.ts";
import type { Cursor, Deferred, Step } from "../engine/steps.ts";
import type { Arrivals } from "../engine/touch.ts";
import { type Changes, type Said, addChanges, diffSubject } from "./diff-subject.ts";
import { insertFlows, insertSubjects, listCurrentFlows } from "./flow-store.ts";
import { evaluateSubject } from "./item-row.ts";
import { insertItemChanges, listCurrentItems } from "./item-store.ts";
import { isFolded } from "./key-facts.ts";
import { type StoredLevel, insertLevels } from "./level-store.ts";
import { type LongHistories, createLongHistories, listLong } from "../engine/long-histories.ts";
import { RECONCILING } from "./postpone-subjects.ts";
import { type ReconciliationModel, toReconciliationModels } from "./model.ts";
import { type LevelMemory, createLevelMemory, reconcileLevels } from "./reconcile-levels.ts";
import { insertOpen } from "./open-store.ts";
import { insertSpans } from "./span-store.ts";

const OVERHEAD = 2;

/** The reconciling of a projector, and what it holds in memory. */
export interface Reconciling {
  byType: ReadonlyMap<string, readonly ReconciliationModel[]>;
  byId: ReadonlyMap<string, ReconciliationModel>;
  /** Those of them whose keys are counted: see `reconcileLevels`. */
  folded: readonly ReconciliationModel[];
  levels: LevelMemory;
  /** The types of the objects that keys begin with. */
  subjectTypes: ReadonlySet<string>;
  /** Facts by object, of the types that any reconciliation uses. */
  histories: RecentMap<string, readonly Fact[]>;
  long: LongHistories;
  /** What was said last of each object. */
  said: RecentMap<string, Said>;
}

/**
 * Undefined in a pack that reconciles nothing. `maxHeld` facts and rows stay in memory, and of one object up to `maxHistory`.
 */
export function createReconciling(
  pack: Pick<Pack, "reconciliations">,
  { maxHeld, maxHistory }: { maxHeld: number; maxHistory: number },
): Reconciling | undefined {
  const models = toReconciliationModels(pack.reconciliations);
  if (models.length === 0) return undefined;
  const types = new Set(models.flatMap((model) => [...model.types]));
  return {
    byType: new Map([...types].map((type) => [type, models.filter((model) => model.types.has(type))])),
    byId: new Map(models.map((model) => [model.rule.id, model])),
    folded: models.filter(isFolded),
    levels: createLevelMemory(maxHeld / 4),
    subjectTypes: new Set(models.map(({ subjectType }) => subjectType)),
    histories: createRecentMap(maxHeld / 4, (facts) => facts.length + OVERHEAD),
    long: createLongHistories(maxHistory),
    said: createRecentMap(maxHeld / 2, ({ items, flows }) => items.length + flows.length + OVERHEAD),
  };
}

export interface ReconcileStep {
  client: ClickHouseClient;
  step: Step;
  until: Readonly<Record<string, Cursor>>;
  contested: ReadonlyMap<string, Contest>;
  arrivals: Pick<Arrivals, "facts" | "standings" | "contested" | "deferred">;
  /** Keys of objects that no event before this step named: the store holds nothing of them. */
  isFirstNamed: (key: string) => boolean;
  /** What is left to a later step. */
  postponed: readonly Deferred[];
}

/** What a step found, to be stored with its tokens. */
export interface ReconcileFindings extends Changes {
  levels: StoredLevel[];
  /** What is left to later steps. */
  deferred: Deferred[];
}

interface Touched {
  model: ReconciliationModel;
  object: ObjectRef;
}

/** What arrived that any reconciliation uses, and all statements of what was stated with different content. */
interface Arrived {
  arrived: readonly Fact[];
  stated: readonly Fact[];
}

/** Evaluates again every object that a step's events name, for each reconciliation whose keys begin with it. */
export async function reconcileTouched(reconciling: Reconciling, input: ReconcileStep): Promise<ReconcileFindings> {
  const { arrivals, postponed } = input;
  const arrived = arrivals.facts
    .map(({ fact }) => fact)
    .filter((fact) => reconciling.byType.has(fact.type) && arrivals.standings.get(fact) !== "duplicate");
  const stated = arrivals.contested
    .flatMap(({ statements }) => statements)
    .filter(({ type }) => reconciling.byType.has(type));
  const findings: ReconcileFindings = {
    items: [],
    open: [],
    spans: [],
    flows: [],
    levels: [],
    deferred: [],
  };
  for (const model of reconciling.folded) await addLevels(findings, { reconciling, model, arrived, stated }, input);
  const touched = listTouched(reconciling, [...arrived, ...stated], arrivals.deferred);
  const waiting = new Set(postponed.filter(({ flow }) => flow === RECONCILING).map(toObjectKey));
  const isLate = ({ object }: Touched) => waiting.has(toObjectKey(object));
  const late = new Map(touched.filter(isLate).map(({ object }) => [toObjectKey(object), object]));
  for (const object of late.values()) findings.deferred.push({ flow: RECONCILING, ...object, after: "" });
  const due = touched.filter((one) => !isLate(one));
  const { held, cold } = findHistories(reconciling, due, { ...input, arrived, stated });
  const long = await listLong(input.client, cold, reconciling.long);
  const isLong = (object: ObjectRef) => long.has(toObjectKey(object));
  const ordinary = due.filter(({ object }) => !isLong(object));
  const read = await readHistories(
    reconciling,
    cold.filter((object) => !isLong(object)),
    input,
  );
  await evaluate(findings, { reconciling, touched: ordinary, histories: new Map([...held, ...read]) }, input);
  // One by one, so that no more than one of them is in memory.
  for (const object of cold.filter(isLong)) {
    const own = due.filter((one) => toObjectKey(one.object) === toObjectKey(object));
    const histories = await readHistories(reconciling, [object], input);
    await evaluate(findings, { reconciling, touched: own, histories }, input);
  }
  return findings;
}

async function evaluate(
  findings: ReconcileFindings,
  {
    reconciling,
    touched,
    histories,
  }: { reconciling: Reconciling; touched: readonly Touched[]; histories: ReadonlyMap<string, readonly Fact[]> },
  input: ReconcileStep,
) {
  const { long, said: remembered } = reconciling;
  for (const [model, own] of Map.groupBy(touched, (one) => one.model)) {
    const subjects = own.map(({ object }) => object.id);
    const said = await loadSaid(reconciling, { model, subjects }, input);
    for (const { object } of own) {
      const { id: subject } = object;
      const facts = histories.get(toObjectKey(object)) ?? [];
      const { domain } = model.rule;
      const before = said.get(subject) ?? { domain, items: [], flows: [] };
      const { items, flows } = evaluateSubject(model, { subject, facts }, input.contested);
      const after = { domain, items, flows };
      addChanges(findings, diffSubject({ model, subject }, before, after));
      if (facts.length > long.maxFacts) remembered.forget(toSaidKey(model, subject));
      else remembered.set(toSaidKey(model, subject), after);
    }
  }
  for (const [key, facts] of histories) remember(reconciling, { key, facts, now: input.step.now });
}

/** A long history is not kept: it would drive out all others. */
function remember(
  { histories, long }: Reconciling,
  { key, facts, now }: { key: string; facts: readonly Fact[]; now: number },
) {
  if (facts.length <= long.maxFacts) {
    histories.set(key, facts);
    return;
  }
  histories.forget(key);
  long.evaluated.set(key, { at: now, facts: facts.length });
}

async function addLevels(
  findings: ReconcileFindings,
  { reconciling, model, arrived, stated }: Arrived & { reconciling: Reconciling; model: ReconciliationModel },
  input: ReconcileStep,
) {
  const isOwn = ({ type }: Fact) => model.types.has(type);
  const own = { arrived: arrived.filter(isOwn), stated: stated.filter(isOwn) };
  if (own.arrived.length === 0 && own.stated.length === 0) return;
  const { levels, ...changes } = await reconcileLevels(reconciling.levels, model, { ...input, ...own });
  addChanges(findings, changes);
  for (const level of levels) findings.levels.push(level);
}

export async function storeReconciliations(
  client: ClickHouseClient,
  step: Step,
  { findings, token }: { findings: ReconcileFindings; token: (part: string) => string },
) {
  await Promise.all([
    insertItemChanges(client, step, { changes: findings.items, token: token("reconciliation-items") }),
    insertOpen(client, { changes: findings.open, token: token("reconciliation-open") }),
    insertSpans(client, { changes: findings.spans, token: token("reconciliation-spans") }),
    insertSubjects(client, step, { changes: findings.flows, token: token("reconciliation-subjects") }),
    insertLevels(client, step, { levels: findings.levels, token: token("reconciliation-levels") }),
    insertFlows(client, { changes: findings.flows, token: token("reconciliation-flows") }),
  ]);
}

function listTouched({ byType, byId }: Reconciling, facts: readonly Fact[], deferred: readonly Deferred[]): Touched[] {
  const touched = new Map<string, Touched>();
  const touch = (model: ReconciliationModel, { type, id }: ObjectRef) => {
    if (type === model.subjectType && !isFolded(model))
      touched.set(toSaidKey(model, id), { model, object: { type, id } });
  };
  for (const fact of facts)
    for (const model of byType.get(fact.type) ?? []) for (const object of fact.objects) touch(model, object);
  for (const object of deferred.filter(({ flow }) => flow === RECONCILING))
    for (const model of byId.values()) touch(model, object);
  return [...touched.values()];
}

/** The facts of the touched objects from memory, with what the step adds, and the objects that have to be read. */
function findHistories(
  { histories }: Reconciling,
  touched: readonly Touched[],
  input: ReconcileStep & Arrived,
): { held: Map<string, readonly Fact[]>; cold: ObjectRef[] } {
  const gained = groupByObject(input.arrived);
  const reload = new Set(input.stated.flatMap(({ objects }) => objects.map(toObjectKey)));
  const objects = new Map(touched.map(({ object }) => [toObjectKey(object), object]));
  const held = new Map<string, readonly Fact[]>();
  const cold: ObjectRef[] = [];
  for (const [key, object] of objects) {
    const known = reload.has(key) ? undefined : (histories.get(key) ?? (input.isFirstNamed(key) ? [] : undefined));
    if (known) held.set(key, [...known, ...(gained.get(key) ?? [])]);
    else cold.push(object);
  }
  return { held, cold };
}

async function readHistories(
  { byType }: Reconciling,
  objects: readonly ObjectRef[],
  { client, until }: ReconcileStep,
): Promise<Map<string, readonly Fact[]>> {
  const found = new Map<string, readonly Fact[]>();
  for (const [type, own] of Map.groupBy(objects, (object) => object.type)) {
    const facts = await listFactsOfObjects(client, { type, ids: own.map(({ id }) => id) }, until);
    const used = groupByObject(facts.filter((fact) => byType.has(fact.type)));
    for (const object of own) found.set(toObjectKey(object), used.get(toObjectKey(object)) ?? []);
  }
  return found;
}

function groupByObject(facts: readonly Fact[]): Map<string, Fact[]> {
  const groups = new Map<string, Fact[]>();
  for (const fact of facts)
    for (const key of new Set(fact.objects.map(toObjectKey))) {
      const group = groups.get(key);
      if (group) group.push(fact);
      else groups.set(key, [fact]);
    }
  return groups;
}

async function loadSaid(
  { said }: Reconciling,
  { model, subjects }: { model: ReconciliationModel; subjects: readonly string[] },
  { client, step, isFirstNamed }: ReconcileStep,
): Promise<Map<string, Said>> {
  const found = new Map<string, Said>();
  for (const subject of subjects) {
    const held = said.get(toSaidKey(model, subject));
    if (held) found.set(subject, held);
  }
  const cold = subjects.filter(
    (subject) => !found.has(subject) && !isFirstNamed(toObjectKey({ type: model.subjectType, id: subject })),
  );
  if (cold.length === 0) return found;
  const query = { reconciliation: model.rule.id, subjects: cold, before: step.batch };
  const [items, flows] = await Promise.all([listCurrentItems(client, query), listCurrentFlows(client, query)]);
  const itemsOf = Map.groupBy(items, ({ subject }) => subject);
  for (const subject of cold) {
    const known = flows.get(subject) ?? { domain: model.rule.domain, flows: [] };
    found.set(subject, { ...known, items: itemsOf.get(subject) ?? [] });
  }
  return found;
}

function toSaidKey({ rule }: ReconciliationModel, subject: string): string {
  return `${rule.id}\u0000${subject}`;
}
