/** An order of the hospital whose systems nobody will change. Quantities in packs, prices in cents. */
export interface LegacyOrder {
  /** Numbers of its documents derive from it. */
  number: number;
  /** Number of the group in which it was sent, as its 997 names it. */
  group: number;
  item: string;
  packs: number;
  priceCents: number;
  /** Unix milliseconds. */
  startedAt: number;
}

/** What a step of an order leaves behind: an X12 document in one of the partner's folders, or a row in the ERP's outbox. */
export type LegacyTrace =
  | { kind: "x12"; folder: "sent" | "received"; name: string; text: string }
  | { kind: "row"; row: OutboxRow };

/** A row of the ERP's outbox. */
export interface OutboxRow {
  id: number;
  kind: "arrived" | "counted" | "receipt" | "matched" | "posted" | "cleared";
  at: string;
  order_line: string;
  shipment: string;
  receipt: string;
  invoice: string;
  invoice_line: string;
  payment: string;
  quantity: string;
  unit: string;
  amount: string;
  currency: string;
}

export const HOSPITAL = "BAYVIEWMED";
export const SUPPLIER = "OAKRIDGE";
const LINE = "10";
const UNIT = "CS";
const SECOND = 1000;

/** What a document is made of beside its order: the moment, and the next control number of who sends it. */
interface Moment {
  at: number;
  control: (sender: string) => number;
}

/** What happens of each order, and how long after its beginning: days of a real one in a few minutes. */
export const STEPS: readonly { afterMs: number; toTrace: (order: LegacyOrder, moment: Moment) => LegacyTrace }[] = [
  { afterMs: 0, toTrace: toPurchaseOrder },
  { afterMs: 12 * SECOND, toTrace: toSyntaxAnswer },
  { afterMs: 25 * SECOND, toTrace: toAcknowledgement },
  { afterMs: 45 * SECOND, toTrace: toShipNotice },
  { afterMs: 65 * SECOND, toTrace: (order, { at }) => toRow(order, { kind: "arrived", step: 1, at }) },
  { afterMs: 80 * SECOND, toTrace: (order, { at }) => toRow(order, { kind: "counted", step: 2, at }) },
  { afterMs: 90 * SECOND, toTrace: (order, { at }) => toRow(order, { kind: "receipt", step: 3, at }) },
  { afterMs: 100 * SECOND, toTrace: toInvoice },
  { afterMs: 120 * SECOND, toTrace: (order, { at }) => toRow(order, { kind: "matched", step: 4, at }) },
  { afterMs: 135 * SECOND, toTrace: (order, { at }) => toRow(order, { kind: "posted", step: 5, at }) },
  { afterMs: 170 * SECOND, toTrace: (order, { at }) => toRow(order, { kind: "cleared", step: 6, at }) },
];

const toOrderNumber = ({ number }: LegacyOrder) => `78${number}`;
const toCents = ({ packs, priceCents }: LegacyOrder) => packs * priceCents;
const toAmount = (cents: number) => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;

function toRow(
  order: LegacyOrder,
  { kind, step, at }: { kind: OutboxRow["kind"]; step: number; at: number },
): LegacyTrace {
  const year = new Date(at).getUTCFullYear();
  return {
    kind: "row",
    row: {
      id: order.number * 10 + step,
      kind,
      at: new Date(at).toISOString(),
      order_line: `${toOrderNumber(order)}/${LINE}`,
      shipment: `${SUPPLIER}/SHP-${order.number}`,
      receipt: `bayview/51${order.number}/${year}/1`,
      invoice: `${SUPPLIER}/INV-${order.number}`,
      invoice_line: `${SUPPLIER}/INV-${order.number}/${LINE}`,
      payment: `4000/${year}/${order.number}`,
      quantity: String(order.packs),
      unit: UNIT,
      amount: toAmount(toCents(order)),
      currency: "USD",
    },
  };
}

function toPurchaseOrder(order: LegacyOrder, moment: Moment): LegacyTrace {
  const day = toDay(moment.at);
  return toX12(order, moment, {
    function: "PO",
    from: HOSPITAL,
    set: "850",
    segments: [
      `BEG*00*SA*${toOrderNumber(order)}**${day}`,
      "CUR*BY*USD",
      `N1*SE*OAKRIDGE WHOLESALE*92*${SUPPLIER}`,
      "N1*ST*BAYVIEW HOSPITAL*92*PHARM",
      `PO1*${LINE}*${order.packs}*${UNIT}*${toAmount(order.priceCents)}*PE*N4*${order.item}`,
      "CTT*1",
    ],
  });
}

