import type { DocumentFormat } from "@throughline/schemas/pack/document-mapping";
import type { FieldClass } from "@throughline/schemas/way-back/redaction-counts";

type Rules = readonly (readonly [FieldClass, RegExp])[];

const HL7V2: Rules = [
  ["identity", /^(?:PID|PD1|NK1|PV[12]|GT1|IN[123]|MRG|ACC|PDA|STF|PRD|CTD|ROL|ARV|CON)\./],
  ["free_text", /^(?:NTE|RXE\.(?:7|21)|RXO\.(?:6|7)|RXD\.9|RXA\.9)(?:\.|$)/],
  ["clinical", /^(?:OBX|OBR|DG1|AL1|IAM|PR1|DRG|SPM)\./],
  ["local", /^Z/],
];
const X12: Rules = [
  ["identity", /^(?:NM1|N[1-4]|PER|DMG|INS|PAT|N10|NX[12])\./],
  ["free_text", /^(?:MSG|NTE|PID|MTX|K3|N9)\./],
];
const IDOC: Rules = [
  ["identity", /^E[12]ED(?:KA1|PA1)|^E[12]ADR|NAME|STRAS|STREET|ORT0|CITY|PSTLZ|TEL|FAX|MAIL|SMTP|BIRTH/i],
  ["free_text", /^E[12](?:ED[KP]T|TXT)|TDLINE|TXT|NOTE/i],
  ["local", /^Z[\dA-Z_]/],
];
const NAMED: Rules = [
  ["local", /extension|extrinsic|ilmd/i],
  [
    "identity",
    /name|family|given|contact|person|patient|address|street|city|postal|zip|phone|tele|fax|mail|birth|identifier/i,
  ],
  ["identity", /subject|practitioner|nurse|mrn|ssn|party/i],
  ["free_text", /note|comment|text|desc|remark|display|^div|instruction|memo/i],
  ["clinical", /diagnos|condition|reason|dosage|allerg|observation/i],
];
const RULES: Record<DocumentFormat, Rules> = {
  hl7v2: HL7V2,
  x12: X12,
  idoc: IDOC,
  csv: NAMED,
  "fixed-width": NAMED,
  json: NAMED,
  ubl: NAMED,
  cxml: NAMED,
  epcis: NAMED,
  fhir: NAMED,
};

/** What kind of field a place of a document is. Names of places may be written by anybody and stay at the site; classes may leave. */
export function toFieldClass(format: DocumentFormat, place: string): FieldClass {
  return RULES[format].find(([, rule]) => rule.test(place))?.[0] ?? "unlisted";
}
