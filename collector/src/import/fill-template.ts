import type { TemplateFilter, TemplatePart } from "@throughline/schemas/pack/template";
import { parseTemplate } from "@throughline/schemas/pack/template";
import type { FieldValue } from "./file-record.ts";

/** Finds a field of a record; undefined when the record has none. */
export type FieldLookup = (scope: string, name: string) => FieldValue | undefined;

/** Fills a template's fields; undefined when one of them is missing or empty, so that no half-filled text comes out. */
export type Template = (lookup: FieldLookup) => string | undefined;

/** A template of a checked mapping, ready to be filled once for each record. */
export function compileTemplate(template: string): Template {
  const parts = toParts(template);
  return (lookup) => {
    let text = "";
    for (const part of parts) {
      const piece = part.kind === "text" ? part.text : fillField(part, lookup);
      if (piece === undefined) return undefined;
      text += piece;
    }
    return text;
  };
}

/** As a template, but a single field without filters keeps its type. */
export function compileValue(template: string): (lookup: FieldLookup) => FieldValue | undefined {
  const [first, ...rest] = toParts(template);
  if (first?.kind !== "field" || rest.length > 0 || first.filters.length > 0) return compileTemplate(template);
  return (lookup) => lookup(first.scope, first.name);
}

function toParts(template: string): TemplatePart[] {
  const parsed = parseTemplate(template);
  if (!parsed.ok) throw new Error(`The template "${template}" ${parsed.message}`);
  return parsed.parts;
}

function fillField(part: TemplatePart & { kind: "field" }, lookup: FieldLookup): string | undefined {
  const value = lookup(part.scope, part.name);
  if (value === undefined) return undefined;
  const filled = part.filters.reduce(applyFilter, Array.isArray(value) ? value.join(",") : String(value));
  return filled === "" ? undefined : filled;
}

function applyFilter(text: string, filter: TemplateFilter): string {
  const at = filter.argument === "" ? -1 : text.indexOf(filter.argument);
  if (filter.name === "before") return at === -1 ? text : text.slice(0, at);
  if (filter.name === "after") return at === -1 ? "" : text.slice(at + filter.argument.length);
  if (filter.name === "comma") return text.replaceAll(".", "").replace(",", ".");
  if (filter.name === "lower") return text.toLowerCase();
  return filter.name === "upper" ? text.toUpperCase() : text.trim();
}
