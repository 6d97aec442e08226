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
/** All that is open of the books: the dispenses, the invoice that was posted otherwise, and one that was not posted. */
export const OPEN_ITEMS = UNISSUED + 2;
/** The line that was ordered while its item was out. */
export const SHORT_LINE = "4500077777/10";
/** The hour of all of it, so that its fiscal period is known. */
export const BOOKED_HOURS_AGO = 6;

export function createBooks(now: number): object[] {
  const at = now - BOOKED_HOURS_AGO * HOUR_MS;
  const dispenses = Array.from({ length: 8 }, (_, n) => {
    const one = { objects: { dispense: `D-${n}` }, quantity: "10", atMs: at + n * MINUTE_MS };
    const [out, off] = ["pharmacy.dispense.recorded", "pharmacy.stock.decremented"];
    const dispensed = toEvent({ ...one, id: `${out}-D-${n}`, source: "/cabinets/north", event: out });
    const later = { ...one, atMs: one.atMs + MINUTE_MS };
    const issued = toEvent({ ...later, id: `${off}-D-${n}`, source: "/stock/main", event: off });
    return n < UNISSUED ? [dispensed] : [dispensed, issued];
  });
  const invoices = Array.from({ length: 4 }, (_, n) => {
    const invoice = `INV-${n + 5}`;
    const one = { objects: { invoice }, atMs: at + n * MINUTE_MS, currency: n === 3 ? "EUR" : "USD" };
    const matched = { ...one, id: `matched-${invoice}`, source: "/erp/match", event: "erp.invoice.matched" };
    const posted = { ...one, id: `posted-${invoice}`, source: "/erp/ap", event: "erp.invoice.posted" };
    const events = [
      toEvent({ ...matched, amount: "1250.00" }),
      toEvent({ ...posted, amount: invoice === REPRICED ? "1271.50" : "1250.00", atMs: one.atMs + MINUTE_MS }),
    ];
    return n === 3 ? events.slice(0, 1) : events;
  });
  return [...dispenses.flat(), ...invoices.flat(), ...tellShortage(now)];
}

/** A cabinet that is empty for five hours; a line that is ordered meanwhile, two hours after its approval. */
function tellShortage(now: number): object[] {
  const place = { item: "00093415573", location: "L-7" };
  const tell = (event: string, hoursAgo: number, said: Pick<EventParts, "objects" | "onHand">) =>
    toEvent({
      source: "/cabinets/north",
      event,
      id: `${event}-${hoursAgo}`,
      atMs: now - hoursAgo * HOUR_MS,
      ...said,
    });
  return [
    tell("pharmacy.stock.counted", 100, { objects: place, onHand: "40" }),
    tell("pharmacy.stock.below_par", 10, { objects: place, onHand: "0" }),
    tell("procurement.requisition.created", 9, { objects: { ...place, requisition: "R-1" } }),
    tell("procurement.requisition.approved", 9, { objects: { requisition: "R-1" } }),
    tell("procurement.purchase_order.issued", 7, { objects: { requisition: "R-1", purchase_order_line: SHORT_LINE } }),
    tell("pharmacy.stock.available", 5, { objects: place, onHand: "40" }),
  ];
}

interface EventParts {
  id: string;
  source: string;
  event: string;
  atMs: number;
  objects: Record<string, string>;
  quantity?: string;
  amount?: string;
  currency?: string;
  onHand?: string;
}

function toEvent({ id, source, event, atMs, objects, quantity, amount, currency, onHand }: EventParts): object {
  return {
    specversion: "1.0",
    id,
    source,
    type: event,
    time: new Date(atMs).toISOString(),
    site: "north",
    data: {
      objects: Object.entries(objects).map(([type, objectId]) => ({ type, id: objectId })),
      measures: {
        ...(quantity !== undefined && { quantity: { value: quantity, unit: "VL" } }),
        ...(onHand !== undefined && { on_hand: { value: onHand, unit: "EA" } }),
        ...(amount !== undefined && { amount: { value: amount, currency } }),
      },
    },
  };
}
