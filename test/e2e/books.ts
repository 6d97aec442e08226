/** Dispenses against issues from the stock, and invoices against postings, with known breaks. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What is reconciled, beside the flow of the tests. */
export const RECONCILIATIONS = `
books:
  zone: America/Chicago
  sites: {}
  calendar: { kind: months, firstMonth: 1 }
reconciliations:
  - id: dispenses
    title: Dispenses to inventory issues
    domain: pharmacy
    owner: Pharmacy systems
    a: { title: Dispensed, events: [{ type: pharmacy.dispense.recorded }] }
    b: { title: Taken off the stock, events: [{ type: pharmacy.stock.decremented }] }
    key: [object.dispense]
    measure: { kind: quantity }
    matching: "M:N"
    lag: PT15M
    materiality: { item: zero, account: off }
    response: Look for the message between cabinet and pharmacy system.
  - id: invoices
    title: Invoices to postings
    domain: erp
    owner: Accounts payable
    a: { title: Matched, events: [{ type: erp.invoice.matched }] }
    b: { title: Posted, events: [{ type: erp.invoice.posted }] }
    key: [object.invoice]
    measure: { kind: money }
    matching: "1:1"
    lag: PT24H
    materiality: { item: off, account: "100000.00" }
    response: Open the invoice in the ERP.
  - id: unheard
    title: Nightly file to event feed
    domain: erp
    owner: Integration
    a: { title: In the nightly file, events: [{ type: legacy.receipt.listed }] }
    b: { title: Over the feed, events: [{ type: legacy.receipt.sent }] }
    key: [object.goods_receipt]
    measure: { kind: quantity }
    matching: "1:1"
    lag: PT24H
    materiality: { item: zero, account: off }
    response: Do not switch the file off.
`;

/** Dispenses that never left the stock: each of ten vials. */
export const UNISSUED = 3;
/** Invoices that were posted with another amount, in dollars. */
export const REPRICED = "INV-7";
/** The hour of all of it, so that its fiscal period is known. */
export const BOOKED_HOURS_AGO = 6;

export function createBooks(now: number): object[] {
  const at = now - BOOKED_HOURS_AGO * HOUR_MS;
  const dispenses = Array.from({ length: 8 }, (_, n) => {
    const one = { type: "dispense", id: `D-${n}`, quantity: "10", atMs: at + n * MINUTE_MS };
    const issued = toEvent({
      ...one,
      source: "/stock/main",
      event: "pharmacy.stock.decremented",
      atMs: one.atMs + MINUTE_MS,
    });
    const dispensed = toEvent({ ...one, source: "/cabinets/north", event: "pharmacy.dispense.recorded" });
    return n < UNISSUED ? [dispensed] : [dispensed, issued];
  });
  const invoices = Array.from({ length: 4 }, (_, n) => {
    const one = {
      type: "invoice",
      id: `INV-${n + 5}`,
      atMs: at + n * MINUTE_MS,
      amount: "1250.00",
      currency: n === 3 ? "EUR" : "USD",
    };
    const matched = toEvent({ ...one, source: "/erp/match", event: "erp.invoice.matched" });
    const amount = one.id === REPRICED ? "1271.50" : one.amount;
    const posted = toEvent({
      ...one,
      amount,
      source: "/erp/ap",
      event: "erp.invoice.posted",
      atMs: one.atMs + MINUTE_MS,
    });
    return n === 3 ? [matched] : [matched, posted];
  });
  return [...dispenses.flat(), ...invoices.flat()];
}

interface EventParts {
  type: string;
  id: string;
  source: string;
  event: string;
  atMs: number;
  quantity?: string;
  amount?: string;
  currency?: string;
}

function toEvent({ type, id, source, event, atMs, quantity, amount, currency }: EventParts): object {
  return {
    specversion: "1.0",
    id: `${event}-${id}`,
    source,
    type: event,
    time: new Date(atMs).toISOString(),
    site: "north",
    data: {
      objects: [{ type, id }],
      measures: {
        ...(quantity !== undefined && { quantity: { value: quantity, unit: "VL" } }),
        ...(amount !== undefined && { amount: { value: amount, currency } }),
      },
    },
  };
}
