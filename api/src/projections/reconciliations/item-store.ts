import type { ClickHouseClient } from "@clickhouse/client";
import { toTimestamp } from "@throughline/schemas/rows/leg-verdicts";
import { z } from "zod";
import { readRows } from "../engine/read-rows.ts";
import type { Step } from "../engine/steps.ts";
import { countEntries, fromStoredEntries, toStoredEntries } from "./item-entries.ts";
import { SIDES } from "./entry.ts";
import { type ItemRow, toItemSlot } from "./item-row.ts";

const CHUNK = 2000;
const KEY = "reconciliation, subject, unit, key, side, item, from_at";

/** A row to append; `isRemoved` when there never was such an item, by what is known now. */
export interface ItemChange {
  row: ItemRow;
  isRemoved: boolean;
  domain: string;
}

const storedRow = z.tuple([
  z.string(),
  z.string(),
  z.string(),
  z.string(),
  z.enum(["a", "b"]),
  z.string(),
  z.number(),
  z.number(),
  z.string(),
  z.number(),
  z.number(),
  z.number(),
  z.string(),
  z.number(),
  z.number(),
  z.number(),
  z.number(),
  z.number(),
  z.enum(["", "yes", "no"]),
  z.string(),
  z.string(),
  z.array(z.string()),
  z.array(z.string()),
  z.string(),
  z.string(),
  z.string(),
  z.number(),
]);

const COLUMNS = `reconciliation, subject, unit, key, side, item, toUnixTimestamp64Milli(from_at),
  toUnixTimestamp64Milli(until_at), exact_value, toUnixTimestamp64Milli(since), toUnixTimestamp64Milli(last_at),
  toUnixTimestamp64Milli(due_at), period, is_matched, is_cleared_elsewhere, is_contested, has_failed, is_in_other_unit,
  quantities_agree, balance, currency, entries_a, entries_b, supplier, site, rule_version, is_removed`;

/** The rows of objects as they were before a step; of some keys only, where there are any given. */
export async function listCurrentItems(
  client: ClickHouseClient,
  query: { reconciliation: string; subjects: readonly string[]; keys?: readonly string[]; before: number },
): Promise<ItemRow[]> {
  const { reconciliation, before, subjects, keys } = query;
  const found: ItemRow[] = [];
  for (const own of toChunks(subjects))
    for (const named of keys === undefined ? [undefined] : toChunks(keys)) {
      const rows = await readRows(client, storedRow, {
        caller: "reconciliations.current",
        sql: `SELECT ${COLUMNS} FROM reconciliation_items
          WHERE reconciliation = {reconciliation: String} AND subject IN {subjects: Array(String)}
            ${named === undefined ? "" : "AND key IN {keys: Array(String)}"} AND batch < {before: UInt64}
          ORDER BY ${KEY}, batch DESC, is_removed LIMIT 1 BY ${KEY}`,
        values: { reconciliation, before, subjects: own, keys: named },
      });
      found.push(...rows.filter((row) => row[26] === 0).map(toItemRow));
    }
  return found;
}

function toChunks(texts: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(texts.length / CHUNK) }, (_, index) =>
    texts.slice(index * CHUNK, (index + 1) * CHUNK),
  );
}

export async function insertItemChanges(
  client: ClickHouseClient,
  step: Step,
  { changes, token }: { changes: readonly ItemChange[]; token: string },
) {
  if (changes.length === 0) return;
  await client.insert({
    table: "reconciliation_items",
    values: changes.map(({ row, isRemoved, domain }) => ({
      ...toColumns(row),
      domain,
      batch: step.batch,
      is_removed: isRemoved ? 1 : 0,
    })),
    format: "JSONEachRow",
    clickhouse_settings: { insert_deduplication_token: token, input_format_parallel_parsing: 0 },
  });
}

/** An item as the columns of the store have it, but for its domain and the step. */
export function toColumns(row: ItemRow) {
  return {
    reconciliation: row.reconciliation,
    subject: row.subject,
    unit: row.unit,
    key: row.key,
    side: row.side,
    item: row.item,
    from_at: toTimestamp(row.from),
    until_at: toTimestamp(row.until ?? NEVER),
    exact_value: row.value,
    since: toTimestamp(row.since),
    last_at: toTimestamp(row.lastAt),
    due_at: toTimestamp(row.dueAt),
    period: row.period,
    is_matched: row.isMatched ? 1 : 0,
    is_cleared_elsewhere: row.isClearedElsewhere ? 1 : 0,
    is_contested: row.isContested ? 1 : 0,
    has_failed: row.hasFailed ? 1 : 0,
    is_in_other_unit: row.isInOtherUnit ? 1 : 0,
    quantities_agree: row.quantitiesAgree,
    balance: row.balance,
    currency: row.currency,
    entries_a: toStoredEntries(row.entries.a, row.item, row.counts.a),
    entries_b: toStoredEntries(row.entries.b, row.item, row.counts.b),
    supplier: row.supplier,
    site: row.site,
    rule_version: row.ruleVersion,
  };
}

/** Stands for "still open", so that one comparison finds what is open at a moment. */
export const NEVER = Date.UTC(2262, 0);

function toItemRow(row: z.infer<typeof storedRow>): ItemRow {
  return {
    reconciliation: row[0],
    subject: row[1],
    unit: row[2],
    key: row[3],
    side: row[4],
    item: row[5],
    from: row[6],
    until: row[7] === NEVER ? undefined : row[7],
    value: row[8],
    since: row[9],
    lastAt: row[10],
    dueAt: row[11],
    period: row[12],
    isMatched: row[13] === 1,
    isClearedElsewhere: row[14] === 1,
    isContested: row[15] === 1,
    hasFailed: row[16] === 1,
    isInOtherUnit: row[17] === 1,
    quantitiesAgree: row[18],
    balance: row[19],
    currency: row[20],
    entries: { a: fromStoredEntries(row[21], row[5]), b: fromStoredEntries(row[22], row[5]) },
    counts: { a: countEntries(row[21]), b: countEntries(row[22]) },
    supplier: row[23],
    site: row[24],
    ruleVersion: row[25],
  };
}

/**
 * What changes from some rows of an object to others. What says the same keeps the rules that said it first. What is of another
 * site now is removed from the one that it was of, so that whoever sees only that one sees it no more.
 */
export function diffItems(before: readonly ItemRow[], after: readonly ItemRow[]): Omit<ItemChange, "domain">[] {
  const known = new Map(before.map((row) => [toItemSlot(row), row]));
  const next = new Map(after.map((row) => [toItemSlot(row), row.site]));
  return [
    ...after.filter((row) => !isSameItem(known.get(toItemSlot(row)), row)).map((row) => ({ row, isRemoved: false })),
    ...before.filter((row) => next.get(toItemSlot(row)) !== row.site).map((row) => ({ row, isRemoved: true })),
  ];
}

function isSameItem(before: ItemRow | undefined, after: ItemRow): boolean {
  return (
    before !== undefined &&
    COMPARED.every((name) => before[name] === after[name]) &&
    SIDES.every(
      (side) => before.counts[side] === after.counts[side] && isSameList(before.entries[side], after.entries[side]),
    )
  );
}

const COMPARED = [
  "until",
  "value",
  "since",
  "lastAt",
  "dueAt",
  "period",
  "isMatched",
  "isClearedElsewhere",
  "isContested",
  "hasFailed",
  "isInOtherUnit",
  "quantitiesAgree",
  "balance",
  "currency",
  "supplier",
  "site",
] as const;

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}
