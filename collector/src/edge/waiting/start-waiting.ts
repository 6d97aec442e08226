import { createHash } from "node:crypto";
import { join } from "node:path";
import { type Event, MAPPING_WAITING_TYPE } from "@throughline/schemas/event";
import type { Logger } from "pino";
import { z } from "zod";
import type { NativeDocument } from "../formats/document.ts";
import { toDraft } from "../run/to-draft.ts";
import { toReason } from "../sources/to-reason.ts";
import type { Spool } from "../spool/open-spool.ts";
import { toTextDraft } from "./text-draft.ts";
import { type MapAgain, mapWaiting } from "./map-again.ts";
import { readSealed, writeSealed } from "./sealed-file.ts";
import {
  toContentDigest,
  toEventKey,
  toWaitingKey,
  type WaitingDocument,
  waitingDocument,
} from "./waiting-document.ts";
import { groupWaiting, MAX_GROUPS, type WaitingGroup } from "./waiting-groups.ts";
import { openWaitingStore, type WaitingEntry, type WaitingStore } from "./waiting-store.ts";

/** How documents of an interface are mapped now. */
export interface WaitingInterface {
  map: MapAgain;
  /** True where crosswalks say something of a value, on whatever day. */
  knows: (table: string, value: string) => boolean;
  /** Changes when what is said of values may have changed. */
  version: () => unknown;
  /** Why documents are mapped again, for whoever reads the events. */
  reason: () => string;
  kindOf: (table: string) => string;
}

/** A document that was mapped as far as it could be, and the events that say so. */
export interface Held extends Pick<WaitingDocument, "context" | "raw" | "unknown"> {
  document: NativeDocument;
  events: readonly Event[];
}

/** The documents that wait for crosswalks, and what becomes of them. */
export interface Waiting {
  /** Returns when they are on disk. One that waits already is left as it is. */
  hold: (interfaceId: string, documents: readonly Held[]) => Promise<void>;
  /** Documents of this interface are mapped again from now on, until the returned function is called. */
  register: (interfaceId: string, how: WaitingInterface) => () => void;
  /** Maps again what can be, and tells what waits; as it does by itself every few seconds. */
  look: () => Promise<void>;
  state: WaitingStore["state"];
  stop: () => Promise<void>;
}

const LOOK_MS = 2000;
const toldGroups = z.record(
  z.string(),
  z.object({
    interface: z.string(),
    table: z.string(),
    value: z.string(),
    domain: z.string(),
    site: z.string(),
    types: z.array(z.string()),
    documents: z.number(),
    since: z.string(),
  }),
);

/**
 * Keeps documents whose values crosswalks lack, maps them again as a higher revision when they know more, and tells the tower what waits.
 * What is to be told is on disk before it goes into the spool, so that a crash repeats it and changes nothing of it.
 */
export async function startWaiting(parts: {
  directory: string;
  secret: Uint8Array;
  maxBytes: number;
  spool: Pick<Spool, "append">;
  logger: Logger;
  now: () => number;
}): Promise<Waiting> {
  const { directory, secret, spool, logger, now } = parts;
  const store = await openWaitingStore(parts);
  const interfaces = new Map<string, WaitingInterface>();
  const tell = await createTeller({ path: join(directory, "told"), secret, spool, now });
  const mapDue = createMapper(store, { interfaces, spool });
  const look = async () => {
    await mapDue();
    await tell(groupWaiting(store.list()), interfaces);
  };
  const loop = createLoop(look, (error) =>
    logger.warn({ reason: toReason(error) }, "Documents that wait for crosswalks could not be looked at"),
  );
  return {
    hold: async (interfaceId, documents) => {
      for (const held of documents) await holdOne(store, { interfaceId, held, since: new Date(now()).toISOString() });
    },
    register: (interfaceId, how) => {
      interfaces.set(interfaceId, how);
      return () => {
        if (interfaces.get(interfaceId) === how) interfaces.delete(interfaceId);
      };
    },
    look: loop.run,
    state: store.state,
    stop: loop.stop,
  };
}

