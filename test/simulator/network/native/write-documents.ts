import type { Receipt, Request } from "./notes.ts";
import { splitId, toCompactTime } from "./words.ts";

/** A dispense as an HL7 v2 message of a cabinet, with a patient whom nobody may hear of. */
export function writeDispense({
  site,
  location,
  item,
  pieces,
  token,
  at: now,
}: {
  site: string;
  location: string;
  item: string;
  pieces: number;
  token: string;
  at: number;
}): string {
  const { date, time } = toCompactTime(now);
  const at = `${date}${time}+0000`;
  return [
    `MSH|^~\\&|CABINETS|${site}|TOWER|hq|${at}||RDS^O13^RDS_O13|${token}|P|2.5.1`,
    "PID|1||MRN000000^^^GROUP^MR||DOE^JANE||19480229|F",
    `PV1|1|I|${location}`,
    `ORC|RE|${token}|${token}||IP||||${at}`,
    `RXD|1|${item}^^NDC|${at}|${pieces}|EA||${token}||||||${location}`,
    "",
  ].join("\r");
}

/** The arrival of a shipment as EPCIS 2.0 has it. */
export function writeArrival({ shipment, site, at }: { shipment: string; site: string; at: number }): string {
  const time = new Date(at).toISOString();
  return JSON.stringify({
    "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
    type: "EPCISDocument",
    schemaVersion: "2.0",
    creationDate: time,
    epcisBody: {
      eventList: [
        {
          type: "TransactionEvent",
          eventID: `urn:x-dock:${site}:${shipment}`,
          eventTime: time,
          eventTimeZoneOffset: "+00:00",
          action: "ADD",
          bizStep: "receiving",
          disposition: "in_progress",
          bizTransactionList: [{ type: "desadv", bizTransaction: shipment }],
        },
      ],
    },
  });
}

/** The posting of a receipt as an IDoc of the type MBGMCR. */
export function writeGoodsMovement(posted: Receipt & { document: number; at: number }): string {
  const { date, time } = toCompactTime(posted.at);
  const [order, line] = splitId(posted.orderLine);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<MBGMCR02><IDOC BEGIN="1">',
    `<EDI_DC40 SEGMENT="1"><DOCNUM>${String(posted.document).padStart(16, "0")}</DOCNUM><MESTYP>MBGMCR</MESTYP><IDOCTYP>MBGMCR02</IDOCTYP><SNDPRN>GROUP</SNDPRN><RCVPRN>TOWER</RCVPRN><CREDAT>${date}</CREDAT><CRETIM>${time}</CRETIM></EDI_DC40>`,
    '<E1MBGMCR SEGMENT="1">',
    `<E1BP2017_GM_HEAD_01 SEGMENT="1"><REF_DOC_NO>${posted.id}</REF_DOC_NO></E1BP2017_GM_HEAD_01>`,
    `<E1BP2017_GM_ITEM_CREATE SEGMENT="1"><MATERIAL>${posted.item}</MATERIAL><PLANT>${posted.site}</PLANT><BATCH>${posted.lot}</BATCH><MOVE_TYPE>101</MOVE_TYPE><ENTRY_QNT>${posted.packs}</ENTRY_QNT><ENTRY_UOM>${posted.unit}</ENTRY_UOM><PO_NUMBER>${order}</PO_NUMBER><PO_ITEM>${line.padStart(5, "0")}</PO_ITEM></E1BP2017_GM_ITEM_CREATE>`,
    "</E1MBGMCR></IDOC></MBGMCR02>",
  ].join("");
}

/** What eProcurement tells of a requisition, as the body of its webhook. */
export function writeNotice({
  kind,
  id,
  asked,
  unit,
  at,
}: {
  kind: string;
  id: string;
  asked: Request;
  unit: string;
  at: number;
}): string {
  return JSON.stringify([
    {
      event: kind,
      id: `${id}/${kind}`,
      at: new Date(at).toISOString(),
      site: asked.site,
      requisition: id,
      replenishment: asked.replenishment,
      item: asked.item,
      location: `${asked.site}/${asked.location}`,
      quantity: String(asked.packs),
      unit,
      criticality: asked.isCritical ? "critical" : "routine",
    },
  ]);
}

export const POSTING_COLUMNS = [
  "event",
  "id",
  "at",
  "site",
  "order_line",
  "invoice",
  "invoice_line",
  "supplier",
  "payment",
  "movement",
  "batch",
  "entry",
  "period",
  "kind",
  "item",
  "quantity",
  "unit",
  "amount",
] as const;

/** A posting of the books: its kind, number, time and site, and what else there is to say. */
export type Posting = Record<"event" | "id" | "at" | "site", string> &
  Partial<Record<(typeof POSTING_COLUMNS)[number], string>>;

/** A posting with all columns of the outbox, as JSON. */
export function writePosting(posting: Posting): string {
  return JSON.stringify([Object.fromEntries(POSTING_COLUMNS.map((column) => [column, posting[column] ?? ""]))]);
}
