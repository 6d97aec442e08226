import type { BilledLine, Delivered } from "../agents/supplier-billing.ts";
import type { Order } from "./notes.ts";
import type { OrderRead } from "./read-documents.ts";
import { splitId, toCompactTime } from "./words.ts";
import { toMoney } from "../../documents.ts";

type Segment = readonly string[];

interface Envelope {
  sender: string;
  receiver: string;
  /** Unix milliseconds. */
  at: number;
  /** Of the interchange and its one group. */
  control: number;
  /** GS01, such as PO. */
  functionalId: string;
  /** ST01, such as 850. */
  set: string;
  /** GS08. */
  version?: string;
}

/** An interchange of one set, in 005010 unless another version is given, segments ended by `~`. */
function writeInterchange(
  { sender, receiver, at, control, functionalId, set, version = "005010" }: Envelope,
  body: readonly Segment[],
): string {
  const { date, time } = toCompactTime(at);
  const interchange = String(control).padStart(9, "0");
  const [from, to] = [sender, receiver].map((id) => id.slice(0, 15).padEnd(15));
  const segments: Segment[] = [
    [
      "ISA",
      "00",
      " ".repeat(10),
      "00",
      " ".repeat(10),
      "ZZ",
      from ?? "",
      "ZZ",
      to ?? "",
      date.slice(2),
      time.slice(0, 4),
      "^",
      "00501",
      interchange,
      "0",
      "P",
      ">",
    ],
    ["GS", functionalId, sender, receiver, date, time, String(control), "X", version],
    ["ST", set, "0001"],
    ...body,
    ["SE", String(body.length + 2), "0001"],
    ["GE", "1", String(control)],
    ["IEA", "1", interchange],
  ];
  return segments.map((segment) => `${segment.join("*")}~`).join("");
}

export interface Partners {
  buyer: string;
  supplier: string;
  control: number;
  /** Unix milliseconds. */
  at: number;
  /** Of what the supplier sends; 005010 unless given. */
  version?: string;
}

const toPrice = (cents: number) => toMoney(cents).value;

function toBuyer({ buyer, supplier, ...rest }: Partners, functionalId: string, set: string): Envelope {
  return { sender: supplier, receiver: buyer, functionalId, set, ...rest };
}

/** An order, with the hospital that it is for. */
export function writeOrder(order: Order, { buyer, supplier, control, at }: Partners): string {
  const { date } = toCompactTime(at);
  return writeInterchange({ sender: buyer, receiver: supplier, at, control, functionalId: "PO", set: "850" }, [
    ["BEG", "00", "SA", order.id, "", date],
    ["CUR", "BY", "USD"],
    ["N1", "SU", supplier, "92", supplier],
    ["N1", "ST", order.site, "92", order.site],
    ...order.lines.map(({ id, packs, unit, priceCents, item, requisition }) => [
      "PO1",
      splitId(id)[1],
      String(packs),
      unit,
      toPrice(priceCents),
      "PE",
      "N4",
      item,
      "RQ",
      requisition,
    ]),
    ["CTT", String(order.lines.length)],
  ]);
}

/** That an order could be read, by the number of the group that it came in. */
export function writeAcceptance({ group }: OrderRead, partners: Partners): string {
  return writeInterchange(toBuyer(partners, "FA", "997"), [
    ["AK1", "PO", group, "005010"],
    ["AK2", "850", "0001"],
    ["AK5", "A"],
    ["AK9", "A", "1", "1", "1"],
  ]);
}

/** The answer to each line of an order. */
export function writeAcknowledgement(
  { order, lines }: { order: OrderRead; lines: readonly { line: OrderRead["lines"][number]; status: string }[] },
  partners: Partners,
): string {
  const { supplier, at } = partners;
  const { date } = toCompactTime(at);
  return writeInterchange(toBuyer(partners, "PR", "855"), [
    ["BAK", "00", "AC", order.id, date],
    ["N1", "SE", supplier, "92", supplier],
    ...lines.flatMap(({ line: { number, packs, unit }, status }) => [
      ["PO1", number, String(packs), unit],
      ["ACK", status, String(status.startsWith("R") ? 0 : packs), unit],
    ]),
    ["CTT", String(lines.length)],
  ]);
}

/** What was shipped of an order, and when it is expected. */
export function writeShipNotice(
  {
    order,
    number,
    parcels,
    expectedAt,
  }: { order: OrderRead; number: string; parcels: readonly Delivered[]; expectedAt: number },
  partners: Partners,
): string {
  const { supplier, at } = partners;
  const { date, time } = toCompactTime(at);
  const expected = toCompactTime(expectedAt);
  return writeInterchange(toBuyer(partners, "SH", "856"), [
    ["BSN", "00", number, date, time, "0001"],
    ["HL", "1", "", "S"],
    ["TD5", "B", "2", "Regional Express"],
    ["REF", "CN", `RX${number.slice(-6)}`],
    ["DTM", "011", date, time.slice(0, 4)],
    ["DTM", "017", expected.date, expected.time],
    ["N1", "SF", supplier, "92", supplier],
    ["N1", "ST", order.site, "92", order.site],
    ["HL", "2", "1", "O"],
    ["PRF", order.id],
    ...parcels.flatMap(({ line, item, packs, lot }, index) => [
      ["HL", String(index + 3), "2", "I"],
      ["LIN", line.number, "N4", item.id, "LT", lot],
      ["SN1", "", String(packs), line.unit],
    ]),
    ["CTT", String(parcels.length)],
  ]);
}

/** What is billed of an order. */
export function writeInvoice(
  { order, number, lines }: { order: OrderRead; number: string; lines: readonly BilledLine[] },
  partners: Partners,
): string {
  const { supplier, at } = partners;
  const { date } = toCompactTime(at);
  const total = lines.reduce((sum, { amountCents }) => sum + amountCents, 0);
  return writeInterchange(toBuyer(partners, "IN", "810"), [
    ["BIG", date, number, "", order.id],
    ["CUR", "SE", "USD"],
    ["N1", "SE", supplier, "92", supplier],
    ...lines.map(({ parcel: { line, item }, quantity, priceCents }) => [
      "IT1",
      line.number,
      String(quantity),
      line.unit,
      toPrice(priceCents),
      "PE",
      "N4",
      item.id,
    ]),
    ["TDS", String(total)],
    ["CTT", String(lines.length)],
  ]);
}
