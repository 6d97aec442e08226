import { isAscii } from "node:buffer";
import type { Finding, TextPiece } from "./document.ts";

type Encoding = "utf-8" | "windows-1252" | "utf-16le" | "utf-16be";

/** Text of a stream: its pieces, what was wrong with its bytes, and how many bytes of a mark stand before it. */
export interface DecodedPiece extends TextPiece {
  findings: Finding[];
  /** Bytes of a byte order mark before this piece. */
  markBytes: number;
}

const NOT_UTF8: Finding = {
  code: "encoding",
  place: "stream",
  reason: "is not valid UTF-8; read as Latin-1 (Windows-1252) from here on",
};
const HALF: Finding = { code: "encoding", place: "end of the stream", reason: "ends inside of a character" };
const XML_ENCODING = /^<\?xml[^>]{0,200}encoding=["'](?<name>[\w-]+)["']/;

/**
 * Decodes bytes piece by piece: UTF-16 by its mark or by the zeros of its first characters, else UTF-8, and Latin-1 from the first
 * piece on that is not valid UTF-8 or where an XML declaration names it.
 */
export function createTextDecoder() {
  let encoding: Encoding | undefined;
  let held = new Uint8Array(0);
  /** All that came is ASCII, as most of what systems write: a character is a byte, and nothing needs a decoder. */
  let isPlain = true;
  const decode = (bytes: Uint8Array, findings: Finding[]): string => {
    isPlain &&= (encoding === "utf-8" || encoding === "windows-1252") && isAscii(bytes);
    if (isPlain) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
    if (encoding === "utf-8") {
      try {
        return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
      } catch {
        findings.push(NOT_UTF8);
        encoding = "windows-1252";
      }
    }
    return new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
  };
  const take = (bytes: Uint8Array, isEnd: boolean): DecodedPiece => {
    const findings: Finding[] = [];
    const whole = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
    held = new Uint8Array(0);
    if (whole.length === 0) return { text: "", sizeOf: () => 0, findings, markBytes: 0 };
    if (encoding === undefined && !isEnd && whole.length < 4) {
      held = Uint8Array.from(whole);
      return { text: "", sizeOf: () => 0, findings, markBytes: 0 };
    }
    const markBytes = encoding === undefined ? countMark(whole) : 0;
    encoding ??= detectEncoding(whole);
    const end = whole.length - countIncomplete(whole, encoding);
    if (isEnd && end < whole.length) findings.push(HALF);
    else held = Uint8Array.from(whole.subarray(end));
    const text = decode(whole.subarray(markBytes, end), findings);
    const used = encoding;
    const sizeOf = isPlain ? countCharacters : (part: string) => countBytes(part, used);
    return { text, sizeOf, findings, markBytes };
  };
  return { write: (bytes: Uint8Array) => take(bytes, false), end: () => take(new Uint8Array(0), true) };
}

function countMark(bytes: Uint8Array): number {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 3;
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff) ? 2 : 0;
}

function detectEncoding(bytes: Uint8Array): Encoding {
  const [first, second, third, fourth] = bytes;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (first !== 0 && second === 0 && third !== 0 && fourth === 0) return "utf-16le";
  if (first === 0 && second !== 0 && third === 0 && fourth !== 0) return "utf-16be";
  const named = XML_ENCODING.exec(Buffer.from(bytes.subarray(0, 256)).toString("latin1"))?.groups?.["name"];
  return named !== undefined && /^(iso-8859-1|latin-?1|windows-1252)$/i.test(named) ? "windows-1252" : "utf-8";
}

/** Bytes at the end that are the beginning of a character. */
function countIncomplete(bytes: Uint8Array, encoding: Encoding): number {
  if (encoding === "windows-1252") return 0;
  if (encoding !== "utf-8") return bytes.length % 2;
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? back : 0;
    }
    if (byte < 0x80) return 0;
  }
  return 0;
}

function countCharacters(text: string): number {
  return text.length;
}

function countBytes(text: string, encoding: Encoding): number {
  if (encoding === "windows-1252") return text.length;
  return encoding === "utf-8" ? Buffer.byteLength(text) : text.length * 2;
}
