import type { Event, EventData } from "@throughline/schemas/event";
import { parseEvent } from "@throughline/schemas/event-validator";
import type { NativeDocument } from "../formats/document.ts";
import type { CompiledDocumentMapping, CompiledRule } from "./compile-document-mapping.ts";
import type { CrosswalkSet } from "./crosswalk-set.ts";
import type { DocumentTemplate } from "./fill-template.ts";
import { listRecords, type Scope } from "./find-value.ts";
import { createMappingNotes, type MappingNotes, type UnknownValue, type UsedValue } from "./mapping-notes.ts";
import type { NativeTime, NativeTimeReader } from "./read-native-time.ts";
import { toMeasures } from "./to-measures.ts";
import { toObjects } from "./to-objects.ts";

/** Where a document comes from, and what the interface says of its documents. */
export interface MapContext {
  crosswalks: CrosswalkSet;
  /** SHA-256 of the stream's content, in hexadecimal; with the ordinal it names documents without native numbers. */
  digest: string;
  ordinal: number;
  /** Of the interface; each goes before what the mapping says. */
  zone?: string | undefined;
  source?: string | undefined;
  site?: string | undefined;
  /** The W3C traceparent that it came with. */
  traceparent?: string | undefined;
  /** A document that is mapped again after its mapping or a crosswalk was corrected. */
  revision?: { number: number; reason: string } | undefined;
}

/** A part of a document that became no event, and why. */
export interface Unmapped {
  code: "no_rule" | "no_source" | "no_time" | "refused" | "test";
  reason: string;
}

export interface DocumentMapResult {
  events: Event[];
  unmapped: Unmapped[];
  /** What crosswalks do not know, by the type of the event that lacks it, each once. */
  unknown: (UnknownValue & { type: string })[];
  /** What crosswalks said, by the type, the day and the site of the event that has it, each once. */
  used: UsedTranslation[];
}

export interface UsedTranslation extends UsedValue {
  type: string;
  day: string;
  site?: string;
}

/**
 * The events of a document. Ids come from native control and line numbers, else from the stream's digest and the document's
 * ordinal. A test document becomes none. What a crosswalk does not know, or a required object that is missing, makes an event
 * with the outcome `failed` and the class `mapping`.
 */
export function mapDocument(
  document: NativeDocument,
  mapping: CompiledDocumentMapping,
  context: MapContext,
): DocumentMapResult {
  if (document.isTest)
    return {
      events: [],
      unknown: [],
      used: [],
      unmapped: [{ code: "test", reason: "it is marked as test or training" }],
    };
  const result: DocumentMapResult = { events: [], unmapped: [], unknown: [], used: [] };
  const source = context.source ?? mapping.source(document, [document.root]);
  if (source === undefined) {
    result.unmapped.push({ code: "no_source", reason: "it lacks a value of the mapping's source" });
    return result;
  }
  const work: Work = {
    document,
    mapping,
    context,
    source,
    result,
    ids: new Map(),
    readTime: mapping.readTimeIn(context.zone),
    notes: createMappingNotes(),
    usedKeys: new Set(),
  };
  for (const group of mapping.groups) {
    const records = group.each === undefined ? [[document.root]] : listRecords(document, [document.root], group.each);
    for (let index = 0; index < records.length; index++) {
      const scope = records[index];
      if (scope !== undefined) applyRules(work, group, { scope, index });
      if (result.events.length + result.unmapped.length > MAX_RESULTS) return refuseLarge();
    }
  }
  if (result.events.length === 0 && result.unmapped.length === 0)
    result.unmapped.push({ code: "no_rule", reason: `no rule of ${mapping.mapping.name} fits it` });
  return result;
}

/** A small document may have as many lines as a large one has signs: what it becomes has to be held at once. */
const MAX_RESULTS = 50_000;

function refuseLarge(): DocumentMapResult {
  return {
    events: [],
    unknown: [],
    used: [],
    unmapped: [{ code: "refused", reason: `it would become more than ${MAX_RESULTS} events` }],
  };
}

interface Work {
  document: NativeDocument;
  mapping: CompiledDocumentMapping;
  context: MapContext;
  source: string;
  result: DocumentMapResult;
  /** How often an id was given in this document. */
  ids: Map<string, number>;
  readTime: NativeTimeReader;
  /** Of the record that is being mapped. */
  notes: MappingNotes;
  /** What is in `result.used` already. */
  usedKeys: Set<string>;
}

interface RecordAt {
  scope: Scope;
  index: number;
}

function applyRules(work: Work, group: CompiledDocumentMapping["groups"][number], at: RecordAt): void {
  for (const rule of group.rules) {
    if (!rule.fits(work.document, at.scope)) continue;
    applyRule(work, rule, at);
    if (rule.rule.stop) return;
  }
}

