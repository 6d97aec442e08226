import type { DocumentFormat } from "@throughline/schemas/pack/document-mapping";
import { type Told, splitId } from "./native/told.ts";
import { toPosting, writeArrival, writeDispense, writeGoodsMovement, writeNotice } from "./native/write-documents.ts";
import {
  writeAcceptance,
  writeAcknowledgement,
  writeInvoice,
  writeOrder,
  writeShipNotice,
} from "./native/write-x12.ts";

/** Something that a system says at a time, in its own words. */
export interface Utterance {
  /** Unix milliseconds. */
  at: number;
  /** `sdk`: an event of a service with the SDK in it; `job`: a run of a batch job. */
  format: DocumentFormat | "sdk" | "job";
  text: string;
}

/** One of the systems of the network: a process of its own, with a protocol of its own. */
export interface System {
  id: string;
  /** How its words reach an edge or the gateway. */
  protocol: "mllp" | "directory" | "webhook" | "sdk" | "wrap";
  /** What it says of what happened, in the order of time. */
  write(told: readonly Told[]): Utterance[];
}

const SENDER = /^(?<buyer>[^/]+)\/(?<control>\d+)\//;
const BUYER = "GROUPMED";

/** The systems of a network of hospitals, in the order of the way of an order. */
export const SYSTEMS: readonly System[] = [
  {
    id: "cabinets",
    protocol: "mllp",
    write: (told) => say(told, ["pharmacy.dispense.recorded"], { format: "hl7v2", write: writeDispense }),
  },
  { id: "pharmacy", protocol: "sdk", write: (told) => say(told, PHARMACY_TYPES, { format: "sdk", write: writeSdk }) },
  {
    id: "procurement-saas",
    protocol: "webhook",
    write: (told) => say(told, REQUISITION_TYPES, { format: "json", write: writeNotice }),
  },
  { id: "procurement", protocol: "directory", write: writeOrders },
  { id: "suppliers", protocol: "directory", write: writeAnswers },
  {
    id: "dock",
    protocol: "directory",
    write: (told) => say(told, ["receiving.shipment.arrived"], { format: "epcis", write: writeArrival }),
  },
  {
    id: "erp",
    protocol: "directory",
    write: (told) => [
      ...say(told.filter(isPosted), ["erp.goods_receipt.posted"], { format: "idoc", write: writeGoodsMovement }),
      ...say(told, POSTING_TYPES, { format: "json", write: (one) => JSON.stringify([toPosting(one)]) }),
    ],
  },
  {
    id: "ledger-run",
    protocol: "wrap",
    write: (told) => say(told, ["operations.job.started"], { format: "job", write: (one) => one.id }),
  },
];

const PHARMACY_TYPES = [
  "pharmacy.stock.below_par",
  "pharmacy.stock.decremented",
  "pharmacy.stock.refilled",
  "pharmacy.stock.available",
];
const REQUISITION_TYPES = ["procurement.requisition.created", "procurement.requisition.approved"];
const POSTING_TYPES = [
  "erp.invoice.matched",
  "erp.invoice.posted",
  "erp.invoice.cleared",
  "erp.stock_movement.valued",
  "erp.journal_entry.posted",
];

function say(told: readonly Told[], types: readonly string[], to: Saying): Utterance[] {
  const { format, write } = to;
  return told.filter(({ type }) => types.includes(type)).map((one) => ({ at: one.at, format, text: write(one) }));
}

interface Saying {
  format: Utterance["format"];
  write: (one: Told) => string;
}

/** Receiving tells of postings that failed, which the ERP itself never does. */
function isPosted({ source }: Told): boolean {
  return source.startsWith("/erp/");
}

/** What a service with the SDK says is the event itself. */
function writeSdk(told: Told): string {
  return JSON.stringify(told.event);
}

function writeOrders(told: readonly Told[]): Utterance[] {
  const issued = told.filter(({ type }) => type === "procurement.purchase_order.issued");
  return groupBy(issued, "purchase_order").map((lines) => {
    const [first] = lines;
    const { buyer, control } = toSender(first.idOf("message"));
    return {
      at: first.at,
      format: "x12",
      text: writeOrder(lines, { buyer, supplier: first.idOf("supplier"), control }),
    };
  });
}

function writeAnswers(told: readonly Told[]): Utterance[] {
  const own = told.filter(({ source }) => source.startsWith("/edi/"));
  const of = (type: string) => own.filter((one) => one.type === type);
  let control = 0;
  const partners = ({ source }: Told) => ({ buyer: BUYER, supplier: source.slice("/edi/".length), control: ++control });
  const accepted = of("supplier.message.accepted").map((one): Utterance => {
    const { buyer, control: group } = toSender(one.idOf("message"));
    return { at: one.at, format: "x12", text: writeAcceptance(one, { ...partners(one), buyer }, group) };
  });
  const write = (groups: Lines[], toText: typeof writeAcknowledgement) =>
    groups.map((lines): Utterance => ({ at: lines[0].at, format: "x12", text: toText(lines, partners(lines[0])) }));
  const invoices = groupBy(
    told.filter(({ type }) => type === "erp.invoice.received"),
    "invoice",
  ).map((lines): Utterance => {
    const [supplier] = splitId(lines[0].idOf("invoice"));
    return {
      at: lines[0].at,
      format: "x12",
      text: writeInvoice(lines, { buyer: BUYER, supplier, control: ++control }),
    };
  });
  return [
    ...accepted,
    ...write(groupBy(of("supplier.purchase_order.acknowledged"), "purchase_order"), writeAcknowledgement),
    ...write(groupBy(of("supplier.shipment.notified"), "shipment"), writeShipNotice),
    ...invoices,
  ].toSorted((a, b) => a.at - b.at);
}

function toSender(message: string): { buyer: string; control: number } {
  const groups = SENDER.exec(message)?.groups;
  return { buyer: groups?.["buyer"] ?? BUYER, control: Number(groups?.["control"] ?? 0) };
}

type Lines = [Told, ...Told[]];

/** What is said of the same document at the same time. */
function groupBy(told: readonly Told[], type: string): Lines[] {
  return [...Map.groupBy(told, (one) => `${one.idOf(type)} ${one.at} ${one.textOf("document")}`).values()].flatMap(
    ([first, ...rest]) => (first === undefined ? [] : [[first, ...rest] satisfies Lines]),
  );
}
