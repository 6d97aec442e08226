import { z } from "zod";
import { fromCompactTime, splitId, toCents } from "./words.ts";

/** Systems read what they are sent with eyes of their own, so that a mistake of the tower's parsers is not made twice. */
interface Interchange {
  sender: string;
  receiver: string;
  control: string;
  group: string;
  /** Unix milliseconds, of the group. */
  at: number;
  segments: readonly (readonly string[])[];
}

function readInterchange(text: string): Interchange {
  const segments = text
    .split("~")
    .filter(Boolean)
    .map((segment) => segment.split("*"));
  const [isa = [], gs = []] = segments;
  return {
    sender: (isa[6] ?? "").trim(),
    receiver: (isa[8] ?? "").trim(),
    control: isa[13] ?? "",
    group: gs[6] ?? "",
    at: fromCompactTime(gs[4] ?? "", gs[5] ?? ""),
    segments,
  };
}

/** The segments from each one of a name on, up to the next of it. */
function splitLoops({ segments }: Interchange, name: string): (readonly string[])[][] {
  const starts = segments.flatMap(([own], index) => (own === name ? [index] : []));
  return starts.map((start, index) => segments.slice(start, starts[index + 1]));
}

function find(segments: readonly (readonly string[])[], name: string, qualifier?: string): readonly string[] {
  return segments.find((segment) => segment[0] === name && (qualifier === undefined || segment[1] === qualifier)) ?? [];
}

/** What stands behind a qualifier in a segment, as `N4` in a product id. */
function findPair(segment: readonly string[], qualifier: string): string {
  const index = segment.indexOf(qualifier);
  return index < 0 ? "" : (segment[index + 1] ?? "");
}

export interface OrderRead {
  id: string;
  buyer: string;
  supplier: string;
  site: string;
  /** Control number of the group that it came in. */
  group: string;
  /** buyer / interchange / group / set */
  message: string;
  at: number;
  lines: { number: string; item: string; packs: number; unit: string; priceCents: number }[];
}

/** An order, from an 850. */
export function readOrder(text: string): OrderRead {
  const interchange = readInterchange(text);
  const { segments, sender, receiver, control, group, at } = interchange;
  return {
    id: find(segments, "BEG")[3] ?? "",
    buyer: sender,
    supplier: receiver,
    site: find(segments, "N1", "ST")[4] ?? "",
    group,
    message: `${sender}/${control}/${group}/0001`,
    at,
    lines: segments
      .filter(([name]) => name === "PO1")
      .map((segment) => ({
        number: segment[1] ?? "",
        item: findPair(segment, "N4"),
        packs: Number(segment[2]),
        unit: segment[3] ?? "",
        priceCents: toCents(segment[4] ?? ""),
      })),
  };
}

/** The codes with which a supplier answers, from an 855. */
export function readAcknowledgement(text: string): { lines: { orderLine: string; status: string }[] } {
  const interchange = readInterchange(text);
  const order = find(interchange.segments, "BAK")[3] ?? "";
  return {
    lines: splitLoops(interchange, "PO1").map((loop) => ({
      orderLine: `${order}/${find(loop, "PO1")[1] ?? ""}`,
      status: find(loop, "ACK")[1] ?? "",
    })),
  };
}

export interface ShipNoticeRead {
  /** supplier / number */
  shipment: string;
  order: string;
  site: string;
  expectedAt: number;
  parcels: { line: string; item: string; lot: string; packs: number; unit: string }[];
}

/** What comes and when, from an 856. */
export function readShipNotice(text: string): ShipNoticeRead {
  const interchange = readInterchange(text);
  const { segments, sender } = interchange;
  const [, , date = "", time = ""] = find(segments, "DTM", "017");
  return {
    shipment: `${sender}/${find(segments, "BSN")[2] ?? ""}`,
    order: find(segments, "PRF")[1] ?? "",
    site: find(segments, "N1", "ST")[4] ?? "",
    expectedAt: fromCompactTime(date, time),
    parcels: splitLoops(interchange, "LIN").map((loop) => {
      const product = find(loop, "LIN");
      const quantity = find(loop, "SN1");
      return {
        line: product[1] ?? "",
        item: findPair(product, "N4"),
        lot: findPair(product, "LT"),
        packs: Number(quantity[2]),
        unit: quantity[3] ?? "",
      };
    }),
  };
}

export interface InvoiceRead {
  /** supplier / number */
  id: string;
  supplier: string;
  lines: { id: string; orderLine: string; quantity: number; unit: string; amountCents: number }[];
}

/** What is billed, from an 810. */
export function readInvoice(text: string): InvoiceRead {
  const { segments, sender } = readInterchange(text);
  const [, , number = "", , order = ""] = find(segments, "BIG");
  const id = `${sender}/${number}`;
  return {
    id,
    supplier: sender,
    lines: segments
      .filter(([name]) => name === "IT1")
      .map(([, line = "", quantity = "", unit = "", price = ""]) => ({
        id: `${id}/${line}`,
        orderLine: `${order}/${line}`,
        quantity: Number(quantity),
        unit,
        amountCents: Number(quantity) * toCents(price),
      })),
  };
}

/** What left a cabinet, from an RDS. */
export function readDispense(text: string) {
  const segments = text.split("\r").map((segment) => segment.split("|"));
  const [header = [], dispense = []] = ["MSH", "RXD"].map((name) => find(segments, name));
  return {
    site: header[3] ?? "",
    location: dispense[13] ?? "",
    item: splitComponent(dispense[2]),
    pieces: Number(dispense[4]),
    token: dispense[7] ?? "",
  };
}

const splitComponent = (text = "") => text.split("^")[0] ?? "";

/** What was received for an order line, from an MBGMCR. */
export function readGoodsMovement(text: string): { orderLine: string; packs: number; receipt: string } {
  const field = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? "";
  return {
    orderLine: `${field("PO_NUMBER")}/${Number(field("PO_ITEM"))}`,
    packs: Number(field("ENTRY_QNT")),
    receipt: field("REF_DOC_NO"),
  };
}

const rows = z.array(z.object({ site: z.string(), movement: z.string() })).length(1);

/** Which movement was valued, from a row of the outbox. */
export function readPosting(text: string): { site: string; movement: string } {
  const [row] = rows.parse(JSON.parse(text));
  return { site: row?.site ?? "", movement: splitId(row?.movement ?? "")[0] };
}
