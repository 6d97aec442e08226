import type { Event, EventData, ObjectRef } from "@throughline/schemas/event";
import { parseEvent } from "@throughline/schemas/event-validator";
import type { ImportMapping } from "@throughline/schemas/pack/import-mapping";
import { deriveEventType, deriveObjectType } from "./derive-type.ts";
import { type CompiledRule, compileMapping } from "./compile-mapping.ts";
import type { ActivityRecord, FieldValue, FileObject } from "./file-record.ts";
import type { FieldLookup } from "./fill-template.ts";
import type { ObjectTable } from "./object-table.ts";
import { createTimeReader } from "./read-time.ts";

/** What a record became: an event, nothing on purpose, or a refusal with its reason. */
export type MapResult = { kind: "event"; event: Event } | { kind: "skipped" } | { kind: "refused"; reason: string };

export interface MapContext {
  mapping: ImportMapping;
  /** Name of the file, without and with its endings: `orders` and `orders.xes.gz`. */
  file: { stem: string; name: string };
  /** SHA-256 of the file's content, in hexadecimal. */
  digest: string;
  objects: ObjectTable;
  /** A repetition of an import whose mapping was corrected. */
  revision?: { number: number; reason: string } | undefined;
}

/** What an object is called whose type the file does not tell. */
const UNTYPED = "object";

/** Turns records into events. Ids come from the file's digest and the record's number, so that equal rows stay apart. */
export function createRecordMapper(context: MapContext): (record: ActivityRecord, ordinal: number) => MapResult {
  const { mapping, digest, revision } = context;
  const compiled = compileMapping(mapping);
  const readTime = createTimeReader(mapping.time);
  return (record, ordinal) => {
    const time = readTime(record.time);
    if (!time.ok) return { kind: "refused", reason: time.reason };
    const lookup = createLookup(context, record, time.time);
    const rule = compiled.findRule(record.activity, lookup);
    if (rule === undefined && mapping.unmapped.action === "skip") return { kind: "skipped" };
    if (rule === undefined && mapping.unmapped.action === "refuse")
      return { kind: "refused", reason: `the mapping names no event for the activity "${record.activity}"` };
    const source = compiled.source(lookup);
    if (source === undefined) return { kind: "refused", reason: "the record lacks a field of the mapping's source" };
    const content = toData({ context, record, rule, lookup, shared: compiled.shared });
    if (typeof content === "string") return { kind: "refused", reason: content };
    const data = { ...content, ...time.known };
    const site = compiled.site?.(lookup);
    const parsed = parseEvent({
      specversion: "1.0",
      id: compiled.id?.(lookup) ?? `${digest.slice(0, 32)}:${ordinal}`,
      source,
      type: rule?.type ?? deriveEventType(record.activity, mapping.unmapped.domain),
      time: time.time,
      ...(site === undefined ? {} : { site }),
      data: revision === undefined ? data : { ...data, revision: revision.number, reason: revision.reason },
    });
    if (parsed.ok) return { kind: "event", event: parsed.event };
    return { kind: "refused", reason: parsed.issues.map(({ path, message }) => `${path} ${message}`).join("; ") };
  };
}

interface DataInput {
  context: MapContext;
  record: ActivityRecord;
  rule: CompiledRule | undefined;
  lookup: FieldLookup;
  shared: CompiledRule;
}

function toData({ context, record, rule, lookup, shared }: DataInput): EventData | string {
  const rules = rule === undefined ? [shared] : [shared, rule];
  const objects = dedupe([
    ...rules.flatMap((entry) => entry.objects.flatMap((object) => object(lookup) ?? [])),
    ...record.objects.flatMap((object) => toObjectRefs(object, context)),
  ]);
  const measures: NonNullable<EventData["measures"]> = {};
  for (const [name, measure] of rule?.measures ?? []) {
    const filled = measure(lookup);
    if (typeof filled === "string") return `the measure ${name}: ${filled}`;
    if (filled !== undefined) measures[name] = filled;
  }
  const attributes = new Map<string, FieldValue>([["activity", record.activity]]);
  for (const [name, value] of record.event)
    if (keeps(context.mapping, name)) attributes.set(toAttributeName(name), value);
  for (const entry of rules)
    for (const [name, attribute] of entry.attributes) {
      const value = attribute(lookup);
      if (value !== undefined) attributes.set(name, value);
    }
  const reverses = rule?.reverses?.(lookup);
  const error = rule?.error?.(lookup);
  return {
    objects,
    ...(rule?.outcome === undefined ? {} : { outcome: rule.outcome }),
    ...(error === undefined ? {} : { error }),
    ...(Object.keys(measures).length === 0 ? {} : { measures }),
    attributes: Object.fromEntries([...attributes].map(([name, value]) => [name, toAttributeValue(value)])),
    ...(reverses === undefined ? {} : { reverses }),
  };
}

function createLookup(context: MapContext, record: ActivityRecord, time: string): FieldLookup {
  return (scope, name) => {
    if (scope === "case") return record.case.get(name);
    if (scope === "event") return name === "activity" ? record.activity : record.event.get(name);
    if (scope === "file") return name === "stem" ? context.file.stem : findFileField(context, name);
    const at = name.lastIndexOf(".");
    const type = name.slice(0, at);
    const object = record.objects.find((entry) => toFileType(entry, context) === type);
    return object === undefined
      ? undefined
      : context.objects.findAttribute(object.id, name.slice(at + 1), Date.parse(time));
  };
}

function findFileField(context: MapContext, name: string): string | undefined {
  if (name === "name") return context.file.name;
  return name === "digest" ? context.digest : undefined;
}

function toFileType(object: FileObject, context: MapContext): string | undefined {
  return object.type === "" ? context.objects.findType(object.id) : object.type;
}

function toObjectRefs(object: FileObject, context: MapContext): ObjectRef[] {
  const type = toFileType(object, context) ?? UNTYPED;
  const { objectTypes } = context.mapping;
  const mapped = [type, "*"].find((name) => Object.hasOwn(objectTypes, name));
  const role = object.role?.trim().slice(0, 64).toWellFormed();
  return [(mapped === undefined ? undefined : objectTypes[mapped]) ?? deriveObjectType(type)]
    .flat()
    .map((name) => (role ? { type: name, id: object.id, role } : { type: name, id: object.id }));
}

function dedupe(objects: readonly ObjectRef[]): ObjectRef[] {
  return [...new Map(objects.map((object) => [`${object.type} ${object.id}`, object])).values()];
}

function keeps(mapping: ImportMapping, name: string): boolean {
  if (mapping.keepAttributes === "all") return true;
  return mapping.keepAttributes !== "none" && mapping.keepAttributes.includes(name);
}

function toAttributeName(name: string): string {
  const safe = name.replaceAll(/[^A-Za-z0-9_.-]/g, "_").slice(0, 127);
  return /^[A-Za-z_]/.test(safe) ? safe : `_${safe}`;
}

function toAttributeValue(value: FieldValue): string | number | boolean | string[] {
  return typeof value === "object" ? [...value] : value;
}
