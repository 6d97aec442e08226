import { setTimeout as pause } from "node:timers/promises";
import { AppError } from "@throughline/schemas/error";
import { BATCH_TYPE, type Event } from "@throughline/schemas/event";
import type { DocumentPack } from "@throughline/schemas/pack/parse-document-pack";
import type { EdgeInterface } from "../config/edge-config.ts";
import type { Finding, ParsedItem } from "../formats/document.ts";
import type { ByteStream } from "../formats/parse-stream.ts";
import { type ParseOptions, parseDocuments } from "../formats/parse-documents.ts";
import { createControlTracker } from "../formats/x12/control-tracker.ts";
import { createDocumentMapper } from "../map/document-mapper.ts";
import type { RedactionPolicy } from "../redact/redact-document.ts";
import type { Draft } from "../spool/spool-writer.ts";

/** Something that a source read whole: a file, a message. */
export interface Unit {
  /** SHA-256 in hexadecimal of what tells it apart; what has no native number is named by it. */
  identity: string;
  stream: ByteStream;
  /** What is kept at the edge when it cannot be mapped; undefined where the source keeps it. */
  raw?: Buffer;
  /** The W3C traceparent that came beside it; what a document carries itself goes before it. */
  traceparent?: string | undefined;
  /** A file: it ends with a trailer of this time, in milliseconds since 1970. */
  trailerAt?: number;
  /** Waits for room in the spool instead of failing. */
  isPatient: boolean;
}

/** What came of units so far. */
export interface IntakeCounts {
  documents: number;
  events: number;
  findings: number;
  tests: number;
  unmapped: number;
}

/** Something that waits at the edge for a person. */
export interface KeptDocument {
  identity: string;
  ordinal: number;
  byteOffset: number;
  reason: string;
  raw?: string;
}

const BATCH_EVENTS = 256;
const NOTHING: ParsedItem = { position: { byteOffset: 0, ordinal: 0 }, findings: [] };
const UNREADABLE: Finding = { code: "malformed", place: "the message", reason: "it cannot be read" };
const ROOM_PAUSE_MS = 1000;

export interface IntakeParts {
  config: EdgeInterface;
  pack: DocumentPack;
  policy: RedactionPolicy;
  /** Returns when the events are taken; throws `unavailable` when there is no room for them now. */
  append: (events: readonly Event[]) => Promise<void>;
  keep: (documents: readonly KeptDocument[]) => Promise<void>;
  signal: AbortSignal;
}

/** Turns what a source reads into events. Returns when all of a unit is taken, on disk that is, and throws when it is not. */
export function createIntake(parts: IntakeParts) {
  const { config, keep, signal } = parts;
  const mappings = selectMappings(parts.pack, config);
  const mapper = createDocumentMapper({ ...parts.pack, mappings }, parts.policy);
  const options = { tracker: createControlTracker(), layout: mappings[0] ?? {} };
  const parse = createUnitParser(config.format, options);
  const counts: IntakeCounts = { documents: 0, events: 0, findings: 0, tests: 0, unmapped: 0 };
  const context = { zone: config.zone, source: config.source, site: config.site };
  const sources = new Set(config.source === undefined ? [] : [config.source]);
  const append = async (events: readonly Event[], isPatient: boolean) => {
    for (;;) {
      try {
        await parts.append(events);
        break;
      } catch (error) {
        signal.throwIfAborted();
        if (!isPatient || !(error instanceof AppError)) throw error;
        await pause(ROOM_PAUSE_MS, undefined, { signal });
      }
    }
    for (const { source } of events) sources.add(source);
  };
  const take = async (unit: Unit): Promise<{ documents: number; events: number }> => {
    const { identity, raw, traceparent } = unit;
    const own = { documents: 0, events: 0 };
    let events: Event[] = [];
    const flush = async () => {
      await append(events, unit.isPatient);
      own.events += events.length;
      counts.events += events.length;
      events = [];
    };
    for await (const item of parse(unit)) {
      counts.findings += item.findings.length;
      const { ordinal, byteOffset } = item.position;
      if (item.document === undefined) {
        if (raw !== undefined) await keep([toPoison(raw, { identity, item })]);
        continue;
      }
      own.documents++;
      const mapped = mapper.map(item.document, { ...context, digest: identity, ordinal, traceparent });
      events.push(...mapped.events);
      const waiting = mapped.unmapped.filter(({ code }) => code !== "test");
      counts.tests += mapped.unmapped.length - waiting.length;
      counts.unmapped += waiting.length;
      const place = { identity, ordinal, byteOffset, ...(raw && { raw: raw.toString("base64") }) };
      await keep(waiting.map(({ reason }) => ({ ...place, reason })));
      if (events.length >= BATCH_EVENTS) await flush();
    }
    const trailer = toTrailer(config, unit, { ...own, events: own.events + events.length });
    if (trailer !== undefined) events.push(trailer);
    await flush();
    counts.documents += own.documents;
    return own;
  };
  return { take, counts: (): IntakeCounts => ({ ...counts }), sources: (): ReadonlySet<string> => sources };
}

/** The documents of a unit; what makes a parser fail is nothing that could be read another time. */
function createUnitParser(format: EdgeInterface["format"], options: ParseOptions) {
  return async function* (unit: Unit): AsyncGenerator<ParsedItem, void, void> {
    let isEmpty = true;
    try {
      for await (const item of parseDocuments(format, unit.stream, options)) {
        isEmpty = false;
        yield item;
      }
      if (isEmpty && unit.raw !== undefined) yield NOTHING;
    } catch (error) {
      // Whoever gave a message would give it again and again.
      if (unit.raw === undefined) throw error;
      yield { ...NOTHING, findings: [UNREADABLE] };
    }
  };
}

/** A message, or a part of one, in which no document can be read. */
function toPoison(raw: Buffer, { identity, item }: { identity: string; item: ParsedItem }): KeptDocument {
  const codes = [...new Set(item.findings.map(({ code }) => code))].join(", ") || "empty";
  return { identity, ...item.position, reason: `no document can be read: ${codes}`, raw: raw.toString("base64") };
}

/** The mappings that an interface names, in its order, or all of its format. Throws `invalid_configuration`. */
function selectMappings(pack: DocumentPack, { id, format, mappings: names }: EdgeInterface): DocumentPack["mappings"] {
  const ofFormat = pack.mappings.filter((mapping) => mapping.format === format);
  const chosen = names?.map((name) => {
    const found = ofFormat.find((mapping) => mapping.name === name);
    if (found === undefined)
      throw new AppError(
        "invalid_configuration",
        `The interface ${id} names the mapping ${name}, which the pack has not for ${format}.`,
      );
    return found;
  });
  if (ofFormat.length === 0)
    throw new AppError(
      "invalid_configuration",
      `The pack has no mapping for ${format}, which the interface ${id} reads.`,
    );
  return chosen ?? ofFormat;
}

/** The last word of a file, where one source speaks in it. */
function toTrailer(
  { id, source }: EdgeInterface,
  { identity, trailerAt }: Unit,
  { documents, events }: { documents: number; events: number },
): Event | undefined {
  if (source === undefined || trailerAt === undefined) return undefined;
  return {
    specversion: "1.0",
    id: `batch-${identity}`,
    source,
    type: BATCH_TYPE,
    time: new Date(trailerAt).toISOString(),
    data: { attributes: { name: id, rows: documents, events } },
  };
}

/** An event of a source, numbered when it is written. */
export function toDraft(event: Event): Draft {
  return { source: event.source, toText: (sequence) => JSON.stringify({ ...event, sequence: String(sequence) }) };
}
