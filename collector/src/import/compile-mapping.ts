import type { EventData, Measure, ObjectRef, Reversal } from "@throughline/schemas/event";
import type { ImportEventRule, ImportMapping, ImportObjectRule } from "@throughline/schemas/pack/import-mapping";
import type { FieldValue } from "./file-record.ts";
import { compileTemplate, compileValue, type FieldLookup, type Template } from "./fill-template.ts";

/** A rule of a mapping, ready to be applied once for each record. */
export interface CompiledRule {
  type: string;
  objects: readonly ((lookup: FieldLookup) => ObjectRef | undefined)[];
  /** A measure, nothing when the record lacks it, or what is wrong with it. */
  measures: readonly (readonly [string, (lookup: FieldLookup) => Measure | string | undefined])[];
  attributes: readonly (readonly [string, (lookup: FieldLookup) => FieldValue | undefined])[];
  outcome: EventData["outcome"];
  error: ((lookup: FieldLookup) => NonNullable<EventData["error"]>) | undefined;
  reverses: ((lookup: FieldLookup) => Reversal | undefined) | undefined;
}

export interface CompiledMapping {
  source: Template;
  id: Template | undefined;
  site: Template | undefined;
  /** What every event gets. */
  shared: CompiledRule;
  findRule: (activity: string, lookup: FieldLookup) => CompiledRule | undefined;
}

export function compileMapping(mapping: ImportMapping): CompiledMapping {
  const rules = new Map<string, { matches: (lookup: FieldLookup) => boolean; rule: CompiledRule }[]>();
  for (const rule of mapping.events) {
    const entry = { matches: compileConditions(rule.where ?? {}), rule: compileRule(rule) };
    for (const activity of [rule.activity].flat()) rules.set(activity, [...(rules.get(activity) ?? []), entry]);
  }
  return {
    source: compileTemplate(mapping.source ?? `/import/${mapping.name}/{file.stem}`),
    id: mapping.id === undefined ? undefined : compileTemplate(mapping.id),
    site: mapping.site === undefined ? undefined : compileTemplate(mapping.site),
    shared: {
      type: "",
      objects: mapping.objects.map(compileObject),
      measures: [],
      attributes: compileAttributes(mapping.attributes),
      outcome: undefined,
      error: undefined,
      reverses: undefined,
    },
    findRule: (activity, lookup) => rules.get(activity)?.find(({ matches }) => matches(lookup))?.rule,
  };
}

function compileRule(rule: ImportEventRule): CompiledRule {
  return {
    type: rule.type,
    objects: rule.objects.map(compileObject),
    measures: Object.entries(rule.measures).map(([name, measure]) => [name, compileMeasure(measure)]),
    attributes: compileAttributes(rule.attributes),
    outcome: rule.outcome,
    error: compileError(rule.error),
    reverses: compileReversal(rule.reverses),
  };
}

function compileObject(rule: ImportObjectRule): (lookup: FieldLookup) => ObjectRef | undefined {
  const id = compileTemplate(rule.id);
  const role = rule.role === undefined ? {} : { role: rule.role };
  return (lookup) => {
    const filled = id(lookup);
    return filled === undefined ? undefined : { type: rule.type, id: filled, ...role };
  };
}

function compileMeasure(rule: ImportEventRule["measures"][string]): CompiledRule["measures"][number][1] {
  const value = compileTemplate(rule.value);
  const unit = compileTemplate("unit" in rule ? rule.unit : rule.currency);
  return (lookup) => {
    const text = value(lookup);
    if (text === undefined) return undefined;
    const decimal = toDecimal(text);
    if (decimal === undefined) return `"${text.slice(0, 40)}" is not a decimal`;
    const named = unit(lookup);
    if (named === undefined) return "unit" in rule ? "has no unit" : "has no currency";
    return "unit" in rule ? { value: decimal, unit: named } : { value: decimal, currency: named };
  };
}

/** The decimal that a number of a file is, without a plus, leading zeros or white space. */
function toDecimal(text: string): string | undefined {
  const groups = /^\s*(?<sign>[+-]?)0*(?<whole>\d+)(?:\.(?<part>\d*))?\s*$/.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const { sign, whole, part } = groups;
  const digits = part ? `${whole}.${part}` : `${whole}`;
  return sign === "-" && /[1-9]/.test(digits) ? `-${digits}` : digits;
}

function compileAttributes(attributes: ImportMapping["attributes"]): CompiledRule["attributes"] {
  return Object.entries(attributes).map(([name, value]) => [
    name,
    typeof value === "string" ? compileValue(value) : () => value,
  ]);
}

function compileError(rule: ImportEventRule["error"]): CompiledRule["error"] {
  if (rule === undefined) return undefined;
  const code = rule.code === undefined ? undefined : compileTemplate(rule.code);
  const message = rule.message === undefined ? undefined : compileTemplate(rule.message);
  return (lookup) => {
    const filled = { code: code?.(lookup), message: message?.(lookup) };
    return {
      class: rule.class,
      ...(filled.code === undefined ? {} : { code: filled.code }),
      ...(filled.message === undefined ? {} : { message: filled.message }),
    };
  };
}

function compileReversal(rule: ImportEventRule["reverses"]): CompiledRule["reverses"] {
  if (rule === undefined) return undefined;
  const object = compileObject(rule.object);
  return (lookup) => {
    const filled = object(lookup);
    return filled === undefined ? undefined : { object: filled, milestone: rule.milestone };
  };
}

function compileConditions(where: NonNullable<ImportEventRule["where"]>): (lookup: FieldLookup) => boolean {
  const conditions = Object.entries(where).map(([field, patterns]) => {
    const dot = field.indexOf(".");
    return { scope: field.slice(0, dot), name: field.slice(dot + 1), patterns: patterns.map(toExpression) };
  });
  return (lookup) =>
    conditions.every(({ scope, name, patterns }) => {
      const value = String(lookup(scope, name) ?? "");
      return patterns.some((pattern) => pattern.test(value));
    });
}

/** `*` stands for any text, everything else for itself. */
function toExpression(pattern: string): RegExp {
  const source = pattern.split("*").map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`));
  return new RegExp(`^${source.join(".*")}$`, "su");
}
