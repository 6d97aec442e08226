import { setTimeout as pause } from "node:timers/promises";
import { AppError } from "@throughline/schemas/error";
import { BATCH_TYPE, type Event } from "@throughline/schemas/event";
import type { DocumentPack } from "@throughline/schemas/pack/parse-document-pack";
import type { EdgeInterface } from "../config/edge-config.ts";
import { createControlTracker } from "../formats/x12/control-tracker.ts";
import { createDocumentMapper } from "../map/document-mapper.ts";
import type { RawKeeper } from "../raw/raw-keeper.ts";
import { type CrosswalkSet, createCrosswalkSet } from "../map/crosswalk-set.ts";
import type { RedactionCounts } from "@throughline/schemas/way-back/redaction-counts";
import type { RedactionPolicy } from "../redact/redact-document.ts";
import { createRedactionTotals } from "../redact/redaction-totals.ts";
import { type WindowTotals, createControlTotals } from "./control-totals.ts";
import { type IntakeBatch, createIntakeBatch, isUnreadable } from "./intake-batch.ts";
import type { KeptDocument } from "./kept-document.ts";
import { createUnitParser, selectMappings } from "./parse-unit.ts";
import type { Held } from "../waiting/start-waiting.ts";
import { toUseRecord, type UseRecord } from "../uses/use-record.ts";
import type { Unit } from "./unit.ts";
import { withAttributes } from "./with-attributes.ts";

/** What came of units so far. */
export interface IntakeCounts {
  documents: number;
  events: number;
  findings: number;
  tests: number;
  unmapped: number;
}

const BATCH_EVENTS = 256;
const ROOM_PAUSE_MS = 1000;

export interface IntakeParts {
  config: EdgeInterface;
  pack: DocumentPack;
  policy: RedactionPolicy;
  /** Returns when the events are taken; throws `unavailable` when there is no room for them now. */
  append: (events: readonly Event[]) => Promise<void>;
  keep: (documents: readonly KeptDocument[]) => Promise<void>;
  /** Keeps documents that wait for crosswalks; undefined: they are kept for a person. */
  hold?: ((documents: readonly Held[]) => Promise<void>) | undefined;
  /** Notes which documents were told with the help of crosswalks, before their events are taken. */
  noteUses?: ((records: readonly UseRecord[]) => Promise<void>) | undefined;
  now?: () => number;
  /** Those of the pack, unless given. */
  crosswalks?: CrosswalkSet | undefined;
  /** What becomes of documents as they were written; undefined: only what waits for a person is kept. */
  raw?: RawKeeper | undefined;
  /** Of documents that are mapped again after a correction. */
  revision?: { number: number; reason: string } | undefined;
  signal: AbortSignal;
}

/** Turns what a source reads into events. */
export interface Intake {
  /** Returns when all of the units are taken, on disk that is, in their order; throws when they are not. Small ones are written together. */
  take: (units: readonly Unit[]) => Promise<void>;
  counts: () => IntakeCounts;
  /** What redaction did to the documents of these units. */
  redacted: () => RedactionCounts;
  /** What was taken since it was asked last, by source. */
  takeTotals: () => ReadonlyMap<string, WindowTotals>;
  sources: () => ReadonlySet<string>;
}

export function createIntake(parts: IntakeParts): Intake {
  const { config, raw } = parts;
  const counts: IntakeCounts = { documents: 0, events: 0, findings: 0, tests: 0, unmapped: 0 };
  const totals = createControlTotals();
  const sources = new Set(config.source === undefined ? [] : [config.source]);
  const append = createPatientAppend(parts);
  const redaction = createRedactionTotals(config.format);
  const mapUnit = createUnitMapper(parts, { counts, redaction });
  const write = async (batch: IntakeBatch, isPatient: boolean) => {
    const { drafts, documents, held, uses, events } = batch.take();
    await Promise.all([raw?.append(drafts), uses.length > 0 ? parts.noteUses?.(uses) : undefined]);
    if (documents.length > 0) await parts.keep(documents);
    if (held.length > 0) await parts.hold?.(held);
    await append(events, isPatient);
    counts.events += events.length;
    for (const event of events) {
      sources.add(event.source);
      totals.add(event);
    }
  };
  return {
    take: async (units) => {
      const batch = createIntakeBatch();
      for (const unit of units)
        for await (const size of mapUnit(unit, batch)) if (size >= BATCH_EVENTS) await write(batch, unit.isPatient);
      await write(
        batch,
        units.every(({ isPatient }) => isPatient),
      );
      counts.documents += batch.documents();
    },
    counts: () => ({ ...counts }),
    redacted: redaction.read,
    takeTotals: totals.take,
    sources: () => sources,
  };
}

