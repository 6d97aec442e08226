import { DAY, HOUR, MINUTE, SECOND, findNextLocal, toLocalWeekday } from "./demand.ts";
import { type Parcel, type Shipment, toMoney, toQuantity } from "./documents.ts";
import { DEFECT_CODES, type InvoiceDefect, strikeDoubleEntry, strikeInvoice } from "./faults.ts";
import type { Simulation } from "./simulation.ts";
import type { Trace } from "./trace.ts";
import { traceInvoice } from "./traces.ts";

const ERP = "/erp/group";
const TUESDAY = 2;
const THURSDAY = 4;
const PAYMENT_HOUR = 10;
/** What is billed beyond what was shipped, where too much is. */
const OVER_SHARE = 0.2;
const DISCOUNT_DAYS = 10;
const DISCOUNT_SHARE = 0.02;

interface Invoice {
  /** supplier / number. */
  id: string;
  /** Its number in the ERP. */
  document: string;
  issuedAt: number;
  shipment: Shipment;
  lines: InvoiceLine[];
}

interface InvoiceLine {
  /** supplier / invoice / line. */
  id: string;
  parcel: Parcel;
  defect: InvoiceDefect | undefined;
  /** Order units that are billed. */
  packs: number;
  priceCents: number;
  isMatched: boolean;
}

/** The supplier bills what it shipped, a few hours to a day later. */
export function invoiceShipment(simulation: Simulation, shipment: Shipment, now: number) {
  const { random, supplier } = shipment.order;
  const number = simulation.number("invoice", 5);
  const id = `${supplier.id}/INV-${number}`;
  const lines = shipment.parcels.map((parcel, index) => toInvoiceLine(simulation, parcel, `${id}/${index + 1}`));
  const issuedAt = Math.round(now + random.around(3, 8, 26) * HOUR);
  const receivedAt = Math.round(simulation.outages(ERP).postpone(issuedAt + random.around(2, 8, 40) * MINUTE));
  const invoice = { id, document: `51${number}`, issuedAt, shipment, lines };
  simulation.schedule(issuedAt, (at) => issue(simulation, invoice, at));
  simulation.schedule(receivedAt, (at) => receive(simulation, invoice, at));
  enterTwiceWhenChosen(simulation, invoice, receivedAt);
}

/** Now and then a clerk enters an invoice again a few hours later; somebody finds it and takes it back after some days. */
function enterTwiceWhenChosen(simulation: Simulation, invoice: Invoice, receivedAt: number) {
  const random = simulation.random(`entry/${invoice.id}`);
  if (!random.isHit(simulation.options.faults.doubleEntry)) return;
  const again = { ...invoice, document: `${invoice.document}-2` };
  const outages = simulation.outages(ERP);
  const enteredAt = Math.round(outages.postpone(receivedAt + random.around(2, 6, 30) * HOUR));
  const foundAt = Math.round(outages.postpone(enteredAt + random.around(1, 3, 9) * DAY));
  simulation.schedule(enteredAt, (at) => {
    const events = invoice.lines.map((line) =>
      sendReceived(simulation, { invoice: again, line, trace: undefined }, at),
    );
    strikeDoubleEntry(simulation, { at, end: foundAt, invoice: invoice.id, events });
  });
  simulation.schedule(foundAt, (at) =>
    simulation.send(at, {
      type: "erp.invoice.reversed",
      source: ERP,
      site: invoice.shipment.order.site.id,
      objects: [["invoice", invoice.id]],
      attributes: { document: again.document },
    }),
  );
}

function toInvoiceLine(simulation: Simulation, parcel: Parcel, id: string): InvoiceLine {
  const { wrongUnit, priceChange } = simulation.options.faults;
  const random = simulation.random(`invoice/${id}`);
  const { item } = parcel.line.requisition.replenishment.shelf;
  const isWrongUnit = item.packSize > 1 && random.isHit(wrongUnit);
  const isPriceChange = !isWrongUnit && random.isHit(priceChange);
  const { packs, line } = parcel;
  const isWhole = packs === line.packs;
  const isOver =
    isWhole &&
    !isWrongUnit &&
    !isPriceChange &&
    simulation.random(`bill/${id}`).isHit(simulation.options.faults.overQuantity);
  const drawn = isWrongUnit ? "wrong-unit" : isPriceChange ? "price-change" : isOver ? "over-quantity" : undefined;
  const defect = line.isStruck ? undefined : drawn;
  if (defect !== undefined) line.isStruck = true;
  const dearCents = Math.ceil(item.priceCents * random.between(1.03, 1.12));
  const priceCents = defect === "price-change" ? dearCents : item.priceCents;
  const billed = defect === "over-quantity" ? packs + Math.ceil(packs * OVER_SHARE) : packs;
  return { id, parcel, defect, packs: billed, priceCents, isMatched: false };
}

