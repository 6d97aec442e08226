import type { ClickHouseClient } from "@clickhouse/client";

const ROWS_AT_ONCE = 1_000_000;
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
        query: `INSERT INTO reconciliation_items (reconciliation, subject, unit, key, side, item, from_at, batch, until_at, value,
            exact_value, since, last_at, due_at, period, entries_a, supplier, rule_version, site, domain, evaluated_at)
          WITH toInt64(number + ${first}) AS line, cityHash64(line) AS chance,
            toDateTime64(${until} - (1 - line / ${lines}) * 5184000, 3, 'UTC') AS at,
            concat('go-', toString(reinterpretAsUInt32(sipHash64(line)) % 100000000), '/', toString(line)) AS name
          SELECT '${reconciliation}', name, 'EA', name, 'a', concat('source-3\\0', toString(chance)), at,
            ${isFinal ? 2_000_000 : 1_000_000} + intDiv(line, 1000),
            ${isFinal ? "at + toIntervalSecond(60 + chance % 14400)" : OPEN_UNTIL}, 10, '10', at, at, at + toIntervalMinute(15),
            formatDateTime(at, '%Y-%m'), [name], 'supplier', 'v1', concat('site-', toString(line % 3)), 'erp', at
          FROM numbers(${count}) WHERE ${isFinal ? "chance % 200 != 0" : "1"}
          SETTINGS max_insert_block_size = 1000000, max_threads = 1`,
      });
  }
  const flows = (kind: string, at: string, where: string) => `INSERT INTO reconciliation_flows
    SELECT reconciliation, unit, '${kind}' AS kind, site, domain, toStartOfMinute(${at}) AS minute, ${kind === "b" || kind === "a" ? "0" : "count()"} AS items,
      sum(value) AS value FROM reconciliation_items WHERE reconciliation = '${reconciliation}' AND ${where}
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
