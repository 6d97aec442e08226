import type {
  DocumentEventRule,
  DocumentMapping,
  DocumentMeasureRule,
  DocumentObjectRule,
} from "@throughline/schemas/pack/document-mapping";
import { parseDocumentPath, parsePathStep, type PathStep } from "@throughline/schemas/pack/document-path";
import type { NativeDocument } from "../formats/document.ts";
import { compileDocumentTemplate, type DocumentTemplate } from "./fill-template.ts";
import { compilePath, type Scope } from "./find-value.ts";
import { createNativeTimeReader, type NativeTimeReader } from "./read-native-time.ts";

export interface CompiledObject {
  type: string;
  id: DocumentTemplate;
  role: string | undefined;
  crosswalk: string | undefined;
  isRequired: boolean;
  each: PathStep | undefined;
}

export interface CompiledMeasure {
  name: string;
  value: DocumentTemplate;
  kind: "unit" | "currency";
  unit: DocumentTemplate;
  crosswalk: string | undefined;
}

export type CompiledAttribute = readonly [string, DocumentTemplate | number | boolean];

export interface CompiledRule {
  rule: DocumentEventRule;
  fits: Condition;
  line: DocumentTemplate | undefined;
  times: readonly DocumentTemplate[] | undefined;
  objects: readonly CompiledObject[];
  measures: readonly CompiledMeasure[];
  attributes: readonly CompiledAttribute[];
  error: { code: DocumentTemplate | undefined; message: DocumentTemplate | undefined } | undefined;
  reverses: CompiledObject | undefined;
}

/** A mapping, ready to be applied to documents. */
export interface CompiledDocumentMapping {
  mapping: DocumentMapping;
  fits: (document: NativeDocument) => boolean;
  source: DocumentTemplate;
  dataschema: DocumentTemplate | undefined;
  site: DocumentTemplate | undefined;
  times: readonly DocumentTemplate[];
  /** For times without an offset: the zone of the interface, else of the mapping. */
  readTimeIn: (zone: string | undefined) => NativeTimeReader;
  /** Rules by the records that they are about, in the order of the mapping. */
  groups: readonly { each: PathStep | undefined; rules: readonly CompiledRule[] }[];
}

type Condition = (document: NativeDocument, scope: Scope) => boolean;

export function compileDocumentMapping(mapping: DocumentMapping): CompiledDocumentMapping {
  const isKind = compilePatterns(mapping.documents);
  const where = compileWhere(mapping.where);
  const shared = { objects: mapping.objects.map(compileObject), attributes: compileAttributes(mapping.attributes) };
  const groups = new Map<string, { each: PathStep | undefined; rules: CompiledRule[] }>();
  for (const rule of mapping.events) {
    const key = rule.each ?? "";
    const group = groups.get(key) ?? { each: toStep(rule.each), rules: [] };
    group.rules.push(compileRule(rule, shared));
    groups.set(key, group);
  }
  return {
    mapping,
    fits: (document) => document.format === mapping.format && isKind(document.kind) && where(document, [document.root]),
    source: compileDocumentTemplate(mapping.source),
    dataschema: toOptional(mapping.dataschema),
    site: toOptional(mapping.site),
    times: mapping.time.from.map(compileDocumentTemplate),
    readTimeIn: createReaders(mapping.time.zone),
    groups: [...groups.values()],
  };
}

function toOptional(template: string | string[] | undefined): DocumentTemplate | undefined {
  return template === undefined ? undefined : compileDocumentTemplate(template);
}

function createReaders(usual: string): CompiledDocumentMapping["readTimeIn"] {
  const readers = new Map<string, NativeTimeReader>();
  return (zone = usual) => {
    const known = readers.get(zone) ?? createNativeTimeReader(zone);
    readers.set(zone, known);
    return known;
  };
}

function compileRule(
  rule: DocumentEventRule,
  shared: { objects: readonly CompiledObject[]; attributes: readonly CompiledAttribute[] },
): CompiledRule {
  const { error } = rule;
  return {
    rule,
    fits: compileWhere(rule.where),
    line: toOptional(rule.line),
    times: rule.time?.map(compileDocumentTemplate),
    objects: [...rule.objects.map(compileObject), ...shared.objects],
    measures: Object.entries(rule.measures).map(compileMeasure),
    attributes: [...shared.attributes, ...compileAttributes(rule.attributes)],
    error: error === undefined ? undefined : { code: toOptional(error.code), message: toOptional(error.message) },
    reverses: rule.reverses === undefined ? undefined : compileObject(rule.reverses.object),
  };
}

function compileObject(rule: DocumentObjectRule): CompiledObject {
  return {
    type: rule.type,
    id: compileDocumentTemplate(rule.id),
    role: rule.role,
    crosswalk: rule.crosswalk,
    isRequired: rule.required,
    each: toStep(rule.each),
  };
}

function compileMeasure([name, rule]: [string, DocumentMeasureRule]): CompiledMeasure {
  const value = compileDocumentTemplate(rule.value);
  if ("unit" in rule)
    return { name, value, kind: "unit", unit: compileDocumentTemplate(rule.unit), crosswalk: rule.crosswalk };
  return { name, value, kind: "currency", unit: compileDocumentTemplate(rule.currency), crosswalk: undefined };
}

function compileAttributes(attributes: DocumentMapping["attributes"]): CompiledAttribute[] {
  return Object.entries(attributes).map(([name, value]) => [
    name,
    typeof value === "number" || typeof value === "boolean" ? value : compileDocumentTemplate(value),
  ]);
}

function compileWhere(where: DocumentMapping["where"]): Condition {
  const conditions = Object.entries(where ?? {}).map(([source, patterns]) => {
    const parsed = parseDocumentPath(source);
    if (!parsed.ok) throw new Error(`The condition ${parsed.message}`);
    return { find: compilePath(parsed.path), isWanted: compilePatterns(patterns) };
  });
  if (conditions.length === 0) return () => true;
  return (document, scope) => {
    for (const { find, isWanted } of conditions) if (!isWanted(find(document, scope) ?? "")) return false;
    return true;
  };
}

function toStep(source: string | undefined): PathStep | undefined {
  return source === undefined ? undefined : parsePathStep(source);
}

/** Whether a text is one of the patterns: `*` stands for any text, `?` for one sign, everything else for itself. */
function compilePatterns(patterns: readonly string[]): (text: string) => boolean {
  const plain = new Set(patterns.filter((pattern) => !/[*?]/.test(pattern)));
  const expressions = patterns.filter((pattern) => /[*?]/.test(pattern)).map(toExpression);
  return (text) => plain.has(text) || expressions.some((expression) => expression.test(text));
}

function toExpression(pattern: string): RegExp {
  const source = pattern
    .replaceAll(/[\\^$.+()[\]{}|]/g, String.raw`\$&`)
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "su");
}
