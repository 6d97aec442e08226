const of = (parents: readonly string[], leaves: readonly string[]) =>
  parents.flatMap((parent) => leaves.map((leaf) => `${parent}/${leaf}`));

const UBL_ROOTS = [
  "Order",
  "OrderChange",
  "OrderCancellation",
  "OrderResponse",
  "DespatchAdvice",
  "Invoice",
  "CreditNote",
];
const UBL_ITEMS = ["StandardItemIdentification/ID", "BuyersItemIdentification/ID", "SellersItemIdentification/ID"];
const CXML_MONEY = ["Money", "Money@currency"];

/** UBL: numbers, dates, quantities and amounts of documents and lines. Parties, people, addresses, names and notes stay at the edge. */
export const UBL_ALLOWED: readonly string[] = [
  ...of(UBL_ROOTS, ["ID", "IssueDate", "IssueTime", "SequenceNumberID", "OrderResponseCode", "CreditNoteTypeCode"]),
  ...of(
    [
      "OrderReference",
      "Contract",
      "TransportHandlingUnit",
      "InvoiceLine",
      "CreditNoteLine",
      "DespatchLine",
      "LineItem",
    ],
    ["ID"],
  ),
  "OrderLineReference/LineID",
  ...of(
    ["LineItem"],
    ["Quantity", "Quantity@unitCode", "LineExtensionAmount", "LineExtensionAmount@currencyID", "LineStatusCode"],
  ),
  ...of(["InvoiceLine"], ["InvoicedQuantity", "InvoicedQuantity@unitCode"]),
  ...of(["CreditNoteLine"], ["CreditedQuantity", "CreditedQuantity@unitCode"]),
  ...of(["InvoiceLine", "CreditNoteLine"], ["LineExtensionAmount", "LineExtensionAmount@currencyID"]),
  ...of(["DespatchLine"], ["DeliveredQuantity", "DeliveredQuantity@unitCode"]),
  ...of(["Price"], ["PriceAmount", "PriceAmount@currencyID"]),
  ...of(["LegalMonetaryTotal", "AnticipatedMonetaryTotal"], ["PayableAmount", "PayableAmount@currencyID"]),
  ...of(["Item"], UBL_ITEMS),
  ...of(["LotIdentification"], ["LotNumberID", "ExpiryDate"]),
  ...of(["PromisedDeliveryPeriod"], ["StartDate", "EndDate"]),
];

/** cXML: numbers, dates, quantities and amounts. Credentials with their secrets, addresses, contacts and comments stay at the edge. */
export const CXML_ALLOWED: readonly string[] = [
  ...["orderID", "orderDate", "type", "orderVersion"].map((name) => `OrderRequestHeader@${name}`),
  ...["lineNumber", "quantity", "requestedDeliveryDate"].map((name) => `ItemOut@${name}`),
  ...of(["ItemID"], ["SupplierPartID", "BuyerPartID"]),
  ...of(["UnitPrice", "SubtotalAmount", "NetAmount"], CXML_MONEY),
  "UnitOfMeasure",
  "OrderReference@orderID",
  "OrderIDInfo@orderID",
  ...["type", "noticeDate", "confirmID"].map((name) => `ConfirmationHeader@${name}`),
  ...["lineNumber", "quantity"].map((name) => `ConfirmationItem@${name}`),
  ...["type", "quantity", "deliveryDate", "shipmentDate"].map((name) => `ConfirmationStatus@${name}`),
  ...["shipmentID", "noticeDate", "shipmentDate", "deliveryDate"].map((name) => `ShipNoticeHeader@${name}`),
  "CarrierIdentifier[@domain=SCAC]",
  "CarrierIdentifier[@domain=SCAC]@domain",
  "ShipControl/ShipmentIdentifier",
  ...["lineNumber", "quantity", "shipNoticeLineNumber"].map((name) => `ShipNoticeItem@${name}`),
  "Batch/SupplierBatchID",
  ...["invoiceID", "invoiceDate", "purpose"].map((name) => `InvoiceDetailRequestHeader@${name}`),
  ...["invoiceLineNumber", "quantity"].map((name) => `InvoiceDetailItem@${name}`),
  "InvoiceDetailItemReference@lineNumber",
];

