import { join } from "node:path";
import type { Event } from "@throughline/schemas/event";
import type { Logger } from "pino";
import type { NativeDocument } from "../formats/document.ts";
import { toReason } from "../sources/to-reason.ts";
import type { Spool } from "../spool/open-spool.ts";
import { openUses, type Uses } from "../uses/open-uses.ts";
import { createReplacing } from "../uses/replace-used.ts";
import { createReplacedTeller } from "../uses/tell-replaced.ts";
import { findReplacements, toUseRecord, type UseRecord } from "../uses/use-record.ts";
import { toTextDraft } from "./text-draft.ts";
import { mapWaiting } from "./map-again.ts";
import { createTeller } from "./tell-waiting.ts";
import { toContentDigest, toEventKey, toStored, toWaitingKey, type WaitingDocument } from "./waiting-document.ts";
import { groupWaiting } from "./waiting-groups.ts";
import type { WaitingInterface } from "./waiting-interface.ts";
import { openWaitingStore, type WaitingEntry, type WaitingStore } from "./waiting-store.ts";

/** A document that was mapped as far as it could be, and the events that say so. */
export interface Held extends Pick<WaitingDocument, "context" | "raw" | "unknown" | "used"> {
  document: NativeDocument;
  events: readonly Event[];
}

/** The documents that wait for crosswalks, and what becomes of them. */
export interface Waiting {
  /** Returns when they are on disk. One that waits already is left as it is. */
  hold: (interfaceId: string, documents: readonly Held[]) => Promise<void>;
  /** Returns when it is on disk which documents were told with the help of crosswalks. */
  noteUses: (interfaceId: string, records: readonly UseRecord[]) => Promise<void>;
  /** Documents of this interface are mapped again from now on, until the returned function is called. */
  register: (interfaceId: string, how: WaitingInterface) => () => void;
  /** Maps again what can be, and tells what waits; as it does by itself every few seconds. */
  look: () => Promise<void>;
  state: WaitingStore["state"];
  stop: () => Promise<void>;
}

const LOOK_MS = 2000;

/**
 * Keeps documents whose values crosswalks lack, maps them again as a higher revision when they know more, and tells the tower what waits.
 * What is to be told is on disk before it goes into the spool, so that a crash repeats it and changes nothing of it.
 */
export async function startWaiting(parts: {
  directory: string;
  secret: Uint8Array;
  maxBytes: number;
  /** How long it is known which documents used which translations. */
  maxAgeMs: number;
  spool: Pick<Spool, "append">;
  logger: Logger;
  now: () => number;
}): Promise<Waiting> {
  const { directory, secret, spool, logger, now } = parts;
  const uses = await openUses(parts);
  const store = await openWaitingStore(parts);
  const interfaces = new Map<string, WaitingInterface>();
  const tell = await createTeller({ path: join(directory, "told"), secret, spool, now });
  const tellReplaced = await createReplacedTeller({ path: join(directory, "replaced"), secret, uses, spool, now });
  const { mapDue, finish } = createMapper(store, { interfaces, spool, uses });
  const replacing = createReplacing({ uses, interfaces, isWaiting: store.has, finish });
  let isReplacedTold = false;
  const look = async () => {
    await mapDue();
    const isChanged = await replacing.look();
    await tell(groupWaiting(store.list()), interfaces);
    if (isChanged || !isReplacedTold) await tellReplaced();
    isReplacedTold = true;
  };
  const loop = createLoop(look, (error) =>
    logger.warn({ reason: toReason(error) }, "Documents that wait for crosswalks could not be looked at"),
  );
  return {
    hold: async (interfaceId, documents) => {
      for (const held of documents) await holdOne(store, { interfaceId, held, since: new Date(now()).toISOString() });
    },
    noteUses: async (interfaceId, records) => {
      await uses.append(records);
      const how = interfaces.get(interfaceId);
      // Crosswalks may have changed while these were mapped.
      if (how !== undefined && records.some((record) => findReplacements(record.uses, how.translate).length > 0))
        replacing.forget(interfaceId);
    },
    register: (interfaceId, how) => {
      interfaces.set(interfaceId, how);
      return () => {
        if (interfaces.get(interfaceId) === how) interfaces.delete(interfaceId);
      };
    },
    look: loop.run,
    state: store.state,
    stop: async () => {
      await loop.stop();
      await uses.close();
    },
  };
}

/** Maps again what may be known by now, one document after the other. */
function createMapper(
  store: WaitingStore,
  {
    interfaces,
    spool,
    uses,
  }: { interfaces: ReadonlyMap<string, WaitingInterface>; spool: Pick<Spool, "append">; uses: Uses },
) {
  /** With which crosswalks a document was tried last. */
  const tried = new Map<string, unknown>();
  const finish = async (key: string, waiting: WaitingDocument) => {
    const { outbox, ...rest } = waiting;
    if (outbox !== undefined) await spool.append(outbox.map(toTextDraft));
    if (rest.unknown.length === 0) {
      tried.delete(key);
      await noteUse(uses, rest);
      await store.remove(key);
    } else if (outbox !== undefined) await store.put(rest);
  };
  /** What was mapped again is on disk first, then told, so that a crash repeats it and changes nothing of it. */
  const putAndFinish = async (key: string, next: WaitingDocument) => {
    await store.put(next);
    await finish(key, next);
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
    const because = findReplacements(waiting.used, how.translate);
    await putAndFinish(entry.key, { ...result.next, because: [...waiting.because, ...because] });
  };
  const isDue = ({ key, interface: name, unknown, used, hasOutbox }: WaitingEntry) => {
    const how = interfaces.get(name);
    if (hasOutbox) return true;
    if (how === undefined || (tried.has(key) && tried.get(key) === how.version())) return false;
    if (unknown.some(({ table, value }) => how.knows(table, value))) return true;
    if (findReplacements(used, how.translate).length > 0) return true;
    tried.set(key, how.version());
    return false;
  };
  const mapDue = async () => {
    for (const entry of store.list().filter(isDue)) await tryAgain(entry);
  };
  return { mapDue, finish: putAndFinish };
}

/** What a document that waits no more was told with. */
async function noteUse(uses: Uses, waiting: WaitingDocument): Promise<void> {
  const { interface: name, context, raw, revision, used, because, since: at } = waiting;
  if (used.length === 0) return;
  await uses.append([toUseRecord({ context, raw }, { interface: name, revision, uses: used, because, at })]);
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
    because: [],
    revision: 0,
    told,
  };
  if (!store.has(toWaitingKey(waiting))) await store.put(waiting);
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
