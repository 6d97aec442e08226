import { type Rational, formatDecimal, isZero } from "@throughline/schemas/exact/rational";
import type { Contest, Fact } from "../fact.ts";
import { type Entry, type Side, otherSide } from "./entry.ts";
import { roundMoney } from "../matches/currency.ts";
import { toDueAt } from "./classify.ts";
import type { FlowKind } from "./flows.ts";
import { createAmountOf } from "./measure-balance.ts";
import type { ReconciliationModel } from "./model.ts";
import { KEY_SEPARATOR } from "./entry-key.ts";
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
  /** The earliest events that stand in it, 20 of a side at most. */
  entries: Readonly<Record<Side, readonly string[]>>;
  /** How many stand in it. */
  counts: Readonly<Record<Side, number>>;
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
  /** All entries that stand in an item of these, by side. */
  listEntries: (item: ItemRow) => Record<Side, readonly string[]>;
}

const MINUTE_MS = 60_000;

/** All that one reconciliation says of an object, from all events that name it. */
export function evaluateSubject(
  model: ReconciliationModel,
  history: { subject: string; facts: readonly Fact[] },
  contested: ReadonlyMap<string, Contest>,
): SubjectRows {
  return evaluateEntries(model, history.subject, readEntries(model, history, contested));
}

/** The same of what was read of an object already. */
export function evaluateEntries(model: ReconciliationModel, subject: string, read: SubjectEntries): SubjectRows {
  const found = new Map<ItemRow, Episode>();
  const flows: FlowRow[] = [];
  const findOtherUnit = createUnitFinder(read);
  const amountOf = createAmountOf(model, read.facts);
  for (const [unit, entries] of read.units)
    for (const group of Map.groupBy(entries, ({ key }) => key).values()) {
      const trace = traceGroup(group, { matching: model.rule.matching, amountOf });
      const place = findPlace(group, read);
      const contestedHere = group.filter(({ id }) => read.conflicts.has(id));
      const context = { model, subject, unit, group, read, place, contested: contestedHere, findOtherUnit };
      for (const episode of trace.episodes) found.set(toItemRow(episode, context), episode);
      for (const flow of listFlowRows(trace, context)) flows.push(flow);
    }
  return {
    items: [...found.keys()],
    flows,
    listEntries: (item) => {
      const { a, b } = found.get(item)?.entries ?? {};
      return { a: a?.list() ?? [], b: b?.list() ?? [] };
    },
  };
}

interface GroupContext {
  model: ReconciliationModel;
  subject: string;
  unit: string;
  group: readonly Entry[];
  read: SubjectEntries;
  place: Place;
  /** Those of the group that were stated with different content. */
  contested: readonly Entry[];
  findOtherUnit: UnitFinder;
}

interface Place {
  site: string;
  supplier: string;
}

/** All rows of a key belong to the site of its first entry, so that they sum in every scope. */
export function findPlace(group: readonly Entry[], { facts }: SubjectEntries): Place {
  let first: Entry | undefined;
  let supplier: string | undefined;
  for (const entry of group) {
    if (first === undefined || compareByDate(entry, first) < 0) first = entry;
    const named = facts.get(entry.id)?.objects.find(({ type }) => type === "supplier")?.id;
    if (named !== undefined && (supplier === undefined || named < supplier)) supplier = named;
  }
  return { site: (first && facts.get(first.id)?.site) ?? "", supplier: supplier ?? "" };
}

function compareByDate(a: Entry, b: Entry): number {
  return (a.movements[0]?.at ?? 0) - (b.movements[0]?.at ?? 0) || (a.side + a.id < b.side + b.id ? -1 : 1);
}

function toItemRow(episode: Episode, context: GroupContext): ItemRow {
  const { model, subject, unit, read, place } = context;
  const { item, side, key, from, until, since, lastAt, period, isMatched, clearedIn, entries } = episode;
  const { balance } = episode;
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
    isContested: context.contested.some((entry) => entries[entry.side].has(entry)),
    hasFailed: !isMatched && read.failed.has(side === "a" ? "b" : "a"),
    isInOtherUnit: unit === UNMEASURED || context.findOtherUnit(otherSide(side), key, unit),
    quantitiesAgree: model.rule.measure.kind === "money" && isMatched ? compareQuantities(entries, read) : "",
    balance: balance ? formatDecimal(roundMoney(balance.value, balance.currency)) : "",
    currency: balance?.currency ?? "",
    entries: { a: entries.a.first, b: entries.b.first },
    counts: { a: entries.a.count, b: entries.b.count },
    supplier: place.supplier,
    site: place.site,
    ruleVersion: model.version,
  };
}

/** Whether a side states a key too, but in another unit or currency than one, or in none. */
type UnitFinder = (side: Side, key: string, than: string) => boolean;

/** Keys are known with what they begin with: what is not measured has a key of its own behind that of the others. */
function createUnitFinder({ units }: SubjectEntries): UnitFinder {
  if (units.size < 2) return () => false;
  const known = new Map<string, Set<string>>();
  for (const [unit, entries] of units)
    for (const { side, key } of entries)
      for (let end = key.length; end >= 0; end = key.lastIndexOf(KEY_SEPARATOR, end - 1)) {
        const name = `${side}${key.slice(0, end)}`;
        const found = known.get(name);
        if (found) found.add(unit);
        else known.set(name, new Set([unit]));
        if (end === 0) break;
      }
  return (side, key, than) => [...(known.get(`${side}${key}`) ?? [])].some((unit) => unit !== than);
}

function compareQuantities({ a, b }: Episode["entries"], { facts }: SubjectEntries): ItemRow["quantitiesAgree"] {
  if (a.count !== 1 || b.count !== 1) return "";
  const [left, right] = [a, b].map(({ first: [id = ""] }) => facts.get(id)?.measures["quantity"]);
  if (!left || !right) return "";
  return JSON.stringify(left) === JSON.stringify(right) ? "yes" : "no";
}

function listFlowRows(trace: Trace, { model, unit, group, place: { site } }: GroupContext): FlowRow[] {
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
