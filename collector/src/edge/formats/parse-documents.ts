import type { DocumentFormat } from "@throughline/schemas/pack/document-mapping";
import { AppError } from "@throughline/schemas/error";
import { FORMAT_LIMITS, type FormatLimits, type ParsedItem } from "./document.ts";
import { parseHl7v2 } from "./hl7v2/parse-hl7v2.ts";
import type { ByteStream } from "./parse-stream.ts";
import { type ControlTracker, createControlTracker } from "./x12/control-tracker.ts";
import { parseX12 } from "./x12/parse-x12.ts";

/** What a parser needs to know beside the bytes. */
export interface ParseOptions {
  limits?: FormatLimits;
  /** Shared by the streams of an interface, so that gaps between its files are found. */
  tracker?: ControlTracker;
}

/** Documents of a stream in a format, with where each begins and what is wrong there. */
export function parseDocuments(
  format: DocumentFormat,
  stream: ByteStream,
  options: ParseOptions = {},
): AsyncGenerator<ParsedItem, void, void> {
  const { limits = FORMAT_LIMITS, tracker = createControlTracker() } = options;
  if (format === "x12") return parseX12(stream, limits, tracker);
  if (format === "hl7v2") return parseHl7v2(stream, limits, tracker);
  throw new AppError("unsupported_media_type", `The format ${format} is not read.`);
}
