import type { ClickHouseClient } from "@clickhouse/client";
import { toTimestamp } from "@throughline/schemas/rows/leg-verdicts";
import type { ItemRow } from "./item-row.ts";
import { NEVER } from "./item-store.ts";

const MINUTE_MS = 60_000;

/** What open items of one object add to the figures of statements, or take away: see `reconciliation_spans`. */
export interface SpanChange {
  span: ReturnType<typeof toSpan>;
  items: number;
}

/** What changes of the figures when rows are said of an object instead of others; the same rows on both sides change nothing. */
export function listSpanChanges(before: readonly ItemRow[], after: readonly ItemRow[], domain: string): SpanChange[] {
  const changes = new Map<string, SpanChange>();
  const count = (rows: readonly ItemRow[], sign: 1 | -1) => {
    for (const row of rows.filter(lastsAMinute)) {
      const span = toSpan(row, domain);
      const key = JSON.stringify(span);
      changes.set(key, { span, items: (changes.get(key)?.items ?? 0) + sign });
    }
  };
  count(before, -1);
  count(after, 1);
  return [...changes.values()].filter(({ items }) => items !== 0);
}

export async function insertSpans(
  client: ClickHouseClient,
  { changes, token }: { changes: readonly SpanChange[]; token: string },
) {
  if (changes.length === 0) return;
  await client.insert({
    table: "reconciliation_spans",
    values: changes.map(({ span, items }) => ({ ...span, items })),
    format: "JSONEachRow",
    clickhouse_settings: { insert_deduplication_token: token, input_format_parallel_parsing: 0 },
  });
}

/** Cut-offs are whole minutes: no other item is open at any of them. */
function lastsAMinute({ from, until }: ItemRow): boolean {
  return until === undefined || toMinute(until) > toMinute(from);
}

function toSpan(row: ItemRow, domain: string) {
  const from = toMinute(row.from);
  return {
    reconciliation: row.reconciliation,
    until_at: toTimestamp(toMinute(row.until ?? NEVER)),
    from_at: toTimestamp(from),
    unit: row.unit,
    side: row.side,
    value: row.value,
    since_before: (from - toMinute(row.since)) / MINUTE_MS,
    waits_ms: row.dueAt - from,
    is_matched: row.isMatched ? 1 : 0,
    is_cleared_elsewhere: row.isClearedElsewhere ? 1 : 0,
    has_failed: row.hasFailed ? 1 : 0,
    is_in_other_unit: row.isInOtherUnit ? 1 : 0,
    quantities_agree: row.quantitiesAgree,
    site: row.site,
    domain,
  };
}

function toMinute(time: number): number {
  return Math.floor(time / MINUTE_MS) * MINUTE_MS;
}
