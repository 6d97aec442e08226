import { AppError } from "@throughline/schemas/error";
import type { DocumentFormat, DocumentMapping } from "@throughline/schemas/pack/document-mapping";
import { FORMAT_LIMITS, type FormatLimits, type ParsedItem } from "./document.ts";
import { parseHl7v2 } from "./hl7v2/parse-hl7v2.ts";
import { parseFlatIdoc } from "./idoc/parse-flat-idoc.ts";
import type { ByteStream } from "./parse-stream.ts";
import { parseCsv } from "./rows/parse-csv.ts";
import { parseFixedWidth } from "./rows/parse-fixed-width.ts";
import { parseEitherSyntax } from "./tree/either-syntax.ts";
import { parseJsonByExpression } from "./tree/evaluate-jsonata.ts";
import { parseJson } from "./tree/parse-json.ts";
import { parseXml } from "./tree/parse-xml.ts";
import { resolveMedications } from "./tree/resolve-medications.ts";
import {
  CXML_SHAPE,
  EPCIS_JSON_SHAPE,
  EPCIS_XML_SHAPE,
  FHIR_JSON_SHAPE,
  FHIR_XML_SHAPE,
  IDOC_SHAPE,
  JSON_SHAPE,
  UBL_SHAPE,
} from "./tree/shapes.ts";
import { type ControlTracker, createControlTracker } from "./x12/control-tracker.ts";
import { parseX12 } from "./x12/parse-x12.ts";

/** What a parser needs to know beside the bytes. */
export interface ParseOptions {
  limits?: FormatLimits;
  /** Shared by the streams of an interface, so that gaps between its files are found. */
  tracker?: ControlTracker;
  /** How the rows of a file lie; of the mapping of the interface. */
  layout?: Pick<DocumentMapping, "csv" | "fixedWidth" | "json">;
}

type Parse = (stream: ByteStream, options: Required<ParseOptions>) => AsyncGenerator<ParsedItem, void, void>;

const USUAL_CSV = { skipLines: 0 };

const PARSERS: Record<DocumentFormat, Parse> = {
  x12: (stream, { limits, tracker }) => parseX12(stream, limits, tracker),
  hl7v2: (stream, { limits, tracker }) => parseHl7v2(stream, limits, tracker),
  csv: (stream, { limits, layout }) => parseCsv(stream, layout.csv ?? USUAL_CSV, limits),
  "fixed-width": (stream, { limits, layout }) => {
    if (layout.fixedWidth === undefined)
      throw new AppError("invalid_request", "Fixed width needs a mapping that says where its columns are.");
    return parseFixedWidth(stream, layout.fixedWidth, limits);
  },
  json: (stream, { limits, layout }) =>
    layout.json === undefined
      ? parseJson(stream, JSON_SHAPE, limits)
      : parseJsonByExpression(stream, layout.json.records, limits),
  epcis: (stream, { limits }) =>
    parseEitherSyntax(stream, {
      xml: (text) => parseXml(text, EPCIS_XML_SHAPE, limits),
      other: (text) => parseJson(text, EPCIS_JSON_SHAPE, limits),
    }),
  ubl: (stream, { limits }) => parseXml(stream, UBL_SHAPE, limits),
  cxml: (stream, { limits }) => parseXml(stream, CXML_SHAPE, limits),
  idoc: (stream, { limits }) =>
    parseEitherSyntax(stream, {
      xml: (text) => parseXml(text, IDOC_SHAPE, limits),
      other: (text) => parseFlatIdoc(text, limits),
    }),
  fhir: (stream, { limits }) =>
    resolveMedications(
      parseEitherSyntax(stream, {
        xml: (text) => parseXml(text, FHIR_XML_SHAPE, limits),
        other: (text) => parseJson(text, FHIR_JSON_SHAPE, limits),
      }),
    ),
};

/** Documents of a stream in a format, with where each begins and what is wrong there. */
export function parseDocuments(
  format: DocumentFormat,
  stream: ByteStream,
  options: ParseOptions = {},
): AsyncGenerator<ParsedItem, void, void> {
  const { limits = FORMAT_LIMITS, tracker = createControlTracker(), layout = {} } = options;
  return PARSERS[format](stream, { limits, tracker, layout });
}
