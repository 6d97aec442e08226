import type { DocumentFormat } from "@throughline/schemas/pack/document-mapping";
import { HL7_ALLOWED } from "./hl7v2.ts";
import { CXML_ALLOWED, EPCIS_ALLOWED, FHIR_ALLOWED, IDOC_ALLOWED, UBL_ALLOWED } from "./trees.ts";
import { X12_ALLOWED } from "./x12.ts";

/** What may leave of each format. Of rows and of JSON nothing may but what a mapping keeps. */
export const ALLOWED: Readonly<Record<DocumentFormat, readonly string[]>> = {
  x12: X12_ALLOWED,
  hl7v2: HL7_ALLOWED,
  csv: [],
  "fixed-width": [],
  json: [],
  epcis: EPCIS_ALLOWED,
  ubl: UBL_ALLOWED,
  cxml: CXML_ALLOWED,
  idoc: IDOC_ALLOWED,
  fhir: FHIR_ALLOWED,
};