/** Maps again what may be known by now, one document after the other. */
function createMapper(
  store: WaitingStore,
  { interfaces, spool }: { interfaces: ReadonlyMap<string, WaitingInterface>; spool: Pick<Spool, "append"> },
): () => Promise<void> {
  /** With which crosswalks a document was tried last. */
  const tried = new Map<string, unknown>();
  const finish = async (key: string, waiting: WaitingDocument) => {
    const { outbox, ...rest } = waiting;
    if (outbox !== undefined) await spool.append(outbox.map(toTextDraft));
    if (rest.unknown.length === 0) {
      tried.delete(key);
      await store.remove(key);
    } else if (outbox !== undefined) await store.put(rest);
  };
  const tryAgain = async (entry: WaitingEntry) => {
    const how = interfaces.get(entry.interface);
    const waiting = await store.get(entry.key);
    if (waiting === undefined) return store.remove(entry.key);
    if (waiting.outbox !== undefined) return finish(entry.key, waiting);
    if (how === undefined) return;
    const version = how.version();
    const result = mapWaiting(waiting, how.map, how.reason());
    tried.set(entry.key, version);
    if (result === undefined) return;
    await store.put(result.next);
    await finish(entry.key, result.next);
  };
  const isDue = ({ key, interface: name, unknown, hasOutbox }: WaitingEntry) => {
    const how = interfaces.get(name);
    if (hasOutbox) return true;
    if (how === undefined || (tried.has(key) && tried.get(key) === how.version())) return false;
    if (unknown.some(({ table, value }) => how.knows(table, value))) return true;
    tried.set(key, how.version());
    return false;
  };
  return async () => {
    for (const entry of store.list().filter(isDue)) await tryAgain(entry);
  };
}

async function holdOne(
  store: WaitingStore,
  { interfaceId, held, since }: { interfaceId: string; held: Held; since: string },
): Promise<void> {
  const { events, document, ...of } = held;
  const told = Object.fromEntries(events.map((event) => [toEventKey(event), toContentDigest(event)]));
  const site = events.find((event) => typeof event.site === "string")?.site ?? undefined;
  const waiting: WaitingDocument = {
    interface: interfaceId,
    since,
    site,
    document: toStored(document),
    ...of,
    revision: 0,
    told,
  };
  if (!store.has(toWaitingKey(waiting))) await store.put(waiting);
}

/** A document without an id is stored without one. */
function toStored({ id, ...rest }: NativeDocument): WaitingDocument["document"] {
  return waitingDocument.shape.document.parse({ ...rest, ...(id !== undefined && { id }) });
}

/** One run at a time, again and again, and once more when asked. */
function createLoop(work: () => Promise<void>, onError: (error: unknown) => void) {
  let running: Promise<void> = Promise.resolve();
  const run = () => {
    running = running.then(work, work);
    return running;
  };
  let isIdle = true;
  const timer = setInterval(() => {
    if (!isIdle) return;
    isIdle = false;
    run()
      .catch(onError)
      .finally(() => (isIdle = true));
  }, LOOK_MS);
  return {
    run,
    stop: async () => {
      clearInterval(timer);
      await running.catch(() => undefined);
    },
  };
}

/** Tells what waits when it changed; what was told last outlives a restart, so that what is done with is told as well. */
async function createTeller(parts: {
  path: string;
  secret: Uint8Array;
  spool: Pick<Spool, "append">;
  now: () => number;
}) {
  const { path, secret, spool, now } = parts;
  const text = await readSealed(path, secret);
  let told = new Map(Object.entries(text === undefined ? {} : toldGroups.parse(JSON.parse(text))));
  return async (groups: Map<string, WaitingGroup>, interfaces: ReadonlyMap<string, WaitingInterface>) => {
    const changed = [...groups].filter(([id, group]) => JSON.stringify(told.get(id)) !== JSON.stringify(group));
    const gone = [...told].filter(([id, group]) => !groups.has(id) && group.documents > 0);
    const fresh = [...changed, ...gone.map(([id, group]): [string, WaitingGroup] => [id, { ...group, documents: 0 }])];
    if (fresh.length === 0) return;
    const at = new Date(now()).toISOString();
    const events = fresh.slice(0, MAX_GROUPS).map(([id, group]) => toWaitingEvent(group, { id, at, interfaces }));
    await spool.append(events.map(toDraft));
    const next = new Map(told);
    for (const [id, group] of fresh)
      if (group.documents > 0) next.set(id, group);
      else next.delete(id);
    told = next;
    await writeSealed(path, JSON.stringify(Object.fromEntries(told)), secret);
  };
}

function toWaitingEvent(
  group: WaitingGroup,
  { id, at, interfaces }: { id: string; at: string; interfaces: ReadonlyMap<string, WaitingInterface> },
): Event {
  const { site, ...attributes } = group;
  const { interface: name, table, documents } = group;
  const how = interfaces.get(name);
  const hash = createHash("sha256").update(`${id}\n${at}\n${documents}`).digest("hex").slice(0, 24);
  const error = {
    class: "mapping" as const,
    code: `unknown_${table.replaceAll("-", "_")}`,
    message: `the crosswalk ${table} lacks a value that documents wait for`,
    retryable: false,
  };
  return {
    specversion: "1.0",
    id: `waiting-${hash}`,
    source: `/edge/${name}`,
    type: MAPPING_WAITING_TYPE,
    time: at,
    ...(site !== "" && { site }),
    data: {
      ...(documents > 0 ? { outcome: "failed" as const, error } : { outcome: "ok" as const }),
      attributes: { ...attributes, kind: how?.kindOf(table) ?? "" },
    },
  };
}
