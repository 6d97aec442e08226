import type { DocumentFormat } from "@throughline/schemas/pack/document-mapping";

const LINES = 20;

/** Made-up documents of a format, of about the given size in characters. */
export function writeDocuments(format: DocumentFormat, size: number): string {
  return WRITERS[format](size);
}

/** Mappings for the formats that have no standard of their own. */
export const ROW_MAPPINGS = `
name: bench-rows
title: Rows
format: FORMAT
documents: [row, record]
source: /bench
time: { from: ["{at}"] }
fixedWidth:
  fields:
    - { name: site, start: 1, length: 8 }
    - { name: item, start: 9, length: 14 }
    - { name: on_hand, start: 23, length: 8 }
    - { name: at, start: 31, length: 20 }
keep: [{ path: site }, { path: item }, { path: on_hand }, { path: at }]
events:
  - type: pharmacy.stock.counted
    objects: [{ type: item, id: "{item}", required: true }]
    measures: { on_hand: { value: "{on_hand}", unit: EA } }
`;

const WRITERS: Record<DocumentFormat, (size: number) => string> = {
  x12: (size) => {
    const sets = repeat(size, (number) => writeOrder(number));
    const header =
      "ISA*00*          *00*          *ZZ*NORTHMED       *ZZ*CARDINALHLTH   *260302*0914*U*00401*000000317*0*P*>~\n";
    return `${header}GS*PO*NORTHMED*CARDINALHLTH*20260302*0914*4*X*004010~\n${sets}GE*1*4~\nIEA*1*000000317~\n`;
  },
  hl7v2: (size) => repeat(size, writeDispense),
  csv: (size) =>
    `site,location,item,lot,on_hand,unit,par,counted_at,nurse\n${repeat(size, (number) => `north,ICU-${number % 40},0093-4155-73,7F${number},${number % 90},VL,20,2026-03-02T02:00:00Z,JANE DOE\n`)}`,
  "fixed-width": (size) =>
    repeat(
      size,
      (number) => `north   0093-4155-73  ${String(number % 90).padEnd(8)}2026-03-02T02:00:00Z${"x".repeat(30)}\n`,
    ),
  json: (size) =>
    `[${repeat(size, (number) => `${number === 0 ? "" : ","}{"site":"north","item":"0093-4155-73","on_hand":${number % 90},"at":"2026-03-02T02:00:00Z","nurse":"JANE DOE"}\n`)}]`,
  epcis: (size) =>
    `{"type":"EPCISDocument","epcisBody":{"eventList":[${repeat(size, (number) => `${number === 0 ? "" : ","}{"type":"ObjectEvent","eventID":"urn:uuid:${number}","eventTime":"2026-03-04T07:30:00Z","action":"OBSERVE","bizStep":"shipping","epcList":["urn:epc:id:sgtin:030093.0415573.${number}","urn:epc:id:sgtin:030093.0415573.1"],"readPoint":{"id":"urn:epc:id:sgln:0614141.07346.1"}}\n`)}]}}`,
  ubl: (size) =>
    `<Order xmlns="o" xmlns:cac="a" xmlns:cbc="b"><cbc:ID>4500012345</cbc:ID><cbc:IssueDate>2026-03-02</cbc:IssueDate>${repeat(size, writeOrderLine)}</Order>`,
  cxml: (size) =>
    `<cXML payloadID="1" timestamp="2026-03-02T09:14:07Z"><Request><OrderRequest><OrderRequestHeader orderID="4500012345" orderDate="2026-03-02T09:00:00Z"/>${repeat(size, (number) => `<ItemOut lineNumber="${number}" quantity="10"><ItemID><SupplierPartID>V-${number}</SupplierPartID></ItemID><ItemDetail><UnitPrice><Money currency="USD">24.00</Money></UnitPrice><Description xml:lang="en">Tablets</Description><UnitOfMeasure>CS</UnitOfMeasure></ItemDetail></ItemOut>`)}</OrderRequest></Request></cXML>`,
  idoc: (size) => `<ORDERS05>${repeat(size, writeIdoc)}</ORDERS05>`,
  fhir: (size) =>
    `{"resourceType":"Bundle","entry":[${repeat(size, (number) => `${number === 0 ? "" : ","}{"resource":{"resourceType":"MedicationDispense","id":"d${number}","status":"completed","subject":{"reference":"Patient/1","display":"Jane Doe"},"medicationCodeableConcept":{"coding":[{"system":"http://hl7.org/fhir/sid/ndc","code":"0093-4155-73"}],"text":"Tablets"},"quantity":{"value":2,"unit":"TAB"},"whenHandedOver":"2026-03-02T09:13:00Z"}}\n`)}]}`,
};

