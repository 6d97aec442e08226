import type { TextPiece } from "../document.ts";
import { MAX_ISA, readSigns, type X12Signs } from "./signs.ts";

/** One segment with its name at 0, or text in which no segment could be found. */
export type X12Token =
  | { kind: "segment"; elements: string[]; byteOffset: number; signs: X12Signs }
  | { kind: "junk"; byteOffset: number }
  | { kind: "bad-isa"; byteOffset: number; reason: string }
  | { kind: "too-long"; byteOffset: number }
  | { kind: "cut-off"; byteOffset: number };

interface Tokenizer {
  limit: number;
  buffer: string;
  start: number;
  /** Bytes before `start`. */
  offset: number;
  signs: X12Signs | undefined;
  /** What stands at `start` was reported already. */
  isLost: boolean;
  isEnd: boolean;
  sizeOf: TextPiece["sizeOf"];
  tokens: X12Token[];
}

/**
 * Cuts text into segments. Every ISA brings its own signs, padded or not; line breaks and blanks between segments do not count.
 * After something unreadable it goes on at the next ISA.
 */
export function createX12Tokenizer(limits: { segment: number }) {
  const state: Tokenizer = {
    limit: limits.segment,
    buffer: "",
    start: 0,
    offset: 0,
    signs: undefined,
    isLost: false,
    isEnd: false,
    sizeOf: (text) => text.length,
    tokens: [],
  };
  return {
    write: (piece: TextPiece): X12Token[] => {
      state.buffer += piece.text;
      state.sizeOf = piece.sizeOf;
      return readAll(state);
    },
    end: (): X12Token[] => {
      state.isEnd = true;
      return readAll(state);
    },
  };
}

function readAll(state: Tokenizer): X12Token[] {
  while (readNext(state)) {
    // Each turn takes one segment, or leaves what is none.
  }
  state.buffer = state.buffer.slice(state.start);
  state.start = 0;
  return state.tokens.splice(0);
}

/** Takes what stands next; false: more text is needed. */
function readNext(state: Tokenizer): boolean {
  skipBlanks(state);
  const left = state.buffer.length - state.start;
  if (left === 0 || (left < 3 && !state.isEnd)) return false;
  if (state.buffer.startsWith("ISA", state.start)) return readIsa(state);
  return state.signs === undefined ? skipToIsa(state) : cut(state, state.signs);
}

function skip(state: Tokenizer, count: number): void {
  state.offset += state.sizeOf(state.buffer.slice(state.start, state.start + count));
  state.start += count;
}

function skipBlanks(state: Tokenizer): void {
  let end = state.start;
  while (end < state.buffer.length && state.buffer.charCodeAt(end) <= 0x20) end++;
  if (end > state.start) skip(state, end - state.start);
}

function skipToIsa(state: Tokenizer): boolean {
  const { buffer, start } = state;
  const found = buffer.indexOf("ISA", start);
  const end = found === -1 ? Math.max(start, buffer.length - (state.isEnd ? 0 : 2)) : found;
  if (!state.isLost && end > start) {
    state.tokens.push({ kind: "junk", byteOffset: state.offset });
    state.isLost = true;
  }
  skip(state, end - start);
  return found !== -1;
}

function readIsa(state: Tokenizer): boolean {
  const head = state.buffer.slice(state.start, state.start + MAX_ISA);
  const read = readSigns(head);
  if (read.kind === "short" && head.length < MAX_ISA && !state.isEnd) return false;
  if (read.kind === "signs") {
    state.signs = read.signs;
    state.isLost = false;
    return cut(state, read.signs);
  }
  const reason = read.kind === "short" ? "has fewer than 16 elements" : read.reason;
  state.tokens.push({ kind: "bad-isa", byteOffset: state.offset, reason });
  lose(state);
  return true;
}

/** Goes on behind the name of a segment that cannot be read, in search of the next ISA. */
function lose(state: Tokenizer): void {
  state.signs = undefined;
  state.isLost = true;
  skip(state, 3);
}

function cut(state: Tokenizer, signs: X12Signs): boolean {
  const { buffer, start, offset, tokens } = state;
  const end = findEnd(buffer, start, signs);
  const length = (end === -1 ? buffer.length : end) - start;
  if (length > state.limit) {
    tokens.push({ kind: "too-long", byteOffset: offset });
    lose(state);
    return true;
  }
  if (end === -1 && !state.isEnd) return false;
  const text = buffer.slice(start, start + length);
  if (end === -1 && !isTrailer(text, signs)) tokens.push({ kind: "cut-off", byteOffset: offset });
  else if (text !== "") tokens.push({ kind: "segment", elements: toElements(text, signs), byteOffset: offset, signs });
  skip(state, length + (end === -1 ? 0 : signs.terminator.length));
  if (isTrailer(text, signs)) state.signs = undefined;
  return true;
}

function toElements(text: string, signs: X12Signs): string[] {
  const elements = text.split(signs.element);
  for (let index = 0; index < elements.length; index++) {
    const element = elements[index] ?? "";
    const last = element.charCodeAt(element.length - 1);
    // Padded ones are rare, and each look for the end of one costs more than this.
    if (last <= 0x20 || last > 0x7e) elements[index] = element.trimEnd();
  }
  return elements;
}

/** An IEA needs no terminator at the end of a file. */
function isTrailer(text: string, signs: X12Signs): boolean {
  return text.startsWith(`IEA${signs.element}`);
}

/** A line break as terminator is CR, LF or both. */
function findEnd(text: string, from: number, signs: X12Signs): number {
  if (signs.terminator !== "\n") return text.indexOf(signs.terminator, from);
  const feed = text.indexOf("\n", from);
  const turn = text.indexOf("\r", from);
  if (feed === -1 || turn === -1) return Math.max(feed, turn);
  return Math.min(feed, turn);
}
