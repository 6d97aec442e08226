import { type Told, splitId, toCompactTime } from "./told.ts";

/** A dispense as an HL7 v2 message of a cabinet, with a patient whom nobody may hear of. */
export function writeDispense(told: Told): string {
  const { date, time } = toCompactTime(told.at);
  const at = `${date}${time}+0000`;
  const [, token] = splitId(told.idOf("dispense"));
  const [, location] = splitId(told.idOf("location"));
  return [
    `MSH|^~\\&|CABINETS|${told.site}|TOWER|hq|${at}||RDS^O13^RDS_O13|${told.id}|P|2.5.1`,
    "PID|1||MRN000000^^^GROUP^MR||DOE^JANE||19480229|F",
    `PV1|1|I|${location}`,
    `ORC|RE|${token}|${token}||IP||||${at}`,
    `RXD|1|${told.idOf("item")}^^NDC|${at}|${told.quantity.value}|${told.quantity.unit}||${token}||||||${location}`,
    "",
  ].join("\r");
}

/** The arrival of a shipment as EPCIS 2.0 has it. */
export function writeArrival(told: Told): string {
  return JSON.stringify({
    "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
    type: "EPCISDocument",
    schemaVersion: "2.0",
    creationDate: new Date(told.at).toISOString(),
    epcisBody: {
      eventList: [
        {
          type: "TransactionEvent",
          eventID: `urn:x-dock:${told.site}:${told.id}`,
          eventTime: new Date(told.at).toISOString(),
          eventTimeZoneOffset: "+00:00",
          action: "ADD",
          bizStep: "receiving",
          disposition: "in_progress",
          bizTransactionList: [{ type: "desadv", bizTransaction: told.idOf("shipment") }],
        },
      ],
    },
  });
}

/** The posting of a receipt as an IDoc of the type MBGMCR. */
export function writeGoodsMovement(told: Told): string {
  const { date, time } = toCompactTime(told.at);
  const [order, line] = splitId(told.idOf("purchase_order_line"));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<MBGMCR02><IDOC BEGIN="1">',
    `<EDI_DC40 SEGMENT="1"><DOCNUM>${told.id.replace("-", "").padStart(16, "0")}</DOCNUM><MESTYP>MBGMCR</MESTYP><IDOCTYP>MBGMCR02</IDOCTYP><SNDPRN>GROUP</SNDPRN><RCVPRN>TOWER</RCVPRN><CREDAT>${date}</CREDAT><CRETIM>${time}</CRETIM></EDI_DC40>`,
    '<E1MBGMCR SEGMENT="1">',
    `<E1BP2017_GM_HEAD_01 SEGMENT="1"><REF_DOC_NO>${told.idOf("goods_receipt")}</REF_DOC_NO></E1BP2017_GM_HEAD_01>`,
    `<E1BP2017_GM_ITEM_CREATE SEGMENT="1"><MATERIAL>${told.idOf("item")}</MATERIAL><PLANT>${told.site}</PLANT><MOVE_TYPE>101</MOVE_TYPE><ENTRY_QNT>${told.quantity.value}</ENTRY_QNT><ENTRY_UOM>${told.quantity.unit}</ENTRY_UOM><PO_NUMBER>${order}</PO_NUMBER><PO_ITEM>${line.padStart(5, "0")}</PO_ITEM></E1BP2017_GM_ITEM_CREATE>`,
    "</E1MBGMCR></IDOC></MBGMCR02>",
  ].join("");
}

/** What eProcurement tells of a requisition or order, as the body of its webhook. */
export function writeNotice(told: Told): string {
  return JSON.stringify([
    {
      event: told.type.split(".").slice(1).join("."),
      id: told.id,
      at: new Date(told.at).toISOString(),
      site: told.site,
      requisition: told.idOf("requisition"),
      replenishment: told.idOf("replenishment"),
      item: told.idOf("item"),
      location: told.idOf("location"),
      quantity: told.quantity.value,
      unit: told.quantity.unit,
      criticality: told.textOf("criticality"),
    },
  ]);
}

/** A posting of the books, as a row of the outbox of the ERP. */
export function toPosting(told: Told): Record<string, string> {
  return {
    event: told.type.split(".").slice(1).join("."),
    id: told.id,
    at: new Date(told.at).toISOString(),
    site: told.site,
    order_line: told.idOf("purchase_order_line"),
    invoice: told.idOf("invoice"),
    invoice_line: told.idOf("invoice_line"),
    payment: told.idOf("payment"),
    receipt: told.idOf("goods_receipt"),
    movement: told.idOf("stock_movement"),
    batch: told.idOf("posting_batch"),
    entry: told.idOf("journal_entry"),
    item: told.idOf("item"),
    document: told.textOf("document"),
    quantity: told.quantity.value,
    unit: told.quantity.unit,
    amount: told.valueOf("amount"),
  };
}
