import { AppError } from "@throughline/schemas/error";
import type { DocumentPack } from "@throughline/schemas/pack/parse-document-pack";
import type { EdgeInterface } from "../config/edge-config.ts";
import type { Finding, ParsedItem } from "../formats/document.ts";
import type { ByteStream } from "../formats/parse-stream.ts";
import { type ParseOptions, parseDocuments } from "../formats/parse-documents.ts";

const NOTHING: ParsedItem = { position: { byteOffset: 0, ordinal: 0 }, findings: [] };
const UNREADABLE: Finding = { code: "malformed", place: "the message", reason: "it cannot be read" };

/** The documents of a unit. What makes a parser fail is, of a message, nothing that could be read another time: it is said as a finding. */
export function createUnitParser(format: EdgeInterface["format"], options: ParseOptions) {
  return async function* (
    stream: ByteStream,
    { isMessage }: { isMessage: boolean },
  ): AsyncGenerator<ParsedItem, void, void> {
    let isEmpty = true;
    try {
      for await (const item of parseDocuments(format, stream, options)) {
        isEmpty = false;
        yield item;
      }
      if (isEmpty && isMessage) yield NOTHING;
    } catch (error) {
      // Whoever gave a message would give it again and again.
      if (!isMessage) throw error;
      yield { ...NOTHING, findings: [UNREADABLE] };
    }
  };
}

/** The mappings that an interface names, in its order, or all of its format. Throws `invalid_configuration`. */
export function selectMappings(
  pack: DocumentPack,
  { id, format, mappings: names }: Pick<EdgeInterface, "id" | "format" | "mappings">,
): DocumentPack["mappings"] {
  const ofFormat = pack.mappings.filter((mapping) => mapping.format === format);
  const chosen = names?.map((name) => {
    const found = ofFormat.find((mapping) => mapping.name === name);
    if (found === undefined)
      throw new AppError(
        "invalid_configuration",
        `The interface ${id} names the mapping ${name}, which the pack has not for ${format}.`,
      );
    return found;
  });
  if (ofFormat.length === 0)
    throw new AppError(
      "invalid_configuration",
      `The pack has no mapping for ${format}, which the interface ${id} reads.`,
    );
  return chosen ?? ofFormat;
}
