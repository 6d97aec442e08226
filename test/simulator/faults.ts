import type { Event } from "@throughline/schemas/event";
import type { Simulation } from "./simulation.ts";
import type { TruthRow } from "./truth.ts";

type ObjectPair = readonly [type: string, id: string];

/** Notes a step that came after its deadline. `leg` is written flow/leg. */
export function strikeLate(
  simulation: Simulation,
  strike: { onset: number; end: number; object: ObjectPair; leg: string },
) {
  simulation.recordFault(strike.onset, {
    kind: "late",
    onset: toTime(strike.onset),
    end: toTime(strike.end),
    objects: toObjects(strike.object),
    events: [],
    expected: { finding: "The leg is breached and ends late.", ...toLeg(strike.leg), verdict: "BREACHED" },
  });
}

/** Notes an event that never arrives, though what it tells did happen. */
export function strikeLost(
  simulation: Simulation,
  strike: { at: number; event: Event; object: ObjectPair; leg: string },
) {
  simulation.recordFault(strike.at, {
    kind: "lost",
    onset: toTime(strike.at),
    end: null,
    objects: toObjects(strike.object),
    events: [toIdentity(strike.event)],
    expected: {
      finding: "The leg is breached without an end; the source's sequence has a gap.",
      ...toLeg(strike.leg),
      verdict: "BREACHED",
    },
  });
}

/** Notes an event that arrives after the ones that follow it. */
export function strikeOutOfOrder(
  simulation: Simulation,
  strike: { at: number; heldMs: number; event: Event; object: ObjectPair; leg: string },
) {
  simulation.recordFault(strike.at, {
    kind: "out-of-order",
    onset: toTime(strike.at),
    end: toTime(strike.at + strike.heldMs),
    objects: toObjects(strike.object),
    events: [toIdentity(strike.event)],
    expected: {
      finding: "The leg waits for its start and is met when the start arrives.",
      ...toLeg(strike.leg),
      verdict: "MET",
    },
  });
}

/** What may be wrong with an invoice line, and the code that says so. */
export const DEFECT_CODES = {
  "wrong-unit": "UOM_SUSPECT",
  "price-change": "PRICE",
  "over-quantity": "QTY_OVER_RECEIVED",
} as const;
export type InvoiceDefect = keyof typeof DEFECT_CODES;

/** Notes an invoice that is entered a second time. */
export function strikeDoubleEntry(
  simulation: Simulation,
  strike: { at: number; end: number; invoice: string; events: readonly Event[] },
) {
  simulation.recordFault(strike.at, {
    kind: "double-entry",
    onset: toTime(strike.at),
    end: toTime(strike.end),
    objects: toObjects(["invoice", strike.invoice]),
    events: strike.events.map(toIdentity),
    expected: { finding: "The second entry is blocked until it is taken back: DUP_EXACT." },
  });
}

/** Notes an invoice line that does not agree with its order. */
export function strikeInvoice(
  simulation: Simulation,
  strike: { kind: InvoiceDefect; at: number; line: string; invoiceLine: string; event: Event },
) {
  const code = DEFECT_CODES[strike.kind];
  simulation.recordFault(strike.at, {
    kind: strike.kind,
    onset: toTime(strike.at),
    end: null,
    objects: [...toObjects(["purchase_order_line", strike.line]), ...toObjects(["invoice_line", strike.invoiceLine])],
    events: [toIdentity(strike.event)],
    expected: { finding: `The invoice line is blocked until a person releases it: ${code}.` },
  });
}

/** Notes a system that is down; what it should have sent comes afterwards, what it should have done is done afterwards. */
export function strikeOutage(simulation: Simulation, strike: { system: string; start: number; end: number }) {
  simulation.recordFault(strike.start, {
    kind: "outage",
    onset: toTime(strike.start),
    end: toTime(strike.end),
    objects: [{ type: "interface", id: strike.system }],
    events: [],
    expected: { finding: "The source is silent; its events arrive together when it is back." },
  });
}