function issue(simulation: Simulation, invoice: Invoice, now: number) {
  const { order } = invoice.shipment;
  for (const line of invoice.lines)
    simulation.send(now, {
      type: "supplier.invoice.issued",
      source: `/edi/${order.supplier.id}`,
      site: order.site.id,
      objects: [
        ["purchase_order_line", line.parcel.line.id],
        ["invoice", invoice.id],
      ],
      measures: toMeasures(line),
    });
}

function receive(simulation: Simulation, invoice: Invoice, now: number) {
  const { random } = invoice.shipment.order;
  const trace = traceWhenChosen(simulation, invoice, now);
  if (trace !== undefined) simulation.sendSpans(Math.ceil(trace.endsAt + SECOND), trace.spans);
  for (const line of invoice.lines) {
    const event = sendReceived(simulation, { invoice, line, trace }, now);
    const ordered = line.parcel.line;
    ordered.billedPacks = (ordered.billedPacks ?? 0) + line.parcel.packs;
    if (line.defect !== undefined)
      strikeInvoice(simulation, { kind: line.defect, at: now, line: ordered.id, invoiceLine: line.id, event });
    const triedAt = Math.round(now + random.around(4, 12, 50) * MINUTE);
    simulation.schedule(triedAt, (at) => tryMatch(simulation, { invoice, line }, at));
  }
}

/** Waits for the receipt; then a clean line matches, and a defective one is blocked until the buyer releases it. */
function tryMatch(simulation: Simulation, made: { invoice: Invoice; line: InvoiceLine }, now: number) {
  const { invoice, line } = made;
  const { random } = invoice.shipment.order;
  const upAt = simulation.outages(ERP).postpone(now);
  if (line.parcel.postedAt === undefined || upAt > now) {
    const againAt = Math.max(upAt, now + 30 * MINUTE) + random.whole(0, 300) * SECOND;
    simulation.schedule(againAt, (at) => tryMatch(simulation, made, at));
    return;
  }
  if (line.defect === undefined) return match(simulation, made, now);
  const releasedAt = Math.round(simulation.outages(ERP).postpone(now + random.around(2, 9, 46) * HOUR));
  sendDecision(simulation, { ...made, verb: "blocked" }, now);
  simulation.schedule(releasedAt, (at) => {
    sendDecision(simulation, { ...made, verb: "released" }, at);
    simulation.schedule(at + 2 * MINUTE, (later) => match(simulation, made, simulation.outages(ERP).postpone(later)));
  });
}

function match(simulation: Simulation, made: { invoice: Invoice; line: InvoiceLine }, now: number) {
  const { invoice, line } = made;
  line.isMatched = true;
  sendDecision(simulation, { ...made, verb: "matched" }, now);
  if (!invoice.lines.every(({ isMatched }) => isMatched)) return;
  const postedAt = simulation.outages(ERP).postpone(now + invoice.shipment.order.random.around(1, 6, 30) * MINUTE);
  simulation.schedule(Math.round(postedAt), (at) => post(simulation, invoice, at));
}

function post(simulation: Simulation, invoice: Invoice, now: number) {
  const { random, supplier } = invoice.shipment.order;
  for (const line of invoice.lines) sendDecision(simulation, { invoice, line, verb: "posted" }, now);
  const runAt = findPaymentRun(now + supplier.termDays * DAY);
  const clearedAt = Math.round(simulation.outages(ERP).postpone(runAt + random.whole(0, 1200) * SECOND));
  simulation.schedule(clearedAt, (at) => clear(simulation, invoice, { runAt, clearedAt: at }));
}