function applyRule(work: Work, rule: CompiledRule, at: RecordAt): void {
  const { document, mapping, context, source, result } = work;
  const time = findTime(work, rule.times ?? mapping.times, at.scope);
  if (time === undefined) {
    result.unmapped.push({ code: "no_time", reason: `${describe(rule, at)} has no time that can be read` });
    return;
  }
  const event: Event = { specversion: "1.0", id: toId(work, rule, at), source, type: rule.rule.type, time: time.time };
  const site = context.site ?? mapping.site?.(document, at.scope);
  if (site !== undefined) event.site = site;
  const dataschema = mapping.dataschema?.(document, at.scope);
  if (dataschema !== undefined) event.dataschema = dataschema;
  if (context.traceparent !== undefined) event.traceparent = context.traceparent;
  event.data = toData(work, rule, { scope: at.scope, time, site });
  const parsed = parseEvent(event);
  if (parsed.ok) result.events.push(parsed.event);
  else
    result.unmapped.push({
      code: "refused",
      reason: `${describe(rule, at)}: ${parsed.issues.map(({ path, message }) => `${path} ${message}`).join("; ")}`,
    });
}

function toData(
  work: Work,
  rule: CompiledRule,
  at: { scope: Scope; time: NativeTime; site: string | undefined },
): EventData {
  const { document, context } = work;
  const { notes } = work;
  notes.clear();
  const { crosswalks } = context;
  const record = { document, scope: at.scope, day: at.time.time, site: at.site, crosswalks, notes };
  const data: EventData = { objects: toObjects(record, rule.objects) };
  const measures = toMeasures(record, rule.measures);
  const attributes: NonNullable<EventData["attributes"]> = {};
  for (const [name, value] of rule.attributes) {
    const filled = typeof value === "function" ? value(document, at.scope) : value;
    if (filled !== undefined) attributes[name] = filled;
  }
  const reverses = rule.reverses === undefined ? undefined : toObjects(record, [rule.reverses])[0];
  noteUnknown(work, notes.unknown(), rule.rule.type);
  noteUses(work, { type: rule.rule.type, day: at.time.time.slice(0, 10), site: at.site });
  setOutcome(data, rule, { notes, document, scope: at.scope });
  if (measures !== undefined) data.measures = measures;
  notes.addTo(attributes);
  data.attributes = attributes;
  if (at.time.isDay) {
    data.precision = "day";
    data.zone = context.zone ?? work.mapping.mapping.time.zone;
  }
  const milestone = rule.rule.reverses?.milestone;
  if (reverses !== undefined && milestone !== undefined) data.reverses = { object: reverses, milestone };
  if (context.revision !== undefined) {
    data.revision = context.revision.number;
    data.reason = context.revision.reason;
  }
  return data;
}

const MAX_UNKNOWN = 1000;

function noteUnknown({ result }: Work, found: readonly UnknownValue[], type: string): void {
  for (const each of found) {
    const isKnown = result.unknown.some(
      ({ table, value, type: other }) => table === each.table && value === each.value && type === other,
    );
    if (!isKnown && result.unknown.length < MAX_UNKNOWN) result.unknown.push({ ...each, type });
  }
}

function noteUses(
  { result, notes, usedKeys }: Work,
  { type, day, site }: { type: string; day: string; site: string | undefined },
): void {
  for (const use of notes.uses()) {
    const key = `${use.table} ${use.value} ${type} ${day} ${site ?? ""}`;
    if (usedKeys.has(key) || usedKeys.size >= MAX_UNKNOWN) continue;
    usedKeys.add(key);
    result.used.push({ ...use, type, day, ...(site !== undefined && { site }) });
  }
}

/** What could not be mapped goes before what the rule says. */
function setOutcome(
  data: EventData,
  { rule, error }: CompiledRule,
  at: { notes: MappingNotes; document: NativeDocument; scope: Scope },
): void {
  const failure = at.notes.error();
  if (failure !== undefined) {
    data.outcome = "failed";
    data.error = failure;
    return;
  }
  if (rule.outcome !== undefined) data.outcome = rule.outcome;
  if (rule.error === undefined) return;
  const code = error?.code?.(at.document, at.scope);
  const message = error?.message?.(at.document, at.scope);
  data.error = {
    class: rule.error.class,
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
  };
}

function findTime(work: Work, times: readonly DocumentTemplate[], scope: Scope): NativeTime | undefined {
  for (const template of times) {
    const written = template(work.document, scope);
    const time = written === undefined ? undefined : work.readTime(written);
    if (time !== undefined) return time;
  }
  return undefined;
}

function toId(work: Work, rule: CompiledRule, { scope, index }: RecordAt): string {
  const { document, context, ids } = work;
  const base = document.id ?? `${context.digest.slice(0, 32)}:${context.ordinal}`;
  const line = rule.rule.each === undefined ? "" : `/${rule.line?.(document, scope) ?? index + 1}`;
  const id = `${base}${line}${rule.rule.name === undefined ? "" : `#${rule.rule.name}`}`;
  const count = (ids.get(id) ?? 0) + 1;
  ids.set(id, count);
  return count === 1 ? id : `${id}~${count}`;
}

function describe(rule: CompiledRule, { index }: RecordAt): string {
  return rule.rule.each === undefined ? "the document" : `${rule.rule.each} ${index + 1}`;
}
