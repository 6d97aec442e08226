import { closeSync, fdatasyncSync, openSync, readdirSync, writeFileSync } from "node:fs";
import { type FileHandle, open, readFile, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Criticality } from "../event.ts";
import type { EncodedEvent } from "../exporters/exporter.ts";
import type { DropReason } from "../problem.ts";
import { CRITICALITIES } from "./event-queue.ts";
import { lockSpool } from "./spool-lock.ts";
import { type Segment, parseLines, parseSegmentName, toLines, toSegmentName } from "./spool-segment.ts";

export interface SpoolOptions {
  /** Of this SDK alone; created when it is not there, readable by this user only. */
  directory: string;
  /** On disk; 64 MiB unless given. */
  maxBytes?: number;
  /** `always`, the default: each append is on the disk before its events leave the memory. `never`: the system decides when. */
  sync?: "always" | "never";
}

/** Events read back, to be sent. */
export interface SpoolChunk {
  events: EncodedEvent[];
  /** So many of them have been dealt with; with the last one the file is removed. */
  settle(count: number): Promise<void>;
}

/** A bounded store of events on disk. Its asynchronous functions are called one after the other. */
export interface Spool {
  /** Finds what an earlier process left. Returns how many events. Throws when the directory cannot be used. */
  open(): Promise<number>;
  /** Keeps events. Those that found no room are dropped, and told. Throws when the disk fails: then none may be forgotten. */
  append(events: readonly EncodedEvent[]): Promise<void>;
  /** The same at once, when the process ends; also while it is being opened. Throws when the spool is not this one's. */
  appendNow(events: readonly EncodedEvent[]): void;
  take(): Promise<SpoolChunk | undefined>;
  size(): { events: number; bytes: number };
  close(): Promise<void>;
}

interface State {
  directory: string;
  maxBytes: number;
  isSynced: boolean;
  segments: Segment[];
  nextOrder: number;
  writing: Map<Criticality, { segment: Segment; file: FileHandle }>;
  sending: Segment | undefined;
  onDrop: (reason: DropReason, count: number) => void;
  onDamage: (lines: number) => void;
}

const MAX_BYTES = 64 * 1024 * 1024;
/** A segment is sent as one request. */
const SEGMENT_BYTES = 512 * 1024;
const SEGMENT_EVENTS = 1000;

export function createSpool(options: SpoolOptions & Pick<State, "onDrop" | "onDamage">): Spool {
  const { directory, maxBytes = MAX_BYTES, sync = "always", onDrop, onDamage } = options;
  const state: State = {
    directory,
    maxBytes,
    isSynced: sync === "always",
    segments: [],
    nextOrder: 1,
    writing: new Map(),
    sending: undefined,
    onDrop,
    onDamage,
  };
  let release: (() => void) | undefined;
  return {
    open: async () => {
      release = lockSpool(directory);
      if (release === undefined) throw new Error(`${directory} is in use by another process or SDK.`);
      return findSegments(state);
    },
    append: async (events) => {
      for (const criticality of CRITICALITIES) {
        const these = events.filter((event) => event.criticality === criticality);
        for (let first = 0; first < these.length; first += SEGMENT_EVENTS)
          await appendTo(state, criticality, these.slice(first, first + SEGMENT_EVENTS));
      }
    },
    appendNow: (events) => {
      if (release === undefined) throw new Error(`${directory} is not open.`);
      appendAtOnce(state, events);
    },
    take: () => takeSegment(state),
    size: () => sizeOf(state),
    close: async () => {
      for (const criticality of CRITICALITIES) await seal(state, criticality);
      release?.();
      release = undefined;
    },
  };
}

async function findSegments(state: State): Promise<number> {
  const names = (await readdir(state.directory)).toSorted();
  for (const name of names) {
    const found = parseSegmentName(name);
    if (found === undefined) continue;
    const path = join(state.directory, name);
    const { events, damaged } = parseLines(await readFile(path), found.criticality);
    const { size: sizeBytes } = await stat(path);
    if (damaged > 0) state.onDamage(damaged);
    state.nextOrder = Math.max(state.nextOrder, found.order + 1);
    if (events.length === 0) await rm(path, { force: true });
    else state.segments.push({ ...found, path, events: events.length, sizeBytes });
  }
  return sizeOf(state).events;
}

