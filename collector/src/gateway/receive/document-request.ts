import { AppError } from "@throughline/schemas/error";
import {
  DOCUMENT_FORMATS,
  type DocumentFormat,
  type DocumentMapping,
} from "@throughline/schemas/pack/document-mapping";
import type { DocumentPack } from "@throughline/schemas/pack/parse-document-pack";
import type { IntakeRequest } from "./intake.ts";
import { toMediaType } from "./media-type.ts";

/** What the gateway needs to take native documents. */
export interface DocumentRules {
  pack: DocumentPack;
  /** Formats with patient data that are taken nevertheless; the others of them are refused. */
  patientFormats: readonly DocumentFormat[];
}

/** What a request says of the documents in its body. */
export interface DocumentRequest {
  format: DocumentFormat;
  mapping: DocumentMapping | undefined;
  site: string | undefined;
  source: string | undefined;
}

/** What may name patients, and is taken only where that is enabled. */
export const PATIENT_FORMATS: ReadonlySet<DocumentFormat> = new Set<DocumentFormat>(["hl7v2", "fhir"]);

const MEDIA_TYPES = new Map<string, DocumentFormat>([
  ["application/edi-x12", "x12"],
  ["application/hl7-v2", "hl7v2"],
  ["x-application/hl7-v2+er7", "hl7v2"],
  ["application/fhir+json", "fhir"],
  ["text/csv", "csv"],
  ["application/cxml+xml", "cxml"],
]);

/**
 * Reads the headers of a request: the format from `throughline-format`, else from the content type; `throughline-mapping` names the
 * mapping whose columns a CSV file has, `throughline-site` and `throughline-source` go before what the mapping says. Throws
 * `unsupported_media_type` for an unknown format and `forbidden` for one with patient data that is not enabled.
 */
export function readDocumentRequest(request: IntakeRequest, rules: DocumentRules): DocumentRequest {
  const written = readHeader(request, "throughline-format");
  const format =
    written === undefined
      ? MEDIA_TYPES.get(toMediaType(request.contentType))
      : DOCUMENT_FORMATS.find((known) => known === written);
  if (format === undefined)
    throw new AppError(
      "unsupported_media_type",
      `Name the format in the header throughline-format: ${DOCUMENT_FORMATS.join(", ")}.`,
    );
  if (PATIENT_FORMATS.has(format) && !rules.patientFormats.includes(format))
    throw new AppError(
      "forbidden",
      `Documents of the format ${format} carry patient data and are not taken here; an edge collector maps them at the site.`,
    );
  const name = readHeader(request, "throughline-mapping");
  const mapping = rules.pack.mappings.find((entry) => entry.name === name);
  if (name !== undefined && mapping === undefined)
    throw new AppError("invalid_request", "The header throughline-mapping names no mapping of the configuration.");
  return {
    format,
    mapping,
    site: readHeader(request, "throughline-site"),
    source: readHeader(request, "throughline-source"),
  };
}

function readHeader({ headers }: IntakeRequest, name: string): string | undefined {
  const given = headers[name];
  const text = (Array.isArray(given) ? given[0] : given)?.trim();
  return text === "" ? undefined : text;
}