/** IDocs: the segments of orders, confirmations, deliveries, invoices, movements and states. Names, addresses and texts stay. */
export const IDOC_ALLOWED: readonly string[] = [
  ...of(["E1EDK01"], ["BELNR", "CURCY", "BSART", "ACTION"]),
  ...of(["E1EDK02", "E1EDP02"], ["QUALF", "BELNR", "ZEILE", "DATUM", "UZEIT"]),
  ...of(["E1EDK03", "E1EDP03"], ["IDDAT", "DATUM", "UZEIT"]),
  ...of(["E1EDKA1[PARVW=LF,AG,WE,RE,RS]"], ["PARVW", "PARTN"]),
  ...of(["E1EDP01"], ["POSEX", "ACTION", "MENGE", "MENEE", "VPREI", "PEINH", "NETWR", "WERKS"]),
  ...of(["E1EDP19[QUALF=001,002,003]"], ["QUALF", "IDTNR"]),
  ...of(["E1EDP20"], ["WMENG", "EDATU"]),
  ...of(["E1EDP26"], ["QUALF", "BETRG"]),
  ...of(["E1EDS01"], ["SUMID", "SUMME", "WAERQ"]),
  ...of(["E1EDL20"], ["VBELN"]),
  ...of(["E1EDL24"], ["POSNR", "MATNR", "CHARG", "LFIMG", "VRKME", "VGBEL", "VGPOS", "KDMAT", "EAN11", "VFDAT"]),
  ...of(["E1EDL41"], ["QUALI", "BSTNR", "POSEX"]),
  ...of(["E1BP2017_GM_HEAD_01"], ["PSTNG_DATE", "DOC_DATE", "REF_DOC_NO"]),
  ...of(
    ["E1BP2017_GM_ITEM_CREATE"],
    [
      "MATERIAL",
      "PLANT",
      "STGE_LOC",
      "BATCH",
      "MOVE_TYPE",
      "ENTRY_QNT",
      "ENTRY_UOM",
      "PO_NUMBER",
      "PO_ITEM",
      "EAN_UPC",
    ],
  ),
  ...of(["E1STATS"], ["DOCNUM", "LOGDAT", "LOGTIM", "STATUS", "STAMID", "STAMNO", "STACOD"]),
];

/** EPCIS: what, when, where and why. Extensions, sensor data, sources, destinations and free members stay at the edge. */
export const EPCIS_ALLOWED: readonly string[] = [
  "type",
  "eventTime",
  "action",
  "bizStep",
  "disposition",
  "parentID",
  "epcList",
  "epc",
  "childEPCs",
  "inputEPCList",
  "outputEPCList",
  "epcClass",
  ...of(
    ["quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList", "quantityElement"],
    ["epcClass", "quantity", "uom"],
  ),
  "readPoint/id",
  "bizLocation/id",
  "bizTransactionList/type",
  "bizTransactionList/bizTransaction",
  "bizTransactionList/bizTransaction@type",
];

const CODING = ["coding/system", "coding/code"];

/** FHIR: codes, quantities, states and operational times. What leads to a patient becomes a token; all else stays at the edge. */
export const FHIR_ALLOWED: readonly string[] = [
  "resourceType",
  "status",
  "MedicationRequest/intent",
  "meta/lastUpdated",
  ...of(["MedicationDispense", "MedicationRequest", "Invoice"], ["id:token", "identifier/value:token"]),
  ...of(["SupplyRequest", "SupplyDelivery"], ["id:token", "identifier/value:token"]),
  "SupplyDelivery/basedOn/identifier/value:token",
  "authorizingPrescription/reference:token",
  ...of(["medicationCodeableConcept", "itemCodeableConcept", "concept"], CODING),
  ...of(["quantity"], ["value", "code", "unit"]),
  ...of(["MedicationDispense"], ["whenHandedOver", "whenPrepared"]),
  ...of(["location", "deliverTo", "destination"], ["identifier/value", "reference"]),
  ...of(["MedicationRequest", "SupplyRequest"], ["authoredOn"]),
  "SupplyDelivery/occurrenceDateTime",
  "Invoice/date",
  ...of(["totalNet", "totalGross"], ["value", "currency"]),
  "InventoryReport/reportedDateTime",
];
