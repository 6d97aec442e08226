import { createTextDecoder, type DecodedPiece } from "./decode-text.ts";
import type { DocumentParser, Finding, ParsedItem } from "./document.ts";

export type ByteStream = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Reads a stream through a parser. Byte offsets count from the first byte, marks included. */
export async function* parseStream(
  stream: ByteStream,
  createParser: () => DocumentParser,
): AsyncGenerator<ParsedItem, void, void> {
  const decoder = createTextDecoder();
  const parser = createParser();
  const notes: Finding[] = [];
  let markBytes = 0;
  const place = (item: ParsedItem): ParsedItem => ({
    ...item,
    position: { ...item.position, byteOffset: item.position.byteOffset + markBytes },
    findings: notes.length === 0 ? item.findings : [...notes.splice(0), ...item.findings],
  });
  const take = (piece: DecodedPiece): ParsedItem[] => {
    markBytes += piece.markBytes;
    notes.push(...piece.findings);
    return piece.text === "" ? [] : parser.write(piece);
  };
  for await (const chunk of stream) for (const item of take(decoder.write(chunk))) yield place(item);
  for (const item of take(decoder.end())) yield place(item);
  for (const item of await parser.end()) yield place(item);
  if (notes.length > 0) yield place({ position: { byteOffset: 0, ordinal: 0 }, findings: [] });
}
