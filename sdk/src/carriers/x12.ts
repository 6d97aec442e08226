import { type Context, ROOT_CONTEXT, context } from "@opentelemetry/api";
import { fromTraceparent, toTraceparent } from "./headers.ts";
import { type Delimiters, type Segment, findDelimiters, listSegments } from "./x12-segments.ts";
import { type X12Transaction, listTransactions } from "./x12-transactions.ts";

/** REF02 of the segment that carries a trace. */
const MARK = "TRACEPARENT";
const QUALIFIER = /^[A-Z0-9]{2,3}$/;

/** Segments that may come before a reference of the heading, by transaction set; for 856 that of its first level. */
const BEFORE_REFERENCE: Readonly<Record<string, readonly string[]>> = {
  810: ["BIG", "NTE", "CUR"],
  846: ["BIA", "DTM"],
  850: ["BEG", "CUR"],
  855: ["BAK", "CUR"],
  856: [
    "BSN",
    "DTM",
    "HL",
    "LIN",
    "SN1",
    "SLN",
    "PRF",
    "PO4",
    "PID",
    "MEA",
    "PWK",
    "PKG",
    "TD1",
    "TD5",
    "TD3",
    "TD4",
    "TSD",
  ],
  860: ["BCH", "CUR"],
  861: ["BRA", "CUR"],
  865: ["BCA", "CUR"],
  867: ["BPT", "CUR", "DTM"],
};

/** A transaction as it was received, and the context that it carries. */
export interface CarriedTransaction extends X12Transaction {
  /** Undefined when none came with it; then look its `answers` up in a registry. */
  context: Context | undefined;
}

export interface InjectX12Options {
  /** The active context unless given; with a function, each transaction has its own. */
  from?: Context | ((transaction: X12Transaction) => Context | undefined);
  /** REF01, 2 or 3 capitals and digits: `ZZ`, mutually defined, unless the partner wants another. */
  qualifier?: string;
}

/**
 * Stamps the transactions of an interchange with `REF*ZZ*TRACEPARENT*<traceparent>`, among the references of the heading, and
 * counts the segment in SE01. REF03 is used because REF02 holds 30 characters in version 4010 and a traceparent has 55; hex
 * digits are capitals, which the basic character set has. 810, 846, 850, 855, 856, 860, 861, 865 and 867 can be stamped; all
 * else stays as it is, byte by byte. Returns how many were stamped. Linear in the text. Never throws.
 */
export function injectX12(text: string, options: InjectX12Options = {}): { text: string; stamped: number } {
  const { from = context.active(), qualifier = "ZZ" } = options;
  const delimiters = findDelimiters(text);
  if (delimiters === undefined || !QUALIFIER.test(qualifier)) return { text, stamped: 0 };
  const toContext = typeof from === "function" ? from : () => from;
  const edits: Edit[] = [];
  let stamped = 0;
  for (const found of listTransactions(listSegments(text, delimiters))) {
    const traceparent = toTraceparent(guard(() => toContext(found.transaction)) ?? ROOT_CONTEXT);
    const made = traceparent && stamp({ text, delimiters, qualifier, traceparent, ...found });
    if (!made) continue;
    edits.push(...made);
    stamped++;
  }
  return { text: applyEdits(text, edits), stamped };
}

/** The transactions of an interchange, each with what it carries. Text that is no interchange has none. Never throws. */
export function extractX12(text: string, onto: Context = ROOT_CONTEXT): CarriedTransaction[] {
  const delimiters = findDelimiters(text);
  if (delimiters === undefined) return [];
  return [...listTransactions(listSegments(text, delimiters))].map(({ transaction, segments }) => {
    const mark = segments.find(isMark)?.elements[3]?.toLowerCase();
    const carried = mark === undefined ? onto : fromTraceparent(mark, onto);
    return { ...transaction, context: carried === onto ? undefined : carried };
  });
}

interface Edit {
  start: number;
  end: number;
  text: string;
}

/** Undefined when there is no place for it. */
function stamp(work: {
  text: string;
  delimiters: Delimiters;
  qualifier: string;
  traceparent: string;
  transaction: X12Transaction;
  segments: readonly Segment[];
}): Edit[] | undefined {
  const { text, delimiters, segments, transaction } = work;
  const place = findPlace(transaction.set, segments);
  const last = segments.at(-1);
  if (place === undefined || last?.elements[0] !== "SE") return undefined;
  const reference = ["REF", work.qualifier, MARK, work.traceparent.toUpperCase()].join(delimiters.element);
  const old = segments.filter(isMark);
  const edits = old.map(({ start, after }) => ({ start, end: after, text: "" }));
  const ending = text.slice(place.end, place.after);
  edits.push({ start: place.after, end: place.after, text: `${reference}${ending}` });
  const counted = Number(last.elements[1]);
  if (Number.isSafeInteger(counted)) {
    const [id = "", , ...rest] = last.elements;
    const ended = [id, String(counted + 1 - old.length), ...rest].join(delimiters.element);
    edits.push({ start: last.start, end: last.end, text: ended });
  }
  return edits;
}

/** The segment after which it goes: the last of those that have to come first. */
function findPlace(set: string, segments: readonly Segment[]): Segment | undefined {
  const before = Object.hasOwn(BEFORE_REFERENCE, set) ? BEFORE_REFERENCE[set] : undefined;
  const [, begin] = segments;
  if (before === undefined || begin?.elements[0] !== before[0]) return undefined;
  let place = begin;
  let levels = 0;
  for (const segment of segments.slice(1)) {
    const [id = ""] = segment.elements;
    if (id === "HL") levels++;
    if (levels > 1 || !(before.includes(id) || id === "REF")) break;
    if (!isMark(segment)) place = segment;
  }
  return place;
}

function isMark({ elements }: Segment): boolean {
  return elements[0] === "REF" && elements[2] === MARK;
}

function applyEdits(text: string, edits: readonly Edit[]): string {
  let at = 0;
  let result = "";
  for (const edit of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

function guard<R>(work: () => R): R | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