/** Notes a release of a supplier that names a version which was not agreed. */
export function strikeDrift(
  simulation: Simulation,
  strike: { interface: string; at: number; end: number; event: Event },
) {
  simulation.recordFault(strike.at, {
    kind: "version-drift",
    onset: toTime(strike.at),
    end: toTime(strike.end),
    objects: [{ type: "interface", id: strike.interface }],
    events: [toIdentity(strike.event)],
    expected: { finding: "The interface has the finding version-drift with the version 006020." },
  });
}

/** Notes a message that nobody can read. */
export function strikeCorrupted(simulation: Simulation, { at, event }: { at: number; event: Event }) {
  const objects = typeof event.data === "object" ? (event.data?.objects ?? []) : [];
  simulation.recordFault(at, {
    kind: "corrupted",
    onset: toTime(at),
    end: null,
    objects: objects.slice(0, 1).map(({ type, id }) => ({ type, id })),
    events: [toIdentity(event)],
    expected: { finding: "The quarantine keeps it; what it would have told is missing." },
  });
}

/** Notes that somebody took a piece of a controlled substance. */
export function strikeTheft(
  simulation: Simulation,
  { at, foundAt, place, item }: { at: number; foundAt: number; place: string; item: string },
) {
  simulation.recordFault(foundAt, {
    kind: "theft",
    onset: toTime(at),
    end: toTime(foundAt),
    objects: [...toObjects(["location", place]), ...toObjects(["item", item])],
    events: [],
    expected: { finding: "The count of the shelf breaks the reconciliation of controlled substances." },
  });
}

/** Notes a receipt that the ERP never hears of. */
export function strikeMissingReceipt(
  simulation: Simulation,
  { at, line, receipt }: { at: number; line: string; receipt: string },
) {
  simulation.recordFault(at, {
    kind: "missing-receipt",
    onset: toTime(at),
    end: null,
    objects: [...toObjects(["goods_receipt", receipt]), ...toObjects(["purchase_order_line", line])],
    events: [],
    expected: { finding: "The receipt is a break between dock and ERP." },
  });
}

/** What may be wrong with an order line, and the code with which its supplier refuses it. */
const REFUSAL_CODES = { "wrong-item": "R2", "wrong-vendor": "R1" } as const;

/** Notes a line that was ordered under a number, or from a supplier, under which nobody delivers it. */
export function strikeMistake(
  simulation: Simulation,
  {
    kind,
    at,
    end,
    line,
    event,
  }: { kind: keyof typeof REFUSAL_CODES; at: number; end: number; line: string; event: Event },
) {
  simulation.recordFault(at, {
    kind,
    onset: toTime(at),
    end: toTime(end),
    objects: toObjects(["purchase_order_line", line]),
    events: [toIdentity(event)],
    expected: {
      finding: `The supplier refuses the line with ${REFUSAL_CODES[kind]}, and its acknowledgement is breached.`,
      ...toLeg("procure-to-pay/acknowledgement"),
    },
  });
}

/** Notes a period that was locked before its feeds were complete. */
export function strikeClosedEarly(
  simulation: Simulation,
  { at, end, period }: { at: number; end: number; period: string },
) {
  simulation.recordFault(at, {
    kind: "closed-early",
    onset: toTime(at),
    end: toTime(end),
    objects: toObjects(["period", period]),
    events: [],
    expected: { finding: "The close is out of sequence." },
  });
}

/** Notes an event in a form that the gateway refuses. */
export function strikeMalformed(
  simulation: Simulation,
  strike: { at: number; event: { source: string; id: string }; mistake: string; code: string },
) {
  const { source, id } = strike.event;
  simulation.recordFault(strike.at, {
    kind: "malformed",
    onset: toTime(strike.at),
    end: null,
    objects: [],
    events: [{ source, id }],
    expected: { finding: `The quarantine keeps it under ${strike.code}: ${strike.mistake}.`, code: strike.code },
  });
}

function toObjects([type, id]: ObjectPair): TruthRow["objects"] {
  return [{ type, id }];
}

function toIdentity({ source, id }: Event): TruthRow["events"][number] {
  return { source, id };
}

function toLeg(leg: string): { flow: string; leg: string } {
  const slash = leg.indexOf("/");
  return { flow: leg.slice(0, slash), leg: leg.slice(slash + 1) };
}

function toTime(at: number): string {
  return new Date(at).toISOString();
}
