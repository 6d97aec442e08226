import { createHash } from "node:crypto";
import { AppError } from "@throughline/schemas/error";
import { type Event, HEARTBEAT_TYPE } from "@throughline/schemas/event";
import { parseEvent } from "@throughline/schemas/event-validator";
import type { ImportMapping } from "@throughline/schemas/pack/import-mapping";
import type { FileRecord } from "./file-record.ts";
import type { ImportState, StateStore } from "./import-state.ts";
import { createRecordMapper, type MapResult } from "./map-record.ts";
import type { ImportInput } from "./open-input.ts";
import { createRecentIdentities } from "./recent-identities.ts";
import type { SendEvents } from "./send-events.ts";
import { createSummary, type ImportSummary } from "./summary.ts";

export interface ImportOptions {
  input: ImportInput;
  mapping: ImportMapping;
  gateway: string;
  send: SendEvents;
  state: StateStore;
  /** Begin behind the last acknowledged record. */
  isResuming: boolean;
  revision?: { number: number; reason: string } | undefined;
  /** Bytes of the file read so far, and records. */
  onProgress: (bytes: number, records: number) => void;
  /** Each refused record: its number (from 1) and the reason. */
  onRefused?: (record: number, reason: string) => void;
}

const BATCH_EVENTS = 1000;
const BATCH_CHARACTERS = 900_000;

interface Waiting {
  /** Number of the record, from 1. */
  record: number;
  event: Event;
  characters: number;
}

/**
 * Imports a file: maps each record, sends the events in batches, remembers after each batch how far it got, and in the end
 * declares every source of the file complete up to its last event. Memory does not grow with the number of records.
 */
export async function runImport(options: ImportOptions): Promise<ImportSummary> {
  const { input, state } = options;
  const before = await state.find();
  const progress = toStart(options, before);
  const summary = createSummary();
  const skipUntil = options.isResuming ? progress.acknowledged : 0;
  const already = before?.recipe === progress.recipe ? before.acknowledged : 0;
  const take = createTaker(options, summary, already);
  let waiting: Waiting[] = [];
  let characters = 0;
  let record = 0;
  const flush = async () => {
    await sendBatch(options, waiting, summary);
    waiting = [];
    characters = 0;
    progress.acknowledged = Math.max(progress.acknowledged, record);
    await state.save(progress);
  };
  let bytes = 0;
  for await (const item of input.records((read) => (bytes += read))) {
    record += 1;
    const event = take(item, record);
    if (event !== undefined && record > skipUntil) {
      const length = JSON.stringify(event).length;
      if (waiting.length > 0 && characters + length > BATCH_CHARACTERS) await flush();
      waiting.push({ record, event, characters: length });
      characters += length;
    } else if (event !== undefined) summary.resumed += 1;
    if (waiting.length >= BATCH_EVENTS) await flush();
    if (record % 500 === 0) options.onProgress(bytes, record);
  }
  if (waiting.length > 0) await flush();
  options.onProgress(bytes, record);
  await declareComplete(options, summary);
  await state.save({ ...progress, acknowledged: record, isComplete: true });
  return summary.finish(record);
}

type Summary = ReturnType<typeof createSummary>;

/** What a record of the file becomes; refusals and repetitions are noted in the summary. */
function createTaker(options: ImportOptions, summary: Summary, already: number) {
  const { input, mapping, revision } = options;
  const map = createRecordMapper({ mapping, file: input, digest: input.digest, objects: input.objects, revision });
  const identities = createRecentIdentities();
  return (item: FileRecord, record: number): Event | undefined => {
    const result = toResult(item, record, map);
    if (item.kind === "activity") summary.countActivity(item.activity);
    if (result.kind === "skipped") summary.skipped += 1;
    if (result.kind === "refused") {
      summary.refuse(record, result.reason);
      options.onRefused?.(record, result.reason);
    }
    if (result.kind !== "event") return undefined;
    const { event } = result;
    // Ids made of digest and number cannot repeat; those that come with the file can.
    const isRepeated = (item.kind === "event" || mapping.id !== undefined) && identities.seen(toIdentity(event));
    summary.countEvent(event);
    if (isRepeated || record <= already) summary.duplicates += 1;
    return event;
  };
}

function toIdentity({ source, id, data }: Event): string {
  return `${source} ${id} ${typeof data === "object" ? (data?.revision ?? 0) : 0}`;
}

function toResult(item: FileRecord, record: number, map: ReturnType<typeof createRecordMapper>): MapResult {
  if (item.kind === "unreadable") return { kind: "refused", reason: item.reason };
  if (item.kind === "activity") return map(item, record - 1);
  const parsed = parseEvent(item.event);
  if (parsed.ok) return { kind: "event", event: parsed.event };
  return { kind: "refused", reason: parsed.issues.map(({ path, message }) => `${path} ${message}`.trim()).join("; ") };
}

async function sendBatch(options: ImportOptions, waiting: readonly Waiting[], summary: Summary): Promise<void> {
  const refused = await options.send(waiting.map(({ event }) => event));
  summary.accepted += waiting.length - refused.length;
  for (const { index, reason } of refused) {
    const record = waiting[index]?.record ?? 0;
    summary.refuse(record, reason);
    options.onRefused?.(record, reason);
  }
}

/** Says of each source that everything up to its last event has been sent. */
async function declareComplete(options: ImportOptions, summary: Summary): Promise<void> {
  const { digest } = options.input;
  const heartbeats = [...summary.sources].map(([source, { watermark, events }]): Event => ({
    specversion: "1.0",
    id: `${digest.slice(0, 32)}:complete${options.revision === undefined ? "" : `:${options.revision.number}`}`,
    source,
    type: HEARTBEAT_TYPE,
    time: watermark,
    data: { attributes: { watermark, complete: true, import: true, events } },
  }));
  for (let start = 0; start < heartbeats.length; start += BATCH_EVENTS) {
    const refused = await options.send(heartbeats.slice(start, start + BATCH_EVENTS));
    const first = refused[0];
    if (first !== undefined)
      throw new AppError("invalid_request", `The gateway refused to take a source as complete: ${first.reason}`);
  }
}

/** Where an import begins. A mapping that changed since has to come as a revision, or its events would contradict the old. */
function toStart(options: ImportOptions, before: ImportState | undefined): ImportState {
  const { input, mapping, gateway, isResuming, revision } = options;
  const number = revision?.number ?? 0;
  const recipe = createHash("sha256")
    .update(JSON.stringify([mapping, number]))
    .digest("hex");
  const fresh = {
    file: input.path,
    digest: input.digest,
    gateway,
    recipe,
    revision: number,
    acknowledged: 0,
    isComplete: false,
  };
  if (before === undefined) return fresh;
  if (before.recipe === recipe) return isResuming ? { ...before, file: input.path, isComplete: false } : fresh;
  if (number > before.revision) return fresh;
  throw new AppError(
    "conflict",
    `${input.path} was imported with another mapping before. Import it again with --revision ${before.revision + 1} --reason "what was corrected", so that the new events replace the old.`,
  );
}