function toSyntaxAnswer(order: LegacyOrder, moment: Moment): LegacyTrace {
  return toX12(order, moment, {
    function: "FA",
    from: SUPPLIER,
    set: "997",
    segments: [`AK1*PO*${order.group}`, "AK2*850*0001", "AK5*A", "AK9*A*1*1*1"],
  });
}

function toAcknowledgement(order: LegacyOrder, moment: Moment): LegacyTrace {
  const { at } = moment;
  return toX12(order, moment, {
    function: "PR",
    from: SUPPLIER,
    set: "855",
    segments: [
      `BAK*00*AC*${toOrderNumber(order)}*${toDay(order.startedAt)}`,
      `N1*SE*OAKRIDGE WHOLESALE*92*${SUPPLIER}`,
      `PO1*${LINE}*${order.packs}*${UNIT}*${toAmount(order.priceCents)}**N4*${order.item}`,
      `ACK*IA*${order.packs}*${UNIT}*068*${toDay(at)}`,
      "CTT*1",
    ],
  });
}

function toShipNotice(order: LegacyOrder, moment: Moment): LegacyTrace {
  const { at } = moment;
  return toX12(order, moment, {
    function: "SH",
    from: SUPPLIER,
    set: "856",
    segments: [
      `BSN*00*SHP-${order.number}*${toDay(at)}*${toClock(at)}*0001`,
      `DTM*011*${toDay(at)}`,
      "HL*1**S",
      `REF*CN*RX${order.number}`,
      `N1*SF*OAKRIDGE WHOLESALE*92*${SUPPLIER}`,
      "HL*2*1*O",
      `PRF*${toOrderNumber(order)}***${toDay(order.startedAt)}`,
      "HL*3*2*I",
      `LIN*${LINE}*N4*${order.item}*LT*B${order.number}`,
      `SN1**${order.packs}*${UNIT}`,
      "CTT*3",
    ],
  });
}

function toInvoice(order: LegacyOrder, moment: Moment): LegacyTrace {
  const { at } = moment;
  return toX12(order, moment, {
    function: "IN",
    from: SUPPLIER,
    set: "810",
    segments: [
      `BIG*${toDay(at)}*INV-${order.number}*${toDay(order.startedAt)}*${toOrderNumber(order)}`,
      "CUR*SE*USD",
      `N1*SE*OAKRIDGE WHOLESALE*92*${SUPPLIER}`,
      `IT1*${LINE}*${order.packs}*${UNIT}*${toAmount(order.priceCents)}*PE*N4*${order.item}`,
      `TDS*${toCents(order)}`,
      "CTT*1",
    ],
  });
}

/** One interchange with one set, as the partners' gateways write them. */
function toX12(
  order: LegacyOrder,
  { at, control: next }: Moment,
  document: { function: string; from: string; set: string; segments: readonly string[] },
): LegacyTrace {
  const { from, set, segments } = document;
  const to = from === HOSPITAL ? SUPPLIER : HOSPITAL;
  // The group of an order was given with it, so that the answer can name it.
  const number = document.set === "850" ? order.group : next(from);
  const control = String(number).padStart(9, "0");
  const day = toDay(at);
  const clock = toClock(at);
  const lines = [
    `ISA*00*          *00*          *ZZ*${from.padEnd(15)}*ZZ*${to.padEnd(15)}*${day.slice(2)}*${clock.slice(0, 4)}*U*00401*${control}*0*P*>`,
    `GS*${document.function}*${from}*${to}*${day}*${clock}*${number}*X*004010`,
    `ST*${set}*0001`,
    ...segments,
    `SE*${segments.length + 2}*0001`,
    `GE*1*${number}`,
    `IEA*1*${control}`,
  ];
  return {
    kind: "x12",
    folder: from === HOSPITAL ? "sent" : "received",
    name: `${set}-${order.number}.edi`,
    text: `${lines.join("~\n")}~\n`,
  };
}

function toDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10).replaceAll("-", "");
}

function toClock(at: number): string {
  return new Date(at).toISOString().slice(11, 19).replaceAll(":", "");
}
