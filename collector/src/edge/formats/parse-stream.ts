import { createTextDecoder, type DecodedPiece } from "./decode-text.ts";
import type { DocumentParser, Finding, ParsedItem } from "./document.ts";
import { findArchive } from "./find-archive.ts";

export type ByteStream = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** What a piece completes is held until it is asked for: small pieces leave little behind for the garbage collector to carry along. */
const PIECE_BYTES = 16 * 1024;

/**
 * Reads a stream through a parser. Byte offsets count from the first byte, marks included. What is compressed is never unpacked: it is
 * a finding, and none of it is read.
 */
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
  let isFirst = true;
  let archive: string | undefined;
  for await (const chunk of stream) {
    if (isFirst) archive = findArchive(chunk);
    isFirst &&= chunk.length === 0;
    // Its bytes are passed over, not left: who reads them wants to know what the whole of them is.
    if (archive !== undefined) continue;
    for (let at = 0; at < chunk.length; at += PIECE_BYTES)
      for (const item of take(decoder.write(chunk.subarray(at, at + PIECE_BYTES)))) yield place(item);
  }
  if (archive !== undefined) {
    yield refuseArchive(archive);
    return;
  }
  for (const item of take(decoder.end())) yield place(item);
  for (const item of await parser.end()) yield place(item);
  if (notes.length > 0) yield place({ position: { byteOffset: 0, ordinal: 0 }, findings: [] });
}

function refuseArchive(kind: string): ParsedItem {
  const reason = `is ${kind}; it is not unpacked`;
  return { position: { byteOffset: 0, ordinal: 0 }, findings: [{ code: "unsupported", place: "stream", reason }] };
}
