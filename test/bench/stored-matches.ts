import type { ClickHouseClient } from "@clickhouse/client";

const LINES_AT_ONCE = 200_000;
const DAYS = 60;
const SUPPLIERS = 400;
/** Of a hundred invoices: so many are held until their receipt comes, and so many differ in price for good. */
const HELD = 15;
const BLOCKED = 3;

/** The kinds of results that one order line leaves, with what their slots are named by. */
const KINDS = [
  { kind: "invoice", type: "invoice", line: "''" },
  { kind: "line", type: "invoice", line: "order_id" },
  { kind: "order", type: "purchase_order_line", line: "order_id" },
] as const;

/**
 * Fills the store with `results` results of matching, three for each order line (its invoice, the line of that, the order line),
 * entered over sixty days up to `until`, in seconds since 1970 UTC. What is held is released a day later by another result.
 */
export async function fillMatches(client: ClickHouseClient, options: { results: number; until: number }) {
  const lines = Math.floor(options.results / KINDS.length);
  for (let first = 0; first < lines; first += LINES_AT_ONCE)
    for (const one of KINDS)
      for (const isReleased of one.kind === "order" ? [false] : [false, true])
        await client.command({
          query: toInsert({ ...one, first, lines, until: options.until, isReleased }),
        });
}

function toInsert(given: {
  kind: string;
  type: string;
  line: string;
  first: number;
  lines: number;
  until: number;
  isReleased: boolean;
}): string {
  const { kind, type, line, first, lines, until, isReleased } = given;
  const isHeld = `chance % 100 < ${HELD} AND '${kind}' != 'order'`;
  return `INSERT INTO match_results (subject_type, subject_id, document, kind, order_line, line, batch, outcome, codes, causes, detail, amount,
      currency, company, supplier, item, entered_at, due_on, profile, rule_version, site, domain, evaluated_at)
    WITH number + ${first} AS line_number, cityHash64(line_number) AS chance, sipHash64(line_number) % 100000000 AS random,
      concat('4500', leftPad(toString(random), 8, '0'), '/10') AS order_id,
      concat('S', toString(chance % ${SUPPLIERS}), '/INV-', toString(random), '-', toString(line_number)) AS invoice_id,
      toDateTime64(${until} - (1 - line_number / ${lines}) * ${DAYS * 86_400}, 3, 'UTC') AS at,
      multiIf(${isHeld} AND ${isReleased ? "0" : "1"}, 'held', chance % 100 >= ${100 - BLOCKED}, 'blocked', 'matched') AS result,
      multiIf(result = 'held', ['NO_RECEIPT'], result = 'blocked', ['PRICE'], []) AS named,
      toString(1000 + chance % 9000) AS worth
    SELECT '${type}', ${type === "invoice" ? "invoice_id" : "order_id"}, ${type === "invoice" ? "concat('51', toString(random))" : "''"},
      '${kind}', ${line}, '', toUInt64(line_number / 1000) * 2 + 1 + ${isReleased ? `${Math.floor(lines / DAYS / 500)} + 1` : "0"}, result, named,
      if(empty(named), '[]', concat('[{"code":"', named[1], '","difference":{"value":"21.00","currency":"USD"},"percent":"2.10","limit":{"amount":"50.00","percent":"2"}}]')),
      concat('{"lines":["1"],"figures":{"unit":"EA","currency":"USD","price":"', toString(chance % 900), '","quantity":"100","amount":"', worth,
        '","ordered":"100","received":"', if(result = 'held', '0', '100'), '","invoiced":"0","expected":"100","open":"0"}}'),
      concat(worth, '.00'), 'USD', '1000', concat('S', toString(chance % ${SUPPLIERS})), concat('item-', toString(chance % 5000)), at,
      toString(toDate(at) + 30), 'T1', 'v1', concat('site-', toString(chance % 3)), 'erp',
      at + toIntervalSecond(${isReleased ? 86_400 : 300})
    FROM numbers(${Math.min(LINES_AT_ONCE, lines - first)}) WHERE ${isReleased ? isHeld : "1"}
    SETTINGS max_insert_block_size = 1000000, max_threads = 1`;
}
