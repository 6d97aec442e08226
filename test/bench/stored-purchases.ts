import type { ClickHouseClient } from "@clickhouse/client";

interface Step {
  type: string;
  objects: readonly string[];
  /** What it states besides the quantity: money in USD. */
  money: readonly ("amount" | "price" | "gross")[];
  afterHours: number;
}

const LINE = "purchase_order_line";

/** Events of one order line, in order; each line's own follow one another with other lines' between them. */
const STEPS: readonly Step[] = [
  {
    type: "procurement.purchase_order.issued",
    objects: [LINE, "purchase_order", "item", "supplier"],
    money: ["price"],
    afterHours: 0,
  },
  { type: "supplier.purchase_order.acknowledged", objects: [LINE, "message"], money: ["price"], afterHours: 2 },
  { type: "supplier.shipment.notified", objects: [LINE, "shipment"], money: [], afterHours: 20 },
  { type: "receiving.goods_receipt.recorded", objects: [LINE, "goods_receipt"], money: ["amount"], afterHours: 30 },
  { type: "erp.goods_receipt.posted", objects: [LINE, "goods_receipt"], money: ["amount"], afterHours: 31 },
  {
    type: "erp.invoice.received",
    objects: [LINE, "invoice", "invoice_line", "supplier"],
    money: ["amount", "gross"],
    afterHours: 50,
  },
  { type: "erp.invoice.matched", objects: [LINE, "invoice", "invoice_line"], money: ["amount"], afterHours: 51 },
  { type: "erp.invoice.posted", objects: [LINE, "invoice", "invoice_line"], money: ["amount"], afterHours: 52 },
  { type: "erp.invoice.cleared", objects: [LINE, "invoice", "invoice_line"], money: ["amount"], afterHours: 90 },
];

/** What is numbered otherwise than by order line. */
const OWNERS: Record<string, string> = {
  purchase_order: "intDiv(line, 4)",
  invoice: "intDiv(line, 4)",
  shipment: "intDiv(line, 4)",
  item: "random % 400",
  supplier: "intDiv(line, 4) % 40",
};
const LINES_BETWEEN = 2000;
const COMMIT_ROWS = 50_000;
const SITES = 3;

/**
 * Fills the store with `count` events of made-up purchases of four lines each, as a gateway would have left them, made by the
 * engine itself: each line is ordered, received, billed, posted and paid, one in fifty billed at another price.
 */
export async function fillPurchases(client: ClickHouseClient, options: { log: string; count: number; until: number }) {
  const { log, count, until } = options;
  for (let first = 0; first < count; first += 500_000)
    await client.command({
      query: `INSERT INTO events (log, position, arrived_at, source, id, digest, type, domain, time, site, object_types, object_ids,
          object_roles, measure_names, measure_values, measure_units, measure_currencies, attributes, sequence)
        WITH number % ${STEPS.length} AS step, toInt64(intDiv(number, ${STEPS.length})) - step * ${LINES_BETWEEN} AS line,
          toDateTime64(${until} - (${count} - number) / ${count} * 1200000 + ${toArray(STEPS.map(({ afterHours }) => afterHours))}[step + 1], 3, 'UTC') AS at,
          ${toArray(STEPS.map(({ objects }) => toArray(objects.map(quote))))}[step + 1] AS types,
          reinterpretAsUInt32(sipHash64(line)) % 100000000 AS random,
          n -> toInt64(sipHash64(n) % 20 + 1) AS quantity_of,
          n -> toInt64(sipHash64(n, 'price') % 50000 + 100) AS cents_of,
          cents -> concat(toString(intDiv(cents, 100)), '.', leftPad(toString(cents % 100), 2, '0')) AS to_money,
          (${isBilled("step")} AND sipHash64(line, 'fault') % 50 = 0 ? 5000 : 0) AS fault
        SELECT '${log}', number + 1, now64(3), concat('source-', toString(step)), toString(generateUUIDv4(number)), unhex(hex(MD5(toString(number)))),
          ${toArray(STEPS.map(({ type }) => quote(type)))}[step + 1] AS event_type, splitByChar('.', event_type)[1], at,
          concat('site-', toString(line % ${SITES})),
          types,
          arrayMap(type -> multiIf(${toOwners()}, concat(substring(type, 1, 2), '-', toString(random), '/', toString(line))), types),
          arrayMap(type -> '', types),
          ${toArray(STEPS.map(({ money }) => toArray(["quantity", ...money].map(quote))))}[step + 1] AS names,
          arrayMap(name -> multiIf(
            name = 'quantity', toString(quantity_of(line)),
            name = 'price', to_money(cents_of(line)),
            name = 'amount', to_money(cents_of(line) * quantity_of(line) + fault),
            to_money(arraySum(k -> cents_of(intDiv(line, 4) * 4 + k) * quantity_of(intDiv(line, 4) * 4 + k)
              + (sipHash64(intDiv(line, 4) * 4 + k, 'fault') % 50 = 0 ? 5000 : 0), [0, 1, 2, 3]))), names),
          arrayMap(name -> name = 'quantity' ? 'EA' : '', names),
          arrayMap(name -> name = 'quantity' ? '' : 'USD', names),
          '{"company":"1000","receipt_expected":true,"line_status":"IA"}', -1
        FROM numbers(${first}, ${Math.min(500_000, count - first)})
        WHERE line >= 0
        SETTINGS max_insert_block_size = 1000000, max_threads = 1`,
    });
  await client.command({
    query: `INSERT INTO commits SELECT '${log}', number + 1, number * ${COMMIT_ROWS} + 1, least((number + 1) * ${COMMIT_ROWS}, ${count}), ${COMMIT_ROWS}, 0, 0, 0, now64(3)
      FROM numbers(${Math.ceil(count / COMMIT_ROWS)})`,
  });
}

function isBilled(step: string): string {
  return `${step} >= 5`;
}

function toOwners(): string {
  return Object.entries(OWNERS)
    .map(([type, owner]) => `type = '${type}', concat('${type.slice(0, 2)}-', toString(${owner}))`)
    .join(", ");
}

function toArray(values: readonly (string | number)[]): string {
  return `[${values.join()}]`;
}

function quote(text: string): string {
  return `'${text}'`;
}
