import type { ClickHouseClient } from "@clickhouse/client";
import type { Pack } from "@throughline/schemas/pack/flow";
import { type Contest, type Fact, toObjectKey } from "../fact.ts";
import { listFactsOfObjects } from "../engine/read-facts.ts";
import { type RecentMap, createRecentMap } from "../engine/recent-map.ts";
import type { Cursor, Step } from "../engine/steps.ts";
import type { Arrivals } from "../engine/touch.ts";
import { type ReconcileFindings, type Said, diffSubject } from "./diff-subject.ts";
import { insertFlows, insertSubjects, listCurrentFlows } from "./flow-store.ts";
import { evaluateSubject } from "./item-row.ts";
import { insertItemChanges, listCurrentItems } from "./item-store.ts";
import { type ReconciliationModel, toReconciliationModels } from "./model.ts";
import { insertOpen } from "./open-store.ts";
import { insertSpans } from "./span-store.ts";

const OVERHEAD = 2;

/** The reconciling of a projector, and what it holds in memory. */
export interface Reconciling {
  byType: ReadonlyMap<string, readonly ReconciliationModel[]>;
  /** The types of the objects that keys begin with. */
  subjectTypes: ReadonlySet<string>;
  /** Facts by object, of the types that any reconciliation uses. */
  histories: RecentMap<string, readonly Fact[]>;
  /** What was said last of each object. */
  said: RecentMap<string, Said>;
}

/** Undefined in a pack that reconciles nothing. */
export function createReconciling(pack: Pick<Pack, "reconciliations">, maxHeld: number): Reconciling | undefined {
  const models = toReconciliationModels(pack.reconciliations);
  if (models.length === 0) return undefined;
  const types = new Set(models.flatMap((model) => [...model.types]));
  return {
    byType: new Map([...types].map((type) => [type, models.filter((model) => model.types.has(type))])),
    subjectTypes: new Set(models.map(({ subjectType }) => subjectType)),
    histories: createRecentMap(maxHeld / 2, (facts) => facts.length + OVERHEAD),
    said: createRecentMap(maxHeld / 2, ({ items, flows }) => items.length + flows.length + OVERHEAD),
  };
}

export interface ReconcileStep {
  client: ClickHouseClient;
  step: Step;
  until: Readonly<Record<string, Cursor>>;
  contested: ReadonlyMap<string, Contest>;
  arrivals: Pick<Arrivals, "facts" | "standings" | "contested">;
  /** Keys of objects that no event before this step named: the store holds nothing of them. */
  isFirstNamed: (key: string) => boolean;
}

interface Touched {
  model: ReconciliationModel;
  subject: string;
}

/** Evaluates again every object that a step's events name, for each reconciliation whose keys begin with it. */
export async function reconcileTouched(reconciling: Reconciling, input: ReconcileStep): Promise<ReconcileFindings> {
  const { arrivals } = input;
  const arrived = arrivals.facts
    .map(({ fact }) => fact)
    .filter((fact) => reconciling.byType.has(fact.type) && arrivals.standings.get(fact) !== "duplicate");
  const stated = arrivals.contested
    .flatMap(({ statements }) => statements)
    .filter(({ type }) => reconciling.byType.has(type));
  const touched = listTouched(reconciling, [...arrived, ...stated]);
  const findings: ReconcileFindings = { items: [], open: [], spans: [], flows: [] };
  if (touched.length === 0) return findings;
  const histories = await loadHistories(reconciling, touched, { ...input, arrived, stated });
  for (const [model, own] of Map.groupBy(touched, (one) => one.model)) {
    const subjects = own.map(({ subject }) => subject);
    const said = await loadSaid(reconciling, { model, subjects }, input);
    for (const subject of subjects) {
      const facts = histories.get(toObjectKey({ type: model.subjectType, id: subject })) ?? [];
      const { domain } = model.rule;
      const before = said.get(subject) ?? { domain, items: [], flows: [] };
      const next = { domain, ...evaluateSubject(model, { subject, facts }, input.contested) };
      const { items, open, spans, flows } = diffSubject({ model, subject }, before, next);
      findings.items.push(...items);
      findings.open.push(...open);
      findings.spans.push(...spans);
      findings.flows.push(...flows);
      reconciling.said.set(toSaidKey(model, subject), next);
    }
  }
  return findings;
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
    insertFlows(client, { changes: findings.flows, token: token("reconciliation-flows") }),
  ]);
}

function listTouched({ byType }: Reconciling, facts: readonly Fact[]): Touched[] {
  const touched = new Map<string, Touched>();
  for (const fact of facts)
    for (const model of byType.get(fact.type) ?? [])
      for (const { type, id } of fact.objects)
        if (type === model.subjectType) touched.set(toSaidKey(model, id), { model, subject: id });
  return [...touched.values()];
}

/** The facts of the touched objects: from memory with what the step adds, or read once. */
async function loadHistories(
  { byType, histories }: Reconciling,
  touched: readonly Touched[],
  input: ReconcileStep & { arrived: readonly Fact[]; stated: readonly Fact[] },
): Promise<Map<string, readonly Fact[]>> {
  const gained = groupByObject(input.arrived);
  const reload = new Set(input.stated.flatMap(({ objects }) => objects.map(toObjectKey)));
  const objects = new Map(
    touched.map(({ model, subject }) => {
      const object = { type: model.subjectType, id: subject };
      return [toObjectKey(object), object];
    }),
  );
  const found = new Map<string, readonly Fact[]>();
  for (const key of objects.keys()) {
    const held = reload.has(key) ? undefined : (histories.get(key) ?? (input.isFirstNamed(key) ? [] : undefined));
    if (held) found.set(key, [...held, ...(gained.get(key) ?? [])]);
  }
  const cold = [...objects].filter(([key]) => !found.has(key)).map(([, object]) => object);
  for (const { type, id } of cold) found.set(toObjectKey({ type, id }), []);
  for (const [type, own] of Map.groupBy(cold, (object) => object.type)) {
    const facts = await listFactsOfObjects(input.client, { type, ids: own.map(({ id }) => id) }, input.until);
    const used = groupByObject(facts.filter((fact) => byType.has(fact.type)));
    for (const object of own) found.set(toObjectKey(object), used.get(toObjectKey(object)) ?? []);
  }
  for (const [key, facts] of found) histories.set(key, facts);
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
