import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { readSealed, writeSealed } from "./sealed-file.ts";
import { toWaitingKey, type UnknownOf, type WaitingDocument, waitingDocument } from "./waiting-document.ts";

/** What is known of a waiting document without reading it. */
export interface WaitingEntry {
  key: string;
  interface: string;
  since: string;
  site: string | undefined;
  unknown: readonly UnknownOf[];
  used: WaitingDocument["used"];
  hasOutbox: boolean;
  sizeBytes: number;
}

/** Documents that wait at the edge for a crosswalk, each sealed in a file of its own. */
export interface WaitingStore {
  has: (key: string) => boolean;
  /** Returns when it is on disk. At the bound the oldest give way. */
  put: (document: WaitingDocument) => Promise<string>;
  get: (key: string) => Promise<WaitingDocument | undefined>;
  remove: (key: string) => Promise<void>;
  /** Oldest first. */
  list: () => readonly WaitingEntry[];
  state: () => { documents: number; sizeBytes: number; dropped: number };
}

const NAME = /^(?<key>[0-9a-f]{32})\.waiting$/;

export async function openWaitingStore(options: {
  directory: string;
  secret: Uint8Array;
  maxBytes: number;
}): Promise<WaitingStore> {
  const { directory, secret, maxBytes } = options;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const entries = await recover(directory, secret);
  let dropped = 0;
  const toPath = (key: string) => join(directory, `${key}.waiting`);
  const sizeOf = () => [...entries.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const oldestFirst = () => [...entries.values()].toSorted((a, b) => (a.since < b.since ? -1 : 1));
  const remove = async (key: string) => {
    await rm(toPath(key), { force: true });
    entries.delete(key);
  };
  const makeRoom = async (kept: string) => {
    let sizeBytes = sizeOf();
    for (const entry of oldestFirst()) {
      if (sizeBytes <= maxBytes) return;
      if (entry.key === kept) continue;
      await remove(entry.key);
      sizeBytes -= entry.sizeBytes;
      dropped++;
    }
  };
  return {
    has: (key) => entries.has(key),
    put: async (document) => {
      const key = toWaitingKey(document);
      const sizeBytes = await writeSealed(toPath(key), JSON.stringify(document), secret);
      entries.set(key, toEntry(key, document, sizeBytes));
      await makeRoom(key);
      return key;
    },
    get: (key) => read(toPath(key), secret),
    remove,
    list: oldestFirst,
    state: () => ({ documents: entries.size, sizeBytes: sizeOf(), dropped }),
  };
}

async function recover(directory: string, secret: Uint8Array): Promise<Map<string, WaitingEntry>> {
  const entries = new Map<string, WaitingEntry>();
  for (const name of await readdir(directory)) {
    const key = NAME.exec(name)?.groups?.["key"];
    if (key === undefined) continue;
    const path = join(directory, name);
    const document = await read(path, secret);
    // One that cannot be read stays where it is, for whoever has its key.
    if (document !== undefined) entries.set(key, toEntry(key, document, (await stat(path)).size));
  }
  return entries;
}

async function read(path: string, secret: Uint8Array): Promise<WaitingDocument | undefined> {
  const text = await readSealed(path, secret);
  return text === undefined ? undefined : waitingDocument.parse(JSON.parse(text));
}

function toEntry(key: string, document: WaitingDocument, sizeBytes: number): WaitingEntry {
  const { interface: name, since, site, unknown, used, outbox } = document;
  return { key, interface: name, since, site, unknown, used, hasOutbox: outbox !== undefined, sizeBytes };
}