/** Waits for room where units can wait. */
function createPatientAppend({ append, signal }: IntakeParts) {
  return async (events: readonly Event[], isPatient: boolean): Promise<void> => {
    for (;;) {
      try {
        return await append(events);
      } catch (error) {
        signal.throwIfAborted();
        if (!isPatient || !(error instanceof AppError)) throw error;
        await pause(ROOM_PAUSE_MS, undefined, { signal });
      }
    }
  };
}

/** Maps a unit document by document into a batch, and says each time how many events it holds by then. */
function createUnitMapper(
  parts: IntakeParts,
  { counts, redaction }: { counts: IntakeCounts; redaction: ReturnType<typeof createRedactionTotals> },
) {
  const { config, pack, policy, raw, revision, crosswalks, now = Date.now } = parts;
  const mappings = selectMappings(pack, config);
  const known = crosswalks ?? createCrosswalkSet(pack.crosswalks, config.id);
  const mapper = createDocumentMapper({ ...pack, mappings }, policy, known);
  const parse = createUnitParser(config.format, { tracker: createControlTracker(), layout: mappings[0] ?? {} });
  const context = { zone: config.zone, source: config.source, site: config.site, revision };
  return async function* (unit: Unit, batch: IntakeBatch): AsyncGenerator<number, void, void> {
    const { identity, traceparent } = unit;
    const reading = raw?.begin(unit);
    const takenAt = new Date(now()).toISOString();
    if (raw !== undefined && reading === undefined) counts.findings++;
    const own = { documents: 0, events: 0, unreadable: 0 };
    for await (const item of parse(reading?.stream ?? unit.stream, { isMessage: unit.raw !== undefined })) {
      counts.findings += item.findings.length;
      const { ordinal } = item.position;
      if (item.document === undefined) {
        if (isUnreadable(item, own)) batch.addUnreadable(unit, item, own.unreadable++);
        yield batch.size();
        continue;
      }
      own.documents++;
      const mapped = mapper.map(item.document, { ...context, digest: identity, ordinal, traceparent });
      own.events += mapped.events.length;
      if (mapped.redaction !== undefined) redaction.add(mapped.redaction);
      const waiting = mapped.unmapped.filter(({ code }) => code !== "test");
      counts.tests += mapped.unmapped.length - waiting.length;
      counts.unmapped += waiting.length;
      const attributes = reading?.attributes(ordinal);
      const { events, unknown, used } = mapped;
      const said = { document: item.document, context: { digest: identity, ordinal, traceparent }, raw: attributes };
      const told = events.map((event) => withAttributes(event, attributes));
      const held = parts.hold && unknown.length > 0 ? { ...said, unknown, used, events: told } : undefined;
      batch.addMapped(unit, { position: item.position, events: told, waiting, held });
      if (held === undefined && used.length > 0 && parts.noteUses !== undefined)
        batch.addUse(toUseRecord(said, { interface: config.id, revision: 0, uses: used, at: takenAt }));
      yield batch.size();
    }
    const rest = await reading?.end();
    const trailer = toTrailer(config, unit, own);
    batch.addEnd({ drafts: rest?.drafts ?? [], events: [...(rest?.events ?? []), ...(trailer ? [trailer] : [])] });
    batch.count(own.documents);
    yield batch.size();
  };
}

/** The last word of a file, where one source speaks in it. */
function toTrailer(
  { id, source, site }: EdgeInterface,
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
    ...(site !== undefined && { site }),
    data: { attributes: { name: id, rows: documents, events } },
  };
}
