import { type Told, splitId, toCompactTime } from "./told.ts";

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
}

/** An interchange of one set, in 005010, segments ended by `~`. */
function writeInterchange(
  { sender, receiver, at, control, functionalId, set }: Envelope,
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
    ["GS", functionalId, sender, receiver, date, time, String(control), "X", "005010"],
    ["ST", set, "0001"],
    ...body,
    ["SE", String(body.length + 2), "0001"],
    ["GE", "1", String(control)],
    ["IEA", "1", interchange],
  ];
  return segments.map((segment) => `${segment.join("*")}~`).join("");
}

interface Partners {
  buyer: string;
  supplier: string;
  control: number;
}

/** The order, from what is said of each of its lines. */
export function writeOrder(lines: readonly Told[], { buyer, supplier, control }: Partners): string {
  const [first] = lines;
  if (first === undefined) return "";
  const { date } = toCompactTime(first.at);
  return writeInterchange(
    { sender: buyer, receiver: supplier, at: first.at, control, functionalId: "PO", set: "850" },
    [
      ["BEG", "00", "SA", first.idOf("purchase_order"), "", date],
      ["CUR", "BY", "USD"],
      ["N1", "SU", supplier, "92", supplier],
      ...lines.flatMap((line) => [
        [
          "PO1",
          toLineNumber(line),
          line.quantity.value,
          line.quantity.unit,
          line.valueOf("price"),
          "PE",
          "N4",
          line.idOf("item"),
          "RQ",
          line.idOf("requisition"),
        ],
      ]),
      ["CTT", String(lines.length)],
    ],
  );
}

/** That the order could be read; `group` is the number of the group that it came in. */
export function writeAcceptance(told: Told, { buyer, supplier, control }: Partners, group: number): string {
  return writeInterchange({ sender: supplier, receiver: buyer, at: told.at, control, functionalId: "FA", set: "997" }, [
    ["AK1", "PO", String(group), "005010"],
    ["AK2", "850", "0001"],
    ["AK5", "A"],
    ["AK9", "A", "1", "1", "1"],
  ]);
}

/** The answer to each line of an order. */
export function writeAcknowledgement(lines: readonly Told[], { buyer, supplier, control }: Partners): string {
  const [first] = lines;
  if (first === undefined) return "";
  const { date } = toCompactTime(first.at);
  return writeInterchange(
    { sender: supplier, receiver: buyer, at: first.at, control, functionalId: "PR", set: "855" },
    [
      ["BAK", "00", "AC", first.idOf("purchase_order"), date],
      ["N1", "SE", supplier, "92", supplier],
      ...lines.flatMap((line) => [
        ["PO1", toLineNumber(line), line.quantity.value, line.quantity.unit],
        ["ACK", line.textOf("line_status"), line.quantity.value, line.quantity.unit],
      ]),
      ["CTT", String(lines.length)],
    ],
  );
}

/** What was shipped of an order. */
export function writeShipNotice(parcels: readonly Told[], { buyer, supplier, control }: Partners): string {
  const [first] = parcels;
  if (first === undefined) return "";
  const { date, time } = toCompactTime(first.at);
  const [, shipment] = splitId(first.idOf("shipment"));
  const [order] = splitId(first.idOf("purchase_order_line"));
  return writeInterchange(
    { sender: supplier, receiver: buyer, at: first.at, control, functionalId: "SH", set: "856" },
    [
      ["BSN", "00", shipment, date, time, "0001"],
      ["DTM", "011", date, time.slice(0, 4)],
      ["HL", "1", "", "S"],
      ["TD5", "B", "2", first.textOf("carrier")],
      ["REF", "CN", first.textOf("tracking_number")],
      ["N1", "SF", supplier, "92", supplier],
      ["HL", "2", "1", "O"],
      ["PRF", order],
      ...parcels.flatMap((parcel, index) => [
        ["HL", String(index + 3), "2", "I"],
        ["LIN", toLineNumber(parcel), "N4", parcel.idOf("item"), "LT", splitId(parcel.idOf("lot"))[1]],
        ["SN1", "", parcel.quantity.value, parcel.quantity.unit],
      ]),
      ["CTT", String(parcels.length)],
    ],
  );
}

/** The invoice, from what is said of each of its lines when it is received. */
export function writeInvoice(lines: readonly Told[], { buyer, supplier, control }: Partners): string {
  const [first] = lines;
  if (first === undefined) return "";
  const [, number] = splitId(first.idOf("invoice"));
  const [order] = splitId(first.idOf("purchase_order_line"));
  const cents = lines.reduce((sum, line) => sum + BigInt(line.valueOf("amount").replace(".", "")), 0n);
  return writeInterchange(
    { sender: supplier, receiver: buyer, at: first.at, control, functionalId: "IN", set: "810" },
    [
      ["BIG", first.textOf("document_date").replaceAll("-", ""), number, "", order],
      ["CUR", "SE", "USD"],
      ["N1", "SE", supplier, "92", supplier],
      ...lines.map((line) => [
        "IT1",
        toLineNumber(line),
        line.quantity.value,
        line.quantity.unit,
        line.valueOf("price"),
        "PE",
        "N4",
        line.idOf("item"),
      ]),
      ["TDS", String(cents)],
      ["CTT", String(lines.length)],
    ],
  );
}

/** The number of the line in its order. */
function toLineNumber(told: Told): string {
  return splitId(told.idOf("purchase_order_line"))[1];
}
