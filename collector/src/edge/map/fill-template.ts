import {
  type DocumentFilter,
  type DocumentTemplatePart,
  parseDocumentTemplate,
} from "@throughline/schemas/pack/document-template";
import type { NativeDocument } from "../formats/document.ts";
import { compilePath, type ValueFinder } from "./find-value.ts";
import { normalizeNdc } from "./normalize-ndc.ts";

/** Fills a template from a record of a document; undefined when the document lacks one of its values. */
export type DocumentTemplate = ValueFinder;

/** A checked template, or several of which the first that can be filled counts. */
export function compileDocumentTemplate(source: string | readonly string[]): DocumentTemplate {
  const alternatives = [source].flat().map(compileOne);
  const [only] = alternatives;
  if (alternatives.length === 1 && only !== undefined) return only;
  return (document, scope) => {
    for (const fill of alternatives) {
      const text = fill(document, scope);
      if (text !== undefined) return text;
    }
    return undefined;
  };
}

function compileOne(source: string): DocumentTemplate {
  const parsed = parseDocumentTemplate(source);
  if (!parsed.ok) throw new Error(`The template "${source}" ${parsed.message}`);
  const { parts } = parsed;
  const fill = joinPieces(parts.map(compilePart));
  return parts.every(isOfDocument) ? rememberLast(fill) : fill;
}

function joinPieces(pieces: readonly DocumentTemplate[]): DocumentTemplate {
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined) return only;
  return (document, scope) => {
    let text = "";
    for (const fill of pieces) {
      const piece = fill(document, scope);
      if (piece === undefined) return undefined;
      text += piece;
    }
    return text;
  };
}

function compilePart(part: DocumentTemplatePart): DocumentTemplate {
  if (part.kind === "text") return () => part.text;
  const find = compilePath(part.path);
  if (part.filters.length === 0) return find;
  const filter = rememberResult((text) => {
    let value = text;
    for (const { name, argument } of part.filters) value = FILTERS[name](value, argument);
    return value === "" ? undefined : value;
  });
  return (document, scope) => {
    const value = find(document, scope);
    return value === undefined ? undefined : filter(value);
  };
}

/** The records of a document mostly have the same text where a filter is. */
function rememberResult(filter: (text: string) => string | undefined): typeof filter {
  let last: string | undefined;
  let result: string | undefined;
  return (text) => {
    if (text !== last) {
      result = filter(text);
      last = text;
    }
    return result;
  };
}

/** The same for every record of a document. */
function isOfDocument(part: DocumentTemplatePart): boolean {
  return part.kind === "text" || part.path.from === "control" || part.path.from === "root";
}

/** Fills once for the records of a document, which come one after the other. */
function rememberLast(fill: DocumentTemplate): DocumentTemplate {
  let last: NativeDocument | undefined;
  let text: string | undefined;
  return (document, scope) => {
    if (document !== last) {
      text = fill(document, scope);
      last = document;
    }
    return text;
  };
}

const FILTERS: Record<DocumentFilter["name"], (text: string, argument: string) => string> = {
  after: (text, mark) => (text.includes(mark) ? text.slice(text.indexOf(mark) + mark.length) : ""),
  before: (text, mark) => (text.includes(mark) ? text.slice(0, text.indexOf(mark)) : text),
  comma: (text) => text.replaceAll(".", "").replace(",", "."),
  date: toIsoDate,
  digits: (text) => text.replaceAll(/\D/g, ""),
  first: (text, count) => text.slice(0, Number(count)),
  implied: (text, digits) => toImplied(text, Number(digits)),
  is: replaceCode,
  last: (text, count) => text.slice(-Number(count)),
  lower: (text) => text.toLowerCase(),
  ndc: normalizeNdc,
  trim: (text) => text.trim(),
  unpad: (text) => text.replace(/^0+(?=.)/s, ""),
  upper: (text) => text.toUpperCase(),
};

const SHORT_DATE = /^(?<year>\d\d)(?<rest>\d{4})$/;
const PIVOT = 70;

/** Years of two digits lie between 1970 and 2069. */
function toIsoDate(text: string): string {
  const { year, rest = "" } = SHORT_DATE.exec(text)?.groups ?? {};
  const full = year === undefined ? text : `${Number(year) < PIVOT ? "20" : "19"}${year}${rest}`;
  return full.replace(/^(\d{4})-?(\d\d)-?(\d\d).*$/s, "$1-$2-$3");
}

/** X12 writes 144.00 as 14400; a sign may stand in front, and some senders write the point after all. */
function toImplied(text: string, digits: number): string {
  const groups = /^(?<sign>-?)(?<whole>\d+)$/.exec(text)?.groups;
  if (groups === undefined || digits === 0) return text;
  const padded = (groups["whole"] ?? "").padStart(digits + 1, "0");
  return `${groups["sign"]}${padded.slice(0, -digits)}.${padded.slice(-digits)}`;
}

/** `A=x,B=y,*=z`: what the codes mean; a code that is not among them stays, unless `*` is. */
function replaceCode(text: string, codes: string): string {
  let other = text;
  for (const pair of codes.split(",")) {
    const at = pair.indexOf("=");
    if (pair.slice(0, at) === text) return pair.slice(at + 1);
    if (pair.slice(0, at) === "*") other = pair.slice(at + 1);
  }
  return other;
}
