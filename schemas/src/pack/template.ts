import { type BracePart, type BraceResult, parseBraces } from "./braces.ts";

/** A field of the record with what is done to it. */
interface TemplateField {
  kind: "field";
  scope: string;
  name: string;
  filters: TemplateFilter[];
}

/** A piece of a template: text as it stands, or a field. */
export type TemplatePart = BracePart<TemplateField>;

export interface TemplateFilter {
  name: "before" | "after" | "comma" | "lower" | "upper" | "trim";
  argument: string;
}

export type TemplateResult = BraceResult<TemplateField>;

/** Where a field can come from. */
export const TEMPLATE_SCOPES = ["case", "event", "file", "object"] as const;

const FIELD = /^(?<scope>[a-z]+)\.(?<name>[^|{}]+)(?<filters>(\|[^|{}]*)*)$/;
const FILTER = /^\s*(?:(?<split>before|after):(?<argument>.+)|(?<plain>comma|lower|upper|trim))\s*$/;

/**
 * Reads a template such as `{case.concept:name|before:_}/{event.line}`. `{{` and `}}` stand for braces. Filters: `before:X`
 * and `after:X` cut at the first X, `comma` reads 1.234,50 as 1234.50, `lower`, `upper` and `trim` change the text. The
 * scope `object` names an attribute of an object of the record by its type in the file: `{object.Purchase Order.quantity}`.
 */
export function parseTemplate(template: string): TemplateResult {
  return parseBraces(template, parseField);
}

function parseField(source: string): TemplateField | string {
  const groups = FIELD.exec(source)?.groups;
  const scope = groups?.["scope"];
  const name = groups?.["name"];
  if (scope === undefined || name === undefined || !TEMPLATE_SCOPES.some((known) => known === scope))
    return `names the field "${source}", which is not ${TEMPLATE_SCOPES.map((known) => `${known}.<name>`).join(", ")}`;
  const filters: TemplateFilter[] = [];
  for (const filter of (groups?.["filters"] ?? "").split("|").slice(1)) {
    const parsed = parseFilter(filter);
    if (parsed === undefined)
      return `has the filter "${filter}", which is not before:X, after:X, comma, lower, upper or trim`;
    filters.push(parsed);
  }
  return { kind: "field", scope, name: name.trim(), filters };
}

function parseFilter(source: string): TemplateFilter | undefined {
  const groups = FILTER.exec(source)?.groups;
  const split = groups?.["split"];
  if (split === "before" || split === "after") return { name: split, argument: groups?.["argument"] ?? "" };
  const plain = groups?.["plain"];
  return plain === "comma" || plain === "lower" || plain === "upper" || plain === "trim"
    ? { name: plain, argument: "" }
    : undefined;
}
