import type { ClickHouseClient } from "@clickhouse/client";

const ROWS_AT_ONCE = 1_000_000;
const SPANS_AT_ONCE = 100_000;
const toMinute = (time: string) =>
  `fromUnixTimestamp64Milli(intDiv(toUnixTimestamp64Milli(${time}), 60000) * 60000, 'UTC')`;
const RECEIPT_NAME = `concat('go-', toString(reinterpretAsUInt32(sipHash64(line)) % 100000000), '/', toString(line)) AS name`;
const OPEN_UNTIL = "toDateTime64('2262-01-01 00:00:00', 3, 'UTC')";

/**
 * Gives the receipts of `fillTrade` open items as the reconciler would have: a row when a receipt came, another one when it was
 * posted within hours, and what opened and cleared them by minute. About one receipt in two hundred is never posted.
 */
export async function fillReconciliation(
  client: ClickHouseClient,
  { reconciliation, lines, until }: { reconciliation: string; lines: number; until: number },
) {
  for (let first = 0; first < lines; first += ROWS_AT_ONCE) {
    const count = Math.min(ROWS_AT_ONCE, lines - first);
    for (const isFinal of [false, true])
      await client.command({
        query: `INSERT INTO reconciliation_items (reconciliation, subject, unit, key, side, item, from_at, batch, until_at,
            exact_value, since, last_at, due_at, period, entries_a, supplier, rule_version, site, domain)
          WITH ${toReceipt({ first, lines, until })}, ${RECEIPT_NAME}
          SELECT '${reconciliation}', name, 'EA', name, 'a', concat('source-3\\0', toString(chance)), at,
            ${isFinal ? 2_000_000 : 1_000_000} + intDiv(line, 1000),
            ${isFinal ? "cleared_at" : OPEN_UNTIL}, '10', at, at, at + toIntervalMinute(15),
            formatDateTime(at, '%Y-%m'), [name], 'supplier', 'v1', concat('site-', toString(line % 3)), 'erp'
          FROM numbers(${count}) WHERE ${isFinal ? "is_cleared" : "1"}
          SETTINGS max_insert_block_size = 1000000, max_threads = 1`,
      });
  }
  await fillSpans(client, { reconciliation, lines, until });
  await fillOpen(client, { reconciliation, lines, until });
  const flows = (kind: string, at: string, where: string) => `INSERT INTO reconciliation_flows
    SELECT reconciliation, unit, '${kind}' AS kind, site, domain, toStartOfMinute(${at}) AS minute, ${kind === "b" || kind === "a" ? "0" : "count()"} AS items,
      10 * count() AS value FROM reconciliation_items WHERE reconciliation = '${reconciliation}' AND ${where}
    GROUP BY reconciliation, unit, site, domain, minute SETTINGS max_memory_usage = 3000000000`;
  const opened = `until_at = ${OPEN_UNTIL}`;
  for (const query of [
    flows("new", "from_at", opened),
    flows("a", "from_at", opened),
    flows("cleared", "until_at", `NOT (${opened})`),
    flows("b", "until_at", `NOT (${opened})`),
  ])
    await client.command({ query });
}

/** What the items add to statements: each is added when it came, and taken away for another one when it was posted. */
async function fillSpans(
  client: ClickHouseClient,
  { reconciliation, lines, until }: { reconciliation: string; lines: number; until: number },
) {
  for (let first = 0; first < lines; first += SPANS_AT_ONCE)
    for (const isFinal of [false, true])
      await client.command({
        query: `INSERT INTO reconciliation_spans
          WITH ${toReceipt({ first, lines, until })}
          SELECT '${reconciliation}', ${toMinute("span.1")}, ${toMinute("at")} AS from_minute, 'EA', 'a', '10', 0,
            toUnixTimestamp64Milli(at) + 900000 - toUnixTimestamp64Milli(from_minute), 0, 0, 0, 0, '',
            concat('site-', toString(line % 3)), 'erp', span.2
          FROM numbers(${Math.min(SPANS_AT_ONCE, lines - first)})
          ARRAY JOIN ${isFinal ? `[(${OPEN_UNTIL}, -1), (cleared_at, 1)]` : `[(${OPEN_UNTIL}, 1)]`} AS span
          WHERE ${isFinal ? "is_cleared" : "1"}
          SETTINGS max_insert_block_size = 1000000, max_threads = 1`,
      });
}

/** The items that are open: each is added when it came, and taken away when it was posted. */
async function fillOpen(
  client: ClickHouseClient,
  { reconciliation, lines, until }: { reconciliation: string; lines: number; until: number },
) {
  for (let first = 0; first < lines; first += SPANS_AT_ONCE)
    for (const isFinal of [false, true])
      await client.command({
        query: `INSERT INTO reconciliation_open (reconciliation, subject, unit, key, side, item, from_at, exact_value, since, last_at,
            due_at, period, entries_a, supplier, site, domain, items)
          WITH ${toReceipt({ first, lines, until })}, ${RECEIPT_NAME}
          SELECT '${reconciliation}', name, 'EA', name, 'a', concat('source-3\\0', toString(chance)), at, '10', at, at,
            at + toIntervalMinute(15), formatDateTime(at, '%Y-%m'), [''], 'supplier', concat('site-', toString(line % 3)), 'erp',
            ${isFinal ? -1 : 1}
          FROM numbers(${Math.min(SPANS_AT_ONCE, lines - first)}) WHERE ${isFinal ? "is_cleared" : "1"}
          SETTINGS max_insert_block_size = 1000000, max_threads = 1`,
      });
}

/** Number, chance and time of arrival of a receipt, when it was posted, and whether it was at all: nothing is in the future. */
function toReceipt({ first, lines, until }: { first: number; lines: number; until: number }): string {
  return `toInt64(number + ${first}) AS line, cityHash64(line) AS chance,
    toDateTime64(${until} - (1 - line / ${lines}) * 5184000, 3, 'UTC') AS at,
    at + toIntervalSecond(60 + chance % 14400) AS cleared_at, chance % 200 != 0 AND cleared_at <= toDateTime64(${until}, 3, 'UTC') AS is_cleared`;
}
