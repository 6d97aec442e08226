import type { ClickHouseClient } from "@clickhouse/client";

/** Events of one order line, in order; each line's own follow one another with other lines' between them. */
const STEPS = [
  { type: "procurement.purchase_order.issued", objects: ["purchase_order_line", "purchase_order", "item"], after: 0 },
  { type: "supplier.purchase_order.acknowledged", objects: ["purchase_order_line", "message"], after: 2 * 3600 },
  { type: "supplier.shipment.notified", objects: ["purchase_order_line", "shipment"], after: 20 * 3600 },
  { type: "receiving.goods_receipt.recorded", objects: ["purchase_order_line", "goods_receipt"], after: 30 * 3600 },
  { type: "erp.goods_receipt.posted", objects: ["goods_receipt"], after: 31 * 3600 },
  { type: "erp.invoice.received", objects: ["purchase_order_line", "invoice"], after: 50 * 3600 },
] as const;

const SITES = 3;
const LINES_BETWEEN = 2000;
const COMMIT_ROWS = 50_000;

/**
 * Fills the store with `count` events of made-up order lines, as a gateway would have left them, made by the engine
 * itself. Event ids are random; times end about at `until`, in seconds since 1970 UTC.
 */
export async function fillTrade(client: ClickHouseClient, options: { log: string; count: number; until: number }) {
  const { log, count, until } = options;
  const steps = STEPS.length;
  const array = (values: readonly (string | number)[]) =>
    `[${values.map((value) => (typeof value === "number" ? value : `'${value}'`)).join()}]`;
  const objects = `[${STEPS.map((step) => array(step.objects)).join()}]`;
  for (let first = 0; first < count; first += 1_000_000) {
    await client.command({
      query: `INSERT INTO events (log, position, arrived_at, source, id, digest, type, domain, time, site, object_types, object_ids,
          object_roles, measure_names, measure_values, measure_units, measure_currencies, attributes, sequence)
        WITH number % ${steps} AS step, toInt64(intDiv(number, ${steps})) - step * ${LINES_BETWEEN} AS line,
          toDateTime64(${until} - (${count} - number) / ${count} * 1200000 + ${array(STEPS.map(({ after }) => after))}[step + 1] % 3600, 3, 'UTC') AS at,
          ${objects}[step + 1] AS types,
          reinterpretAsUInt32(sipHash64(line)) % 100000000 AS random
        SELECT '${log}', number + 1, now64(3), concat('source-', toString(step)), toString(generateUUIDv4(number)), unhex(hex(MD5(toString(number)))),
          ${array(STEPS.map(({ type }) => type))}[step + 1], ${array(STEPS.map(({ type }) => type.split(".")[0] ?? ""))}[step + 1], at,
          concat('site-', toString(line % ${SITES})),
          types,
          arrayMap(type -> if(type = 'item', concat('item-', toString(random % 400)), concat(substring(type, 1, 2), '-', toString(random), '/', toString(line))), types),
          arrayMap(type -> '', types),
          ['quantity', 'amount'], ['10', '240.00'], ['EA', ''], ['', 'USD'],
          '{"line_status":"IA","receipt_expected":true,"transaction":"850"}', -1
        FROM numbers(${first}, ${Math.min(1_000_000, count - first)})
        WHERE line >= 0
        SETTINGS max_insert_block_size = 1000000, max_threads = 1`,
    });
  }
  await client.command({
    query: `INSERT INTO commits SELECT '${log}', number + 1, number * ${COMMIT_ROWS} + 1, least((number + 1) * ${COMMIT_ROWS}, ${count}), ${COMMIT_ROWS}, 0, 0, 0, now64(3)
      FROM numbers(${Math.ceil(count / COMMIT_ROWS)})`,
  });
}
