import { type BracePart, type BraceResult, parseBraces } from "./braces.ts";
import { type DocumentPath, parseDocumentPath } from "./document-path.ts";

/** A value of the document with what is done to it. */
interface DocumentField {
  kind: "field";
  path: DocumentPath;
  filters: DocumentFilter[];
}

/** A piece of a template: text as it stands, or a value of the document. */
export type DocumentTemplatePart = BracePart<DocumentField>;

export interface DocumentFilter {
  name: (typeof PLAIN_FILTERS)[number] | (typeof ARGUMENT_FILTERS)[number];
  argument: string;
}

export type DocumentTemplateResult = BraceResult<DocumentField>;

const PLAIN_FILTERS = ["comma", "date", "digits", "lower", "ndc", "trim", "unpad", "upper"] as const;
const ARGUMENT_FILTERS = ["after", "before", "first", "implied", "is", "last"] as const;
const FIELD = /^(?<path>(?:`[^`]*`|\[[^\]]*\]|[^|`[])+)(?<filters>(?:\|[^|]*)*)$/;

/**
 * Reads a template such as `{BEG.03}/{PO1.01|unpad}`. `{{` and `}}` stand for braces. Filters: `before:X` and `after:X` cut at
 * the first X, `first:N` and `last:N` keep N characters, `implied:N` sets N implied decimals, `is:A=x,B=y` replaces codes, `comma`
 * reads 1.234,50 as 1234.50, `date` writes a compact date as ISO, `digits` keeps digits, `ndc` writes a hyphenated NDC with
 * eleven digits, `unpad` drops leading zeros; `lower`, `upper` and `trim` change the text.
 */
export function parseDocumentTemplate(template: string): DocumentTemplateResult {
  return parseBraces(template, parseField);
}

function parseField(source: string): DocumentField | string {
  const groups = FIELD.exec(source)?.groups;
  const path = parseDocumentPath((groups?.["path"] ?? source).trim());
  if (!path.ok) return path.message;
  const filters: DocumentFilter[] = [];
  for (const written of (groups?.["filters"] ?? "").split("|").slice(1)) {
    const filter = parseFilter(written);
    if (filter === undefined)
      return `has the filter "${written}", which is none of ${[...PLAIN_FILTERS, ...ARGUMENT_FILTERS.map((name) => `${name}:…`)].join(", ")}`;
    filters.push(filter);
  }
  return { kind: "field", path: path.path, filters };
}

function parseFilter(source: string): DocumentFilter | undefined {
  const colon = source.indexOf(":");
  const word = (colon === -1 ? source : source.slice(0, colon)).trim();
  const argument = colon === -1 ? "" : source.slice(colon + 1);
  const plain = PLAIN_FILTERS.find((known) => known === word);
  if (plain !== undefined) return colon === -1 ? { name: plain, argument: "" } : undefined;
  const name = ARGUMENT_FILTERS.find((known) => known === word);
  if (name === undefined || argument === "") return undefined;
  if (["first", "implied", "last"].includes(name) && !/^\d{1,2}$/.test(argument)) return undefined;
  return { name, argument };
}