async function appendTo(state: State, criticality: Criticality, events: readonly EncodedEvent[]): Promise<void> {
  if (events.length === 0) return;
  const bytes = toLines(events);
  if (!(await makeRoom(state, criticality, bytes.length))) return state.onDrop("spool_full", events.length);
  const { segment, file } = await openSegment(state, criticality);
  try {
    await file.appendFile(bytes);
    if (state.isSynced) await file.datasync();
  } catch (error) {
    // What was half written ends this file; the next append begins another.
    await seal(state, criticality);
    if (segment.events === 0) await forget(state, segment);
    throw error;
  }
  segment.events += events.length;
  segment.sizeBytes += bytes.length;
  if (segment.sizeBytes >= SEGMENT_BYTES || segment.events >= SEGMENT_EVENTS) await seal(state, criticality);
}

/** Gives up the oldest segments of what is less critical. */
async function makeRoom(state: State, criticality: Criticality, sizeBytes: number): Promise<boolean> {
  while (sizeOf(state).bytes + sizeBytes > state.maxBytes) {
    const other = CRITICALITIES.slice(CRITICALITIES.indexOf(criticality) + 1)
      .toReversed()
      .map((lower) => state.segments.find((one) => one.criticality === lower && one !== state.sending))
      .find((segment) => segment !== undefined);
    if (other === undefined) return false;
    if (state.writing.get(other.criticality)?.segment === other) await seal(state, other.criticality);
    await forget(state, other);
    state.onDrop("spool_full", other.events);
  }
  return true;
}

async function openSegment(state: State, criticality: Criticality) {
  const known = state.writing.get(criticality);
  if (known !== undefined) return known;
  const segment = addSegment(state, criticality);
  const writing = { segment, file: await open(segment.path, "ax", 0o600) };
  state.segments.push(segment);
  state.writing.set(criticality, writing);
  return writing;
}

function addSegment(state: State, criticality: Criticality): Segment {
  const order = state.nextOrder++;
  const path = join(state.directory, toSegmentName(order, criticality));
  return { path, order, criticality, events: 0, sizeBytes: 0 };
}

async function seal(state: State, criticality: Criticality): Promise<void> {
  const writing = state.writing.get(criticality);
  state.writing.delete(criticality);
  await writing?.file.close();
}

async function forget(state: State, segment: Segment): Promise<void> {
  state.segments = state.segments.filter((one) => one !== segment);
  await rm(segment.path, { force: true });
}

/** The most critical segment first, of those the oldest. */
async function takeSegment(state: State): Promise<SpoolChunk | undefined> {
  const segment = CRITICALITIES.map((level) => state.segments.find((one) => one.criticality === level)).find(
    (found) => found !== undefined,
  );
  if (segment === undefined || state.sending !== undefined) return undefined;
  state.sending = segment;
  if (state.writing.get(segment.criticality)?.segment === segment) await seal(state, segment.criticality);
  const bytes = await readFile(segment.path).catch(() => Buffer.alloc(0));
  const { events } = parseLines(bytes, segment.criticality);
  const lost = segment.events - events.length;
  if (lost > 0) {
    segment.events = events.length;
    state.onDrop("spool_damaged", lost);
  }
  return {
    events,
    settle: async (count) => {
      segment.events -= count;
      if (segment.events > 0) return;
      state.sending = undefined;
      await forget(state, segment);
    },
  };
}

function appendAtOnce(state: State, events: readonly EncodedEvent[]): void {
  // What an earlier process left may not have been found yet.
  const orders = readdirSync(state.directory).map((name) => parseSegmentName(name)?.order ?? 0);
  state.nextOrder = Math.max(state.nextOrder, ...orders.map((order) => order + 1));
  for (const criticality of CRITICALITIES) {
    const these = events.filter((event) => event.criticality === criticality);
    if (these.length === 0) continue;
    const bytes = toLines(these);
    if (sizeOf(state).bytes + bytes.length > state.maxBytes) {
      state.onDrop("spool_full", these.length);
      continue;
    }
    const segment = { ...addSegment(state, criticality), events: these.length, sizeBytes: bytes.length };
    const file = openSync(segment.path, "ax", 0o600);
    writeFileSync(file, bytes);
    if (state.isSynced) fdatasyncSync(file);
    closeSync(file);
    state.segments.push(segment);
  }
}

function sizeOf({ segments }: State): { events: number; bytes: number } {
  return segments.reduce(
    (sum, { events, sizeBytes }) => ({ events: sum.events + events, bytes: sum.bytes + sizeBytes }),
    { events: 0, bytes: 0 },
  );
}
