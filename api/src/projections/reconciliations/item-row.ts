import { type Rational, formatDecimal, isZero } from "@throughline/schemas/exact/rational";
import type { Contest, Fact } from "../fact.ts";
import type { Entry, Side } from "./entry.ts";
import { toDueAt } from "./classify.ts";
import type { FlowKind } from "./flows.ts";
import { measureBalance } from "./measure-balance.ts";
import type { ReconciliationModel } from "./model.ts";
import { type SubjectEntries, UNMEASURED, readEntries } from "./read-entries.ts";
import { type Episode, type Trace, traceGroup } from "./trace-group.ts";

/** An open item over a time in which it did not change, as it is stored. Times in milliseconds since 1970 UTC. */
export interface ItemRow {
  reconciliation: string;
  subject: string;
  unit: string;
  key: string;
  item: string;
  side: Side;
  from: number;
  until: number | undefined;
  /** Signed decimal. */
  value: string;
  since: number;
  dueAt: number;
  lastAt: number;
  period: string;
  isMatched: boolean;
  /** It was cleared in another period than its own. */
  isClearedElsewhere: boolean;
  isContested: boolean;
  hasFailed: boolean;
  isInOtherUnit: boolean;
  /** "yes" or "no" where money is compared and both sides state quantities; else empty. */
  quantitiesAgree: "" | "yes" | "no";
  /** What the item is worth at the price of side a, where quantities are compared and amounts are stated. */
  balance: string;
  currency: string;
  entries: Readonly<Record<Side, readonly string[]>>;
  supplier: string;
  site: string;
  ruleVersion: string;
}

/** What a step changes of the sums: how items came and went, and what both sides add up to. */
export interface FlowRow {
  reconciliation: string;
  unit: string;
  site: string;
  kind: FlowKind | "a" | "b";
  /** The minute in which it happened. */
  minute: number;
  count: number;
  value: Rational;
}

export interface SubjectRows {
  items: ItemRow[];
  flows: FlowRow[];
}

const MINUTE_MS = 60_000;

/** All that one reconciliation says of an object, from all events that name it. */
export function evaluateSubject(
  model: ReconciliationModel,
  history: { subject: string; facts: readonly Fact[] },
  contested: ReadonlyMap<string, Contest>,
): SubjectRows {
  const read = readEntries(model, history, contested);
  const rows: SubjectRows = { items: [], flows: [] };
  for (const [unit, entries] of read.units)
    for (const group of Map.groupBy(entries, ({ key }) => key).values()) {
      const trace = traceGroup(group, model.rule.matching);
      const context = { model, subject: history.subject, unit, group, read };
      const place = findPlace(group, read);
      rows.items.push(...trace.episodes.map((episode) => toItemRow(episode, { ...context, place })));
      rows.flows.push(...listFlowRows(trace, { ...context, site: place.site }));
    }
  return rows;
}

interface GroupContext {
  model: ReconciliationModel;
  subject: string;
  unit: string;
  group: readonly Entry[];
  read: SubjectEntries;
}

interface Place {
  site: string;
  supplier: string;
}

/** All rows of a key belong to the site of its first entry, so that they sum in every scope. */
export function findPlace(group: readonly Entry[], { facts }: SubjectEntries): Place {
  const first = group.toSorted(
    (a, b) => (a.movements[0]?.at ?? 0) - (b.movements[0]?.at ?? 0) || (a.side + a.id < b.side + b.id ? -1 : 1),
  )[0];
  const named = group.flatMap(({ id }) => facts.get(id)?.objects.find(({ type }) => type === "supplier")?.id ?? []);
  return { site: (first && facts.get(first.id)?.site) ?? "", supplier: named.toSorted()[0] ?? "" };
}

function toItemRow(episode: Episode, context: GroupContext & { place: Place }): ItemRow {
  const { model, subject, unit, read, place } = context;
  const { item, side, key, from, until, since, lastAt, period, isMatched, clearedIn, entries } = episode;
  const ids = [...entries.a, ...entries.b];
  return {
    reconciliation: model.rule.id,
    subject,
    unit,
    key,
    item,
    side,
    from,
    until,
    value: formatDecimal(episode.value),
    since,
    lastAt,
    dueAt: toDueAt(episode, model.lagMs),
    period,
    isMatched,
    isClearedElsewhere: clearedIn.length > 0 && clearedIn.every((other) => other !== period),
    isContested: ids.some((id) => read.conflicts.has(id)),
    hasFailed: !isMatched && read.failed.has(side === "a" ? "b" : "a"),
    isInOtherUnit: unit === UNMEASURED || hasOtherUnit(context, side, key),
    quantitiesAgree: model.rule.measure.kind === "money" && isMatched ? compareQuantities(entries, read) : "",
    ...measureBalance({ ...context, ids: new Set(ids) }, from),
    entries,
    supplier: place.supplier,
    site: place.site,
    ruleVersion: model.version,
  };
}

/** The other side states the key too, but in another unit or currency, or in none. */
function hasOtherUnit({ unit, read }: GroupContext, side: Side, key: string): boolean {
  return [...read.units].some(
    ([other, entries]) =>
      other !== unit &&
      entries.some((entry) => entry.side !== side && (entry.key === key || entry.key.startsWith(`${key}\u001f`))),
  );
}

function compareQuantities(entries: ItemRow["entries"], { facts }: SubjectEntries): ItemRow["quantitiesAgree"] {
  const stated = (ids: readonly string[]) => ids.map((id) => facts.get(id)?.measures["quantity"]);
  const [a, b] = [stated(entries.a), stated(entries.b)];
  if (a.length !== 1 || b.length !== 1 || !a[0] || !b[0]) return "";
  return JSON.stringify(a[0]) === JSON.stringify(b[0]) ? "yes" : "no";
}

function listFlowRows(trace: Trace, { model, unit, group, site }: GroupContext & { site: string }): FlowRow[] {
  const toRow = (kind: FlowRow["kind"], at: number, amount: { count: number; value: Rational }): FlowRow => ({
    reconciliation: model.rule.id,
    unit,
    site,
    kind,
    minute: at - (at % MINUTE_MS),
    ...amount,
  });
  return [
    ...trace.flows.map(({ kind, at, count, value }) => toRow(kind, at, { count, value })),
    ...group.flatMap(({ side, movements }) =>
      movements.map(({ at, value }, index) => toRow(side, at, { count: index === 0 ? 1 : 0, value })),
    ),
  ].filter(({ count, value }) => count !== 0 || !isZero(value));
}

/** Tells the rows of one object apart. */
export function toItemSlot({ unit, key, side, item, from }: ItemRow): string {
  return [unit, key, side, item, from].join("\u0000");
}
