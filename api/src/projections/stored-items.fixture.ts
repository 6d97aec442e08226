import type { ClickHouseClient } from "@clickhouse/client";
import { formatDecimal } from "@throughline/schemas/exact/rational";
import { canonicalize } from "@throughline/schemas/pack/canonical";
import type { Reconciliations } from "@throughline/schemas/pack/reconciliation";
import { expect } from "vitest";
import { z } from "zod";
import { readRows } from "./engine/read-rows.ts";
import type { Fact } from "./fact.ts";
import { listFlowChanges } from "./reconciliations/flow-store.ts";
import { type FlowRow, evaluateSubject } from "./reconciliations/item-row.ts";
import { listCurrentItems } from "./reconciliations/item-store.ts";
import { type ReconciliationModel, toReconciliationModels } from "./reconciliations/model.ts";

const LAST = Number.MAX_SAFE_INTEGER;
const flowRow = z.tuple([z.string(), z.string(), z.string(), z.string(), z.number(), z.number(), z.string()]);

/** The sums that objects add up to when they are evaluated from all events at once. */
function listTotals(model: ReconciliationModel, { subject, flows }: { subject: string; flows: readonly FlowRow[] }) {
  return listFlowChanges({ model, subject, domain: model.rule.domain }, [], flows).flatMap(({ flows: after }) =>
    after.map((row) =>
      [row.reconciliation, row.unit, row.site, row.kind, row.minute, row.count, formatDecimal(row.value)].join(" "),
    ),
  );
}

const show = (rows: readonly object[]) => rows.map((row) => canonicalize(row)).toSorted();

/** Holds what is stored of reconciliations against all events at once. */
export async function expectStored(
  client: ClickHouseClient,
  { rules, facts, subjects }: { rules: Reconciliations; facts: readonly Fact[]; subjects: readonly string[] },
) {
  const flows: string[] = [];
  for (const model of toReconciliationModels(rules)) {
    const expected = subjects.flatMap((subject) => {
      const own = facts.filter(({ objects }) => objects.some(({ id }) => id === subject));
      const rows = evaluateSubject(model, { subject, facts: own }, new Map());
      flows.push(...listTotals(model, { subject, flows: rows.flows }));
      return rows.items;
    });
    const query = { reconciliation: model.rule.id, subjects, before: LAST };
    expect(show(await listCurrentItems(client, query))).toEqual(show(expected));
  }
  expect([await countApartSpans(client), await countApartOpen(client)]).toEqual([0, 0]);
  const stored = await readRows(client, flowRow, {
    caller: "test",
    sql: `SELECT reconciliation, unit, site, kind, toUnixTimestamp64Milli(minute), sum(items) AS total, toString(sum(value)) AS worth
      FROM reconciliation_flows GROUP BY reconciliation, unit, site, kind, minute HAVING total != 0 OR sum(value) != 0`,
  });
  expect(toTotals(stored.map((row) => row.join(" ")))).toEqual(toTotals(flows));
}

const toMinute = (time: string) => `toUnixTimestamp64Milli(${time}) - toUnixTimestamp64Milli(${time}) % 60000`;

/** Spans that differ from those of the items that stand. */
export async function countApartSpans(client: ClickHouseClient): Promise<number | undefined> {
  const slot = "reconciliation, subject, unit, key, side, item, from_at";
  const judged = `is_matched, is_cleared_elsewhere, has_failed, is_in_other_unit, quantities_agree, site, domain`;
  const [apart] = await readRows(client, z.tuple([z.number()]), {
    caller: "test",
    sql: `SELECT count() FROM (
      SELECT reconciliation, until_ms, from_ms, unit, side, amount, since_ms, due_ms, ${judged}, sum(times) AS left_over FROM (
        SELECT reconciliation, toUnixTimestamp64Milli(until_at) AS until_ms, toUnixTimestamp64Milli(from_at) AS from_ms, unit, side,
          value AS amount, from_ms - since_before * 60000 AS since_ms, from_ms + waits_ms AS due_ms, ${judged}, items AS times
        FROM reconciliation_spans
        UNION ALL
        SELECT reconciliation, ${toMinute("until_at")} AS until_ms, ${toMinute("from_at")} AS from_ms, unit, side,
          exact_value AS amount, ${toMinute("since")} AS since_ms, toUnixTimestamp64Milli(due_at) AS due_ms, ${judged}, -1 AS times
        FROM (SELECT * FROM reconciliation_items ORDER BY ${slot}, batch DESC, is_removed LIMIT 1 BY ${slot})
        WHERE is_removed = 0 AND until_ms > from_ms)
      GROUP BY ALL HAVING left_over != 0)`,
  });
  return apart?.[0];
}

/** Items that are kept as open without an end and are not, or the other way round. */
export async function countApartOpen(client: ClickHouseClient): Promise<number | undefined> {
  const slot = "reconciliation, subject, unit, key, side, item, from_at";
  const shown = `${slot}, exact_value, since, last_at, due_at, period, is_matched, is_cleared_elsewhere, is_contested, has_failed,
    is_in_other_unit, quantities_agree, balance, currency, entries_a, entries_b, supplier, site, domain`;
  const [apart] = await readRows(client, z.tuple([z.number()]), {
    caller: "test",
    sql: `SELECT count() FROM (
      SELECT ${shown}, sum(times) AS left_over FROM (
        SELECT ${shown}, items AS times FROM reconciliation_open
        UNION ALL
        SELECT ${shown}, -1 AS times FROM (
          SELECT * FROM reconciliation_items ORDER BY ${slot}, batch DESC, is_removed LIMIT 1 BY ${slot})
        WHERE is_removed = 0 AND until_at > '2261-01-01 00:00:00')
      GROUP BY ${shown} HAVING left_over != 0)`,
  });
  return apart?.[0];
}

/** Two lines may add to the same sum. */
function toTotals(rows: readonly string[]): [string, number, number][] {
  const totals = new Map<string, [string, number, number]>();
  for (const row of rows) {
    const parts = row.split(" ");
    const [count, value] = [Number(parts.at(-2)), Number(parts.at(-1))];
    const key = parts.slice(0, -2).join(" ");
    const known = totals.get(key);
    totals.set(key, [key, (known?.[1] ?? 0) + count, (known?.[2] ?? 0) + value]);
  }
  return [...totals.values()]
    .filter(([, count, value]) => count !== 0 || value !== 0)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}
