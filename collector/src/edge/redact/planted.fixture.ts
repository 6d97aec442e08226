import type { DocumentFormat } from "@throughline/schemas/pack/document-mapping";
import { CXML, EPCIS_JSON, EPCIS_XML, FHIR_JSON, FHIR_XML, IDOC_XML, UBL } from "./planted-trees.fixture.ts";
import { ALL_IDENTIFIERS, IDENTIFIERS as id } from "./planted-identifiers.fixture.ts";

const [first, last] = id.names;
const [street, city, zip] = id.places;
const [birth, birthday] = id.dates;
const [phone] = id.telephone;
const [fax] = id.fax;
const [email] = id.email;
const [ssn] = id.socialSecurity;
const [mrn] = id.medicalRecord;
const [plan] = id.healthPlan;
const [account] = id.account;
const [licence] = id.licence;
const [vehicle] = id.vehicle;
const [device] = id.device;
const [url] = id.url;
const [ip] = id.network;
const [finger] = id.biometric;
const [photo] = id.photo;
const [rx] = id.other;

const X12 = [
  "ISA*00*          *00*          *ZZ*NORTHMED       *ZZ*CARDINALHLTH   *260302*0914*U*00401*000000317*0*P*>",
  "GS*PO*NORTHMED*CARDINALHLTH*20260302*0914*4*X*004010",
  "ST*850*0001",
  `BEG*00*SA*4500012345**20260302`,
  `REF*SY*${ssn}`,
  `REF*EA*${mrn}`,
  `REF*IG*${plan}`,
  `REF*EJ*${account}`,
  `REF*0B*${licence}`,
  `REF*ZZ*${vehicle}*${device}`,
  `REF*PO*${ssn}`,
  `PER*IC*${first} ${last}*TE*${phone}*FX*${fax}*EM*${email}`,
  `N1*QC*${first} ${last}*MI*${mrn}`,
  `N1*ST*${last}*92*ICU-2`,
  `N2*${first} ${last}`,
  `N3*${street}`,
  `N4*${city}*IL*${zip}`,
  `NM1*QC*1*${last}*${first}****MI*${plan}`,
  `DMG*D8*${birth}*M`,
  `DTM*222*${birthday}`,
  `N9*ZZ*${rx}*${finger}`,
  `MSG*${ALL_IDENTIFIERS}`,
  `PO1*10*10*CS*24.00*PE*N4*00093415573*SN*${device}*VN*${email}`,
  `PID*F****${ALL_IDENTIFIERS}`,
  `NTE**${url} ${ip} ${photo}`,
  "CTT*1",
  "SE*25*0001",
  "GE*1*4",
  "IEA*1*000000317",
  "",
].join("~");

const HL7 = [
  "MSH|^~\\&|PHARM|north|TOWER|hq|20260302091407-0600||RDS^O13^RDS_O13|MSG00001|P|2.5.1",
  `PID|1|${mrn}|${mrn}^^^N^MR~${ssn}^^^S^SS|${licence}|${last}^${first}||${birth}|M|||${street}^^${city}^IL^${zip}||${phone}~${email}|${fax}||||${account}|${ssn}|${licence}`,
  `NK1|1|${last}^${first}|SPO|${street}|${phone}`,
  `PV1|1|I|ICU-2^${last}^3||||1^${last}^${first}|||||||||||${account}`,
  `GT1|1|${account}|${last}^${first}|||${phone}||${birth}|||${ssn}`,
  `IN1|1|${plan}|${plan}|INSURER||||||||||||${last}^${first}||${birthday}`,
  `DG1|1||${finger}`,
  `OBX|1|ED|${device}||${photo}`,
  `ORC|NW|${rx}|${rx}|${rx}|IP|||||${last}||1^${last}^${first}||${phone}`,
  `RXO|0093-4155-73^${ALL_IDENTIFIERS}^NDC||||||${ALL_IDENTIFIERS}`,
  `RXD|1|0093-4155-73^${ALL_IDENTIFIERS}^NDC|20260302091300|2|TAB||${rx}|${ALL_IDENTIFIERS}|${ALL_IDENTIFIERS}|1^${last}||||${ALL_IDENTIFIERS}`,
  `NTE|1||${ALL_IDENTIFIERS}`,
  `ZVH|${vehicle}|${url}|${ip}|${ALL_IDENTIFIERS}`,
].join("\r");

const CSV = [
  "site,location,item,on_hand,counted_at,nurse,patient,note,lot",
  `north,ICU-2,0093-4155-73,12,2026-03-02T02:00:00Z,${first} ${last},${mrn},"${ALL_IDENTIFIERS}",${ssn}`,
  "",
].join("\n");