function repeat(size: number, write: (number: number) => string): string {
  const pieces: string[] = [];
  for (let length = 0, number = 0; length < size; number++) {
    const piece = write(number);
    pieces.push(piece);
    length += piece.length;
  }
  return pieces.join("");
}

function writeOrder(number: number): string {
  const control = String(number).padStart(9, "0");
  const lines = Array.from(
    { length: LINES },
    (_, line) =>
      `PO1*${line + 1}*10*CS*24.00*PE*N4*00093415573*VN*V-100~\nPID*F****TABLETS 10 MG~\nDTM*002*20260305~\n`,
  );
  return `ST*850*${control}~\nBEG*00*SA*45${control}**20260302~\nN1*ST*NORTH*92*ICU-2~\n${lines.join("")}CTT*${LINES}~\nSE*${LINES * 3 + 5}*${control}~\n`;
}

function writeDispense(number: number): string {
  return [
    `MSH|^~\\&|PHARM|north|TOWER|hq|20260302091407-0600||RDS^O13^RDS_O13|MSG${number}|P|2.5.1`,
    `PID|1||MRN${number}^^^NORTH^MR||DOE^JANE^Q||19480229|F|||12 ELM ST^^CHICAGO^IL^60601`,
    "PV1|1|I|ICU-2^R12^B3^NORTH||||1234^WELBY^MARCUS",
    `ORC|NW|ORD-${number}|FIL-${number}||IP||||20260302091000`,
    `RXD|1|0093-4155-73^ATORVASTATIN 10 MG^NDC|20260302091300-0600|2|TAB||RX-${number}|||||||||||7F2201|20271130`,
    "NTE|1||GIVEN IN THE MORNING",
    "",
  ].join("\r");
}

function writeOrderLine(number: number): string {
  return `<cac:OrderLine><cac:LineItem><cbc:ID>${number}</cbc:ID><cbc:Quantity unitCode="CS">10</cbc:Quantity><cbc:LineExtensionAmount currencyID="USD">240.00</cbc:LineExtensionAmount><cac:Price><cbc:PriceAmount currencyID="USD">24.00</cbc:PriceAmount></cac:Price><cac:Item><cbc:Name>Tablets</cbc:Name><cac:StandardItemIdentification><cbc:ID>00300934155737</cbc:ID></cac:StandardItemIdentification></cac:Item></cac:LineItem></cac:OrderLine>`;
}

function writeIdoc(number: number): string {
  const lines = Array.from(
    { length: LINES },
    (_, line) =>
      `<E1EDP01 SEGMENT="1"><POSEX>${line}</POSEX><MENGE>10.000</MENGE><MENEE>CS</MENEE><VPREI>24.00</VPREI><E1EDP19 SEGMENT="1"><QUALF>002</QUALF><IDTNR>V-100</IDTNR><KTEXT>Tablets</KTEXT></E1EDP19></E1EDP01>`,
  );
  return `<IDOC BEGIN="1"><EDI_DC40 SEGMENT="1"><DOCNUM>${number}</DOCNUM><IDOCTYP>ORDERS05</IDOCTYP><MESTYP>ORDERS</MESTYP><SNDPRN>ERP100</SNDPRN><CREDAT>20260302</CREDAT><CRETIM>091407</CRETIM></EDI_DC40><E1EDK01><CURCY>USD</CURCY><BELNR>45${number}</BELNR></E1EDK01>${lines.join("")}</IDOC>`;
}
