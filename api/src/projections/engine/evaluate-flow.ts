import type { ClickHouseClient } from "@clickhouse/client";
import { type Contest, type Fact, findSupplier, toObjectKey } from "../fact.ts";
import { type LegContext, evaluateLegs } from "../legs/evaluate-legs.ts";
import { type FlowModel, listAffectedLegs } from "../legs/flow-model.ts";
import type { LegModel } from "../legs/leg-model.ts";
import { type LegRow, isSameVerdict, toSlot } from "../legs/leg-row.ts";
import { isSameWake } from "../legs/leg-state.ts";
import { listFactorItems } from "../legs/factor-items.ts";
import type { ItemUnits } from "../matches/reference.ts";
import { foldInstance } from "./fold-instance.ts";
import { type Instance, type InstanceCache, createInstance } from "./instances.ts";
import { type LegChange, listCurrentLegs } from "./leg-store.ts";
import type { BusinessObject } from "./links.ts";
import { loadHistories } from "./load-histories.ts";
import type { RollupChanges } from "./rollups.ts";
import type { SnapshotStore } from "./snapshots.ts";
import type { Cursor, Step } from "./steps.ts";
import type { ItemUnitStore } from "./item-units.ts";
import type { Touched } from "./touch.ts";
import type { UnitUse } from "./unit-uses.ts";
import type { Wakes } from "./wakes.ts";

/** What an evaluation of a flow works with and leaves its results in. */
export interface Evaluation {
  client: ClickHouseClient;
  cache: InstanceCache;
  snapshots: SnapshotStore;
  wakes: Wakes;
  step: Step;
  until: Readonly<Record<string, Cursor>>;
  context: Omit<LegContext, "itemUnits">;
  itemUnits: ItemUnitStore;
  contested: ReadonlyMap<string, Contest>;
  /** By key, the objects that events of this step name and none before it did: the store holds nothing of them yet. */
  firstNamed: ReadonlyMap<string, BusinessObject>;
  changes: LegChange[];
  unitUses: UnitUse[];
  rollups: RollupChanges;
}

/** Evaluates the touched instances of a flow and collects what changed. */
export async function evaluateFlow(model: FlowModel, touched: Touched, evaluation: Evaluation): Promise<void> {
  const ids = new Set([...touched.gained.keys(), ...touched.reload, ...touched.rejudged]);
  const instances = new Map<string, Instance>();
  const cold: string[] = [];
  for (const id of ids) {
    const held = touched.reload.has(id) ? undefined : evaluation.cache.get(model, id);
    const instance = held ?? (isNew(model, id, { touched, evaluation }) ? createInstance() : undefined);
    const gained = touched.gained.get(id) ?? [];
    if (instance === undefined || !canGain(instance, gained)) cold.push(id);
    else {
      instance.facts.push(...gained);
      instances.set(id, instance);
    }
  }
  for (const [id, instance] of await loadInstances(model, { ids: cold, touched }, evaluation))
    instances.set(id, instance);
  const itemUnits = await loadItemUnits(model, instances, evaluation);
  const whole = new Set([...cold, ...touched.rejudged]);
  for (const [id, instance] of instances) {
    const legs = whole.has(id) ? model.legs : listAffected(model, instance, touched.gained.get(id) ?? []);
    evaluateInstance(model, { id, instance, legs, itemUnits }, evaluation);
    await foldInstance(model, { id, instance }, evaluation);
    evaluation.cache.set(model, id, instance);
  }
  rememberEmpty(model, { touched, instances }, evaluation);
}

const NO_UNITS: readonly ItemUnits[] = [];

/** The units of the items that instances have in more than one unit; that they use them is noted. */
async function loadItemUnits(
  model: FlowModel,
  instances: ReadonlyMap<string, Instance>,
  { itemUnits, until, contested, unitUses }: Evaluation,
): Promise<readonly ItemUnits[]> {
  const items = new Set<string>();
  for (const [instanceId, instance] of instances)
    for (const item of listFactorItems(model, instance)) {
      items.add(item);
      if (instance.unitsOf.has(item)) continue;
      instance.unitsOf.add(item);
      const site = instance.facts.find((fact) => fact.site !== "")?.site ?? "";
      unitUses.push({ item, flow: model.id, instanceId, site, domain: model.domain });
    }
  return items.size === 0 ? NO_UNITS : itemUnits.load([...items], { until, contested });
}

/** Instances whose anchors are named first by events that decide nothing: what comes later finds them without a look-up. */
function rememberEmpty(
  model: FlowModel,
  { touched, instances }: { touched: Touched; instances: ReadonlyMap<string, Instance> },
  { firstNamed, cache }: Evaluation,
) {
  for (const { type, id } of firstNamed.values())
    if (type === model.anchor && touched.isMine(id) && !instances.has(id)) cache.set(model, id, createInstance());
}

