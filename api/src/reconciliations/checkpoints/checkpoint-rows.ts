import { createHash } from "node:crypto";
import { toLocalDate } from "@throughline/schemas/calendar/fiscal-period";
import {
  type Rational,
  ZERO,
  absolute,
  add,
  formatDecimal,
  negate,
  parseRational,
} from "@throughline/schemas/exact/rational";
import { canonicalize } from "@throughline/schemas/pack/canonical";
import { exceeds } from "../../projections/matches/tolerance.ts";
import { findAgeBand } from "../../projections/reconciliations/age.ts";
import { classify } from "../../projections/reconciliations/classify.ts";
import { findCause } from "../../projections/reconciliations/find-cause.ts";
import { FLOW_KINDS } from "../../projections/reconciliations/flows.ts";
import type { FlowRow, ItemRow, SubjectRows } from "../../projections/reconciliations/item-row.ts";
import type { ReconciliationModel } from "../../projections/reconciliations/model.ts";
import type { CheckpointInputs } from "./checkpoint-inputs.ts";

/** In this order: what was open at the beginning, what came and went, both sides, what side b posted, what is open. */
export const ROW_KINDS = ["opening", ...FLOW_KINDS, "a", "b", "posting", "open"] as const;
export type RowKind = (typeof ROW_KINDS)[number];

/** A row of a checkpoint. `value` is signed, `gross` is not; `body` is all that it says, as text. */
export interface CheckpointRow {
  kind: RowKind;
  unit: string;
  site: string;
  key: string;
  side: string;
  item: string;
  class: string;
  cause: string;
  days: string;
  isBeyond: boolean;
  count: number;
  value: Rational;
  gross: Rational;
  body: string;
}

interface Sum {
  kind: RowKind;
  unit: string;
  site: string;
  count: number;
  value: Rational;
  gross: Rational;
}

/** Takes what was found of object after object, and gives the rows of a checkpoint, the same whatever the order. */
export function createCheckpointTally(inputs: CheckpointInputs, model: ReconciliationModel) {
  const sums = new Map<string, Sum>();
  const open: CheckpointRow[] = [];
  const { company, from, cutoff } = inputs;
  const isOwn = ({ site }: { site: string }) => company.sites === undefined || company.sites.includes(site);
  const count = (sum: Sum) => {
    const key = [sum.kind, sum.unit, sum.site].join("\u0000");
    const known = sums.get(key);
    sums.set(key, known ? addSums(known, sum) : sum);
  };
  return {
    add: ({ items, flows, listEntries }: SubjectRows) => {
      for (const item of items.filter(isOwn)) {
        if (isOpen(item, from)) count(toOpening(item));
        if (isOpen(item, cutoff)) open.push(toOpenRow(item, { inputs, model, entries: listEntries(item) }));
      }
      for (const flow of flows.filter(isOwn)) for (const sum of listSums(flow, { from, cutoff })) count(sum);
    },
    openCount: () => open.length,
    finish: (): CheckpointRow[] =>
      [...[...sums.values()].filter(isSomething).map(toSumRow), ...open].toSorted(compareRows),
  };
}

/** SHA-256 over the bodies, each on a line of its own. */
export function toRowsDigest(rows: readonly Pick<CheckpointRow, "body">[]): string {
  const hash = createHash("sha256");
  for (const { body } of rows) hash.update(`${body}\n`);
  return hash.digest("hex");
}

function isOpen({ from, until }: ItemRow, at: number): boolean {
  return from < at && (until === undefined || until >= at);
}

function toOpening({ unit, site, value: text }: ItemRow): Sum {
  const value = parseRational(text) ?? ZERO;
  return { kind: "opening", unit, site, count: 1, value, gross: absolute(value) };
}

/** Flows of the range, and what both sides add up to before its end. A change is signed, the others are not. */
function listSums({ kind, unit, site, minute, count, value }: FlowRow, range: { from: number; cutoff: number }): Sum[] {
  if (minute >= range.cutoff) return [];
  const sum = { kind, unit, site, count, value, gross: kind === "changed" ? value : absolute(value) };
  const isWithin = minute >= range.from;
  if (kind !== "a" && kind !== "b") return isWithin ? [sum] : [];
  return kind === "b" && isWithin ? [sum, { ...sum, kind: "posting" }] : [sum];
}

function addSums(a: Sum, b: Sum): Sum {
  return { ...a, count: a.count + b.count, value: add(a.value, b.value), gross: add(a.gross, b.gross) };
}

function isSomething({ count, value, gross }: Sum): boolean {
  return count !== 0 || value.numerator !== 0n || gross.numerator !== 0n;
}

function toSumRow(sum: Sum): CheckpointRow {
  const { kind, unit, site, count } = sum;
  const body = { kind, unit, site, count, value: formatDecimal(sum.value), gross: formatDecimal(sum.gross) };
  const none = { key: "", side: "", item: "", class: "", cause: "", days: "", isBeyond: false };
  return { ...sum, ...none, body: canonicalize(body) };
}

function toOpenRow(
  item: ItemRow,
  {
    inputs,
    model: { rule, lagMs },
    entries,
  }: { inputs: CheckpointInputs; model: ReconciliationModel; entries: ReturnType<SubjectRows["listEntries"]> },
): CheckpointRow {
  const { unit, site, key, side, item: name } = item;
  const { cutoff, now, feeds, company } = inputs;
  const clearedIn = item.isClearedElsewhere ? [""] : [];
  const named = classify({ ...item, clearedIn }, { cutoff, now, lagMs, matching: rule.matching, feeds });
  const cause = findCause({
    class: named,
    isMatched: item.isMatched,
    hasFailed: item.hasFailed,
    isInOtherUnit: item.isInOtherUnit,
    quantitiesAgree: item.quantitiesAgree === "" ? undefined : item.quantitiesAgree === "yes",
    measure: rule.measure.kind,
  });
  const days = findAgeBand(toLocalDate(item.since, company.zone), toLocalDate(cutoff - 1, company.zone));
  const value = parseRational(item.value) ?? ZERO;
  const gross = absolute(value);
  const isBeyond = exceeds(gross, rule.materiality.item);
  const { reconciliation: _, ruleVersion: __, until: ___, counts: ____, ...stated } = item;
  const body = canonicalize({ kind: "open", ...stated, entries, class: named, cause, days, isBeyond });
  return {
    kind: "open",
    unit,
    site,
    key,
    side,
    item: name,
    class: named,
    cause,
    days,
    isBeyond,
    count: 1,
    value,
    gross,
    body,
  };
}

function compareRows(a: CheckpointRow, b: CheckpointRow): number {
  const kinds = ROW_KINDS.indexOf(a.kind) - ROW_KINDS.indexOf(b.kind);
  if (kinds !== 0) return kinds;
  const [left, right] = [toPlace(a), toPlace(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function toPlace({ unit, site, key, side, item, body }: CheckpointRow): string {
  return [unit, key, side, item, site, body].join("\u0000");
}

/** What the open items of rows explain of the difference of both sides: nothing is left in a sound checkpoint. */
export function findUnexplained(rows: readonly CheckpointRow[]): Rational {
  let left = ZERO;
  for (const { kind, value } of rows)
    left = kind === "a" ? add(left, value) : kind === "b" || kind === "open" ? add(left, negate(value)) : left;
  return left;
}
