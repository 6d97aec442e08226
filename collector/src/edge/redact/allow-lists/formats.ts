import type { DocumentFormat } from "@throughline/schemas/pack/document-mapping";
import { HL7_ALLOWED } from "./hl7v2.ts";
import { X12_ALLOWED } from "./x12.ts";

/** What may leave of formats with segments. */
export const DELIMITED_ALLOWED: Partial<Record<DocumentFormat, readonly string[]>> = {
  x12: X12_ALLOWED,
  hl7v2: HL7_ALLOWED,
};

/** What may leave of formats with elements: the ends of their paths. */
export const TREE_ALLOWED: Partial<Record<DocumentFormat, readonly string[]>> = {};