function isNew(model: FlowModel, id: string, options: { touched: Touched; evaluation: Evaluation }): boolean {
  const { touched, evaluation } = options;
  return !touched.reload.has(id) && evaluation.firstNamed.has(toObjectKey({ type: model.anchor, id }));
}

/** A folded history takes only later facts; an earlier one, or the reversal of a folded one, wants the whole again. */
function canGain(instance: Instance, gained: readonly Fact[]): boolean {
  return (
    instance.base === undefined ||
    gained.every((fact) => fact.time > instance.foldedUntil && fact.reverses === undefined)
  );
}

async function loadInstances(
  model: FlowModel,
  query: { ids: readonly string[]; touched: Touched },
  evaluation: Evaluation,
): Promise<Map<string, Instance>> {
  const instances = new Map<string, Instance>();
  if (query.ids.length === 0) return instances;
  const whole: string[] = [];
  for (const id of query.ids) {
    const folded = await findFolded(model, { id, touched: query.touched }, evaluation);
    if (folded) instances.set(id, folded);
    else whole.push(id);
  }
  const { client, until, contested, step } = evaluation;
  const [histories, current] = await Promise.all([
    loadHistories(client, model, { instanceIds: whole, until, contested }),
    listCurrentLegs(client, model, { instanceIds: query.ids, before: step.batch }),
  ]);
  for (const [id, { facts }] of histories) instances.set(id, { ...createInstance(), facts: [...facts.values()] });
  for (const row of current) instances.get(row.instanceId)?.current.set(toSlot(row), row);
  return instances;
}

/** An instance from its snapshot and the later facts, when nothing that the step brings reaches behind the snapshot. */
async function findFolded(
  model: FlowModel,
  subject: { id: string; touched: Touched },
  evaluation: Evaluation,
): Promise<Instance | undefined> {
  const { id, touched } = subject;
  const { client, until, contested, snapshots, step } = evaluation;
  if (touched.reload.has(id) || !snapshots.has(model, id)) return undefined;
  const snapshot = await snapshots.find(model, id, step.batch);
  if (snapshot === undefined) return undefined;
  const { foldedUntil, state } = snapshot;
  const instance = { ...createInstance(), base: state.summary, foldedUntil };
  if (!canGain(instance, touched.gained.get(id) ?? [])) return undefined;
  const query = { instanceIds: [id], until, contested, members: state.members, laterThan: foldedUntil };
  const later = (await loadHistories(client, model, query)).get(id);
  return { ...instance, facts: [...(later?.facts.values() ?? [])] };
}

/** The legs that the gained facts can change; the others stand as they are until their own time comes. */
function listAffected(model: FlowModel, instance: Instance, gained: readonly Fact[]): readonly LegModel[] {
  if (gained.some((fact) => isNewSupplier(instance, fact))) return model.legs;
  const [first, ...more] = gained.map((fact) => listAffectedLegs(model, fact));
  if (first === undefined || more.length === 0) return first ?? [];
  return [...new Set([...first, ...more.flat()])];
}

/** A supplier that is named by no start and no end stands for all legs of the instance, whichever event names it. */
function isNewSupplier(instance: Instance, fact: Fact): boolean {
  const supplier = findSupplier(fact);
  if (supplier === undefined) return false;
  for (const row of instance.current.values()) if (row.supplier !== supplier) return true;
  return false;
}

function evaluateInstance(
  model: FlowModel,
  subject: { id: string; instance: Instance; legs: readonly LegModel[]; itemUnits: readonly ItemUnits[] },
  evaluation: Evaluation,
) {
  const { id, instance, legs, itemUnits } = subject;
  const history = { instanceId: id, base: instance.base, facts: instance.facts };
  const rows = evaluateLegs(history, model, { ...evaluation.context, legs, itemUnits });
  for (const row of rows) recordRow(instance, row, evaluation);
  for (const [slot, before] of instance.current) {
    if (!legs.some((leg) => leg.id === before.leg) || rows.some((row) => toSlot(row) === slot)) continue;
    instance.current.delete(slot);
    evaluation.wakes.forget(before);
    evaluation.rollups.add(before, -1);
    evaluation.changes.push({ row: before, isRemoved: true });
  }
}

function recordRow(instance: Instance, row: LegRow, evaluation: Evaluation) {
  const slot = toSlot(row);
  const before = instance.current.get(slot);
  const isSame = before !== undefined && isSameVerdict(before, row);
  if (row.wake || before?.wake) evaluation.wakes.set(row, !isSame || isSameWake(before.wake, row.wake));
  instance.current.set(slot, row);
  if (isSame) return;
  if (before) evaluation.rollups.add(before, -1);
  evaluation.rollups.add(row, 1);
  evaluation.changes.push({ row, isRemoved: false });
}
