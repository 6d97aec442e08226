import type { TextPiece } from "../document.ts";

/** A row, or what stands where one should be. */
export type CsvRow =
  | { kind: "row"; cells: string[]; byteOffset: number }
  /** A cell is opened by a quote that nothing closes within the limit: the line is left out, and the next one is read. */
  | { kind: "unclosed"; byteOffset: number }
  | { kind: "too-long"; byteOffset: number };

interface Reader {
  delimiter: string;
  limit: number;
  buffer: string;
  /** Where the next row begins. */
  start: number;
  /** Bytes before `start`. */
  offset: number;
  sizeOf: TextPiece["sizeOf"];
  isEnd: boolean;
  /** What is left of a row beyond the limit is passed over, up to the end of its line. */
  isSkipping: boolean;
  /** No quote between these places closes a cell. */
  noClose: { from: number; before: number };
  next: { feed: number; turn: number; quote: number };
}

const QUOTE = '"';
/** Where a sign was looked for and is not. */
const NOWHERE = Number.POSITIVE_INFINITY;

/**
 * Cuts text into rows and cells. A quote at the start of a cell opens it, and one before a separator or the end of the line closes it;
 * two are one, and any other stands for itself. Lines end with CR, LF or both; empty ones do not count. What is told does not depend
 * on where the text is cut into pieces.
 */
export function createCsvReader(delimiter: string, limit: number) {
  const reader: Reader = {
    delimiter,
    limit,
    buffer: "",
    start: 0,
    offset: 0,
    sizeOf: (text) => text.length,
    isEnd: false,
    isSkipping: false,
    noClose: { from: 0, before: 0 },
    next: { feed: -1, turn: -1, quote: -1 },
  };
  return {
    write: ({ text, sizeOf }: TextPiece): CsvRow[] => {
      reader.buffer = reader.buffer.slice(reader.start) + text;
      const { from, before } = reader.noClose;
      reader.noClose = { from: Math.max(0, from - reader.start), before: Math.max(0, before - reader.start) };
      reader.start = 0;
      reader.sizeOf = sizeOf;
      return readAll(reader);
    },
    end: (): CsvRow[] => {
      reader.isEnd = true;
      return readAll(reader);
    },
  };
}

function readAll(reader: Reader): CsvRow[] {
  reader.next = { feed: -1, turn: -1, quote: -1 };
  const rows: CsvRow[] = [];
  while (reader.start < reader.buffer.length) {
    const row = readRow(reader);
    if (row === undefined) break;
    if (row.kind !== "row" || row.cells.length > 1 || row.cells[0] !== "") rows.push(row);
  }
  return rows;
}

/** Undefined: more text is needed. */
function readRow(reader: Reader): CsvRow | undefined {
  const { buffer, start, offset: byteOffset, delimiter } = reader;
  const lineEnd = findLineEnd(reader);
  const hasEnd = lineEnd < buffer.length || reader.isEnd;
  if (!hasEnd && buffer.length - start <= reader.limit && !reader.isSkipping) return undefined;
  if (reader.isSkipping) {
    reader.isSkipping = !hasEnd;
    skipTo(reader, lineEnd);
    return { kind: "row", cells: [""], byteOffset };
  }
  if (lineEnd - start > reader.limit) {
    reader.isSkipping = !hasEnd;
    skipTo(reader, lineEnd);
    return { kind: "too-long", byteOffset };
  }
  if (findNext(reader, "quote", QUOTE) >= lineEnd) {
    skipTo(reader, lineEnd);
    return { kind: "row", cells: buffer.slice(start, lineEnd).split(delimiter), byteOffset };
  }
  const read = readQuoted(reader);
  const end = typeof read === "object" ? read.end : buffer.length;
  if (read === "unfinished" && end - start <= reader.limit) return undefined;
  const isWhole = typeof read === "object" && end - start <= reader.limit;
  skipTo(reader, isWhole ? end : lineEnd);
  return isWhole ? { kind: "row", cells: read.cells, byteOffset } : { kind: "unclosed", byteOffset };
}

/** Goes on behind a place and the end of a line that stands there. */
function skipTo(reader: Reader, end: number): void {
  const isPair = reader.buffer[end] === "\r" && reader.buffer[end + 1] === "\n";
  const next = Math.min(reader.buffer.length, end + (isPair ? 2 : 1));
  reader.offset += reader.sizeOf(reader.buffer.slice(reader.start, next));
  reader.start = next;
}

function findLineEnd(reader: Reader): number {
  const feed = findNext(reader, "feed", "\n");
  const turn = findNext(reader, "turn", "\r");
  return Math.min(feed, turn, reader.buffer.length);
}

function findNext({ next, buffer, start }: Reader, name: keyof Reader["next"], sign: string): number {
  if (next[name] >= start) return next[name];
  const at = buffer.indexOf(sign, start);
  next[name] = at === -1 ? NOWHERE : at;
  return next[name];
}

/** A row with quotes in it, cell by cell. */
function readQuoted(reader: Reader): { cells: string[]; end: number } | "unclosed" | "unfinished" {
  const { buffer, delimiter } = reader;
  const cells: string[] = [];
  for (let at = reader.start; ;) {
    const isQuoted = buffer[at] === QUOTE;
    const close = isQuoted ? findClose(reader, at + 1) : undefined;
    if (close === "unclosed" || close === "unfinished") return close;
    const end = close === undefined ? findCellEnd(reader, at) : close + 1;
    cells.push(
      close === undefined ? buffer.slice(at, end) : buffer.slice(at + 1, close).replaceAll(`${QUOTE}${QUOTE}`, QUOTE),
    );
    if (buffer[end] !== delimiter) return end === buffer.length && !reader.isEnd ? "unfinished" : { cells, end };
    at = end + 1;
  }
}

function findCellEnd({ buffer, delimiter }: Reader, from: number): number {
  let at = from;
  while (at < buffer.length && buffer[at] !== delimiter && buffer[at] !== "\n" && buffer[at] !== "\r") at++;
  return at;
}

/** The quote that closes a cell: the last of an odd number of them before a separator, the end of a line, or the end of all. */
function findClose(reader: Reader, from: number): number | "unclosed" | "unfinished" {
  const { buffer, delimiter, isEnd, limit, noClose } = reader;
  const last = reader.start + limit;
  const isKnown = from >= noClose.from && from <= noClose.before;
  const giveUp = (before: number) => {
    reader.noClose = {
      from: isKnown ? noClose.from : from,
      before: isKnown ? Math.max(before, noClose.before) : before,
    };
    return isEnd || buffer.length > last ? "unclosed" : "unfinished";
  };
  const skipKnown = (at: number) => (isKnown ? Math.max(at, noClose.before) : at);
  for (let at = buffer[from] === QUOTE ? from : skipKnown(from); ;) {
    const found = buffer.indexOf(QUOTE, at);
    if (found === -1) return giveUp(buffer.length);
    let end = found;
    while (buffer[end] === QUOTE) end++;
    if (end > last || (end === buffer.length && !isEnd)) return giveUp(found);
    const next = buffer[end];
    const closes = next === undefined || next === delimiter || next === "\n" || next === "\r";
    if (closes && (end - found) % 2 === 1) return end - 1;
    at = skipKnown(end);
  }
}
