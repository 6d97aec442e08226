/** Order lines with an invoice each, of which three keep something from being paid. */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Billed at 11.00 instead of 10.00: one person may accept 100.00. */
export const DEARER = { line: "4500090001/10", invoice: "CARDINAL/INV-9001" };
/** Billed at 14.00 instead of 10.00: a second person has to approve. */
export const MUCH_DEARER = { line: "4500090002/10", invoice: "CARDINAL/INV-9002" };
/** Billed, and never received. */
export const UNRECEIVED = { line: "4500090003/10", invoice: "CARDINAL/INV-9003" };
const FINE = { line: "4500090004/10", invoice: "CARDINAL/INV-9004" };

/** Matches that need work. */
export const TO_WORK_ON = 3;

/** What was ordered, received and billed over the last days. */
export function createInvoices(now: number): object[] {
  const trade = [
    { ...DEARER, amount: "1100.00", isReceived: true, dueInDays: 9 },
    { ...MUCH_DEARER, amount: "1400.00", isReceived: true, dueInDays: 20 },
    { ...UNRECEIVED, amount: "1000.00", isReceived: false, dueInDays: 1 },
    { ...FINE, amount: "1000.00", isReceived: true, dueInDays: 30 },
  ];
  return trade.flatMap(({ line, invoice, amount, isReceived, dueInDays }) => [
    toEvent(now - 5 * DAY_MS, "procurement.purchase_order.issued", {
      objects: { purchase_order_line: line, item: "00093415573", supplier: "CARDINAL" },
      measures: { quantity: { value: "100", unit: "EA" }, price: { value: "10.00", currency: "USD" } },
    }),
    ...(isReceived ? [receive(line, now - 2 * DAY_MS)] : []),
    toEvent(now - DAY_MS, "erp.invoice.received", {
      objects: { purchase_order_line: line, invoice, supplier: "CARDINAL" },
      measures: { quantity: { value: "100", unit: "EA" }, amount: { value: amount, currency: "USD" } },
      attributes: { document: invoice.slice(-4), due_date: toDay(now + dueInDays * DAY_MS) },
    }),
  ]);
}

/** All of an order line arrives. */
export function receive(line: string, atMs: number): object {
  return toEvent(atMs, "erp.goods_receipt.posted", {
    objects: { purchase_order_line: line },
    measures: { quantity: { value: "100", unit: "EA" } },
  });
}

function toDay(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

function toEvent(
  atMs: number,
  type: string,
  { objects, ...data }: { objects: Record<string, string>; measures: object; attributes?: object },
): object {
  const listed = Object.entries(objects).map(([objectType, id]) => ({ type: objectType, id }));
  return {
    specversion: "1.0",
    id: `${type}-${objects["purchase_order_line"] ?? ""}`,
    source: "/erp/group",
    type,
    time: new Date(atMs).toISOString(),
    site: "north",
    data: { objects: listed, ...data },
  };
}