function clear(simulation: Simulation, invoice: Invoice, time: { runAt: number; clearedAt: number }) {
  const { order } = invoice.shipment;
  const day = new Date(time.runAt).toISOString().slice(0, 10);
  const cents = sumCents(invoice);
  simulation.send(time.clearedAt, {
    type: "erp.invoice.cleared",
    source: ERP,
    site: order.site.id,
    objects: [
      ["invoice", invoice.id],
      ["payment", `1000/${day.slice(0, 4)}/${day.slice(5).replace("-", "")}-${order.supplier.id}`],
    ],
    measures: { amount: toMoney(cents) },
  });
}

function sendReceived(
  simulation: Simulation,
  made: { invoice: Invoice; line: InvoiceLine; trace: Trace | undefined },
  now: number,
) {
  const { invoice, line, trace } = made;
  const { order } = invoice.shipment;
  return simulation.send(now, {
    type: "erp.invoice.received",
    source: ERP,
    site: order.site.id,
    objects: [...toObjects(invoice, line), ["supplier", order.supplier.id]],
    attributes: { transaction: "810", document: invoice.document, ...toDates(invoice, order.supplier.termDays) },
    measures: {
      ...toMeasures(line),
      price: toMoney(line.priceCents),
      discount: toMoney(Math.round(sumCents(invoice) * DISCOUNT_SHARE)),
    },
    traceparent: trace?.traceparent(2),
  });
}

/** The day of the document, until when the discount may be taken, and when it is due; the same for every entry of it. */
function toDates({ issuedAt }: Invoice, termDays: number) {
  const toDay = (at: number) => new Date(at).toISOString().slice(0, 10);
  return {
    document_date: toDay(issuedAt),
    discount_date: toDay(issuedAt + DISCOUNT_DAYS * DAY),
    due_date: toDay(issuedAt + termDays * DAY),
  };
}

function sumCents({ lines }: Invoice): number {
  return lines.reduce((sum, line) => sum + toCents(line), 0);
}

function sendDecision(
  simulation: Simulation,
  made: { invoice: Invoice; line: InvoiceLine; verb: "matched" | "blocked" | "released" | "posted" },
  now: number,
) {
  const { invoice, line, verb } = made;
  const { order } = invoice.shipment;
  const cause = line.defect && DEFECT_CODES[line.defect];
  simulation.send(now, {
    type: `erp.invoice.${verb}`,
    source: ERP,
    site: order.site.id,
    objects: toObjects(invoice, line),
    attributes: { document: invoice.document, ...(verb === "blocked" && cause ? { causes: [cause] } : {}) },
    ...(verb === "matched" || verb === "posted" ? { measures: toMeasures(line) } : {}),
  });
}

function toObjects(invoice: Invoice, line: InvoiceLine) {
  return [
    ["purchase_order_line", line.parcel.line.id] as const,
    ["invoice", invoice.id] as const,
    ["invoice_line", line.id] as const,
  ];
}

/** A wrong unit bills the pieces as if they were packs; the amount stays right. */
function toMeasures(line: InvoiceLine) {
  const { line: orderLine } = line.parcel;
  const { packSize } = orderLine.requisition.replenishment.shelf.item;
  const billed = line.defect === "wrong-unit" ? line.packs * packSize : line.packs;
  return { quantity: toQuantity(orderLine, billed), amount: toMoney(toCents(line)) };
}

function toCents({ packs, priceCents }: InvoiceLine): number {
  return packs * priceCents;
}

/** Payments leave on Tuesdays and Thursdays. */
function findPaymentRun(after: number): number {
  let at = findNextLocal(after, PAYMENT_HOUR, 0);
  while (toLocalWeekday(at) !== TUESDAY && toLocalWeekday(at) !== THURSDAY) at = findNextLocal(at, PAYMENT_HOUR, 0);
  return at;
}

function traceWhenChosen(simulation: Simulation, invoice: Invoice, startsAt: number): Trace | undefined {
  const { order } = invoice.shipment;
  const random = simulation.random(`trace/${invoice.id}`);
  if (!random.isHit(simulation.options.tracedShare)) return undefined;
  const lines = invoice.lines.map(({ parcel }) => ["purchase_order_line", parcel.line.id] as const);
  const objects = [["invoice", invoice.id] as const, ...new Map(lines.map((pair) => [pair[1], pair])).values()];
  return traceInvoice(random, { site: order.site.id, startsAt }, { objects });
}