const COLUMNS = ["site", "location", "item", "on_hand", "counted_at", "nurse", "patient", "note", "lot"];
const KEEP = ["site", "location", "item", "on_hand", "counted_at", "lot"]
  .map((path) => `  - { path: ${path} }`)
  .join("\n");

/** A mapping of rows that keeps what the shipped one keeps. */
const toRowMapping = (format: DocumentFormat, layout: string) => `name: rows
title: Rows
format: ${format}
documents: [row, record]
where: { item: ["?*"] }
source: /rows
site: "{site}"
time: { from: ["{counted_at}"] }
${layout}
keep:
${KEEP}
events:
  - type: pharmacy.stock.counted
    objects:
      - { type: item, id: "{item|ndc}", required: true }
      - { type: lot, id: "{lot}" }
    measures: { on_hand: { value: "{on_hand}", unit: EA } }
`;

const WIDTH = 400;
const COUNTED = ["north", "ICU-2", "0093-4155-73", "12", "2026-03-02T02:00:00Z"];
const CELLS = [...COUNTED, `${first} ${last}`, mrn, ALL_IDENTIFIERS, ssn];
const FIXED = `${CELLS.map((cell) => cell.padEnd(WIDTH)).join("")}\n`;
const FIELDS = COLUMNS.map((name, at) => `{ name: ${name}, start: ${at * WIDTH + 1}, length: ${WIDTH} }`);

const JSON_ROWS = JSON.stringify({
  rows: [
    {
      ...Object.fromEntries(COLUMNS.map((name, at) => [name, CELLS[at]])),
      person: { name: [first, last], notes: [ALL_IDENTIFIERS] },
    },
  ],
});

const control = (kind: string) =>
  `EDI_DC40  100${"317".padStart(16, "0")}740 30 2${"".padEnd(2)}${"ORDERS05".padEnd(30)}${"".padEnd(30)}${kind.padEnd(30)}`.padEnd(
    162,
  ) +
  `${"ERP100".padEnd(10)}${email.padEnd(21)}${`${street} ${city}`.padEnd(70)}`.padEnd(216) +
  "20260302091407" +
  account;
const segment = (name: string, content: string) =>
  `${name.padEnd(30)}100${"317".padStart(16, "0")}${"1".padStart(6, "0")}${"0".padStart(6, "0")}02${content}`;

const IDOC_FLAT = [
  control("ORDERS"),
  segment(
    "E2EDK01005",
    `${"".padEnd(4)}USD${"".padEnd(32)}${ssn.padEnd(20)}${licence.padEnd(20)}NB  ${"4500012345".padEnd(35)}`,
  ),
  segment("E2EDKA1003", `WE ${"ICU-2".padEnd(17)}${"".padEnd(17)}${first} ${last} ${street} ${phone}`),
  segment("E2EDKA1003", `PT ${mrn.padEnd(17)}`),
  segment("E2EDKT2", ALL_IDENTIFIERS),
  segment(
    "E2EDP01010",
    `000010${"".padEnd(5)}${"1".padEnd(15)}CS ${"".padEnd(25)}${"24.00".padEnd(15)}${"".padEnd(27)}${ALL_IDENTIFIERS}`,
  ),
  segment("E2EDP19003", `002${"V-100".padEnd(35)}${first} ${last} ${rx}`),
  segment("ZE2LOCAL", ALL_IDENTIFIERS),
  "",
].join("\n");

/** A document that is read, mapped, and full of identifiers. */
export interface PlantedSample {
  name: string;
  format: DocumentFormat;
  text: string;
  /** Its own mapping, where none is shipped. */
  mapping?: string;
}

export const PLANTED_SAMPLES: readonly PlantedSample[] = [
  { name: "X12", format: "x12", text: X12 },
  { name: "HL7 v2", format: "hl7v2", text: HL7 },
  { name: "CSV", format: "csv", text: CSV },
  {
    name: "fixed width",
    format: "fixed-width",
    text: FIXED,
    mapping: toRowMapping("fixed-width", `fixedWidth: { fields: [${FIELDS.join(", ")}] }`),
  },
  { name: "JSON", format: "json", text: JSON_ROWS, mapping: toRowMapping("json", "json: { records: rows }") },
  { name: "UBL", format: "ubl", text: UBL },
  { name: "cXML", format: "cxml", text: CXML },
  { name: "IDoc XML", format: "idoc", text: IDOC_XML },
  { name: "flat IDoc", format: "idoc", text: IDOC_FLAT },
  { name: "EPCIS JSON", format: "epcis", text: EPCIS_JSON },
  { name: "EPCIS XML", format: "epcis", text: EPCIS_XML },
  { name: "FHIR JSON", format: "fhir", text: FHIR_JSON },
  { name: "FHIR XML", format: "fhir", text: FHIR_XML },
];
