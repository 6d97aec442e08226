import { type Context, ROOT_CONTEXT, context } from "@opentelemetry/api";
import { type RegistryFile, openRegistryFile } from "./registry-file.ts";
import { type Fields, fromFields, toFields } from "./w3c.ts";

export interface RegistryOptions {
  /** 10,000 unless given; the oldest go first. */
  maxEntries?: number;
  /** How long an entry is kept, in milliseconds; 7 days unless given. */
  maxAgeMs?: number;
  /** Keeps the entries across restarts. One file for each process. */
  path?: string;
}

/** Remembers what could not be carried, by ids of messages and documents. */
export interface Registry {
  /** Remembers a context under each of the keys, 1 to 512 characters, until later ones push it out. Returns how many were kept. */
  remember(keys: readonly string[], from?: Context): number;
  /** The context under the first of the keys that is known. */
  find(keys: readonly string[], onto?: Context): Context | undefined;
  size(): number;
  /** Resolves to true when all that was remembered is on disk, to false when the disk failed. */
  flush(): Promise<boolean>;
}

export interface RegistryEntry {
  key: string;
  fields: Fields;
  /** Milliseconds since 1970. */
  at: number;
}

const MAX_ENTRIES = 10_000;
const MAX_AGE_MS = 7 * 24 * 60 * 60 * 1000;
const MAX_KEY = 512;

/**
 * Makes a registry. With a path it reads what an earlier process left, and goes on without a disk when that fails, which
 * `flush` tells. Never throws; the file is read at once, which takes milliseconds for 10,000 entries.
 */
export function createRegistry(options: RegistryOptions = {}): Registry {
  const { maxEntries = MAX_ENTRIES, maxAgeMs = MAX_AGE_MS, path } = options;
  const entries = new Map<string, RegistryEntry>();
  const file: RegistryFile | undefined =
    path === undefined ? undefined : openRegistryFile(path, () => entries.values());
  const isOver = ({ at }: RegistryEntry) => Date.now() - at > maxAgeMs;
  const keep = (entry: RegistryEntry) => {
    entries.delete(entry.key);
    entries.set(entry.key, entry);
    for (const [key, oldest] of entries) {
      if (entries.size <= maxEntries && !isOver(oldest)) break;
      entries.delete(key);
    }
  };
  for (const entry of file?.found ?? []) keep(entry);
  return {
    remember: (keys, from = context.active()) => {
      const fields = toFields(from);
      if (fields.traceparent === undefined) return 0;
      const kept = keys.filter(isKey).map((key) => ({ key, fields, at: Date.now() }));
      kept.forEach(keep);
      file?.append(kept);
      return kept.length;
    },
    find: (keys, onto = ROOT_CONTEXT) => {
      const entry = keys.map((key) => entries.get(key)).find((found) => found !== undefined && !isOver(found));
      return entry === undefined ? undefined : fromFields(entry.fields, onto);
    },
    size: () => entries.size,
    flush: () => file?.flush() ?? Promise.resolve(true),
  };
}

function isKey(key: unknown): key is string {
  return typeof key === "string" && key.length > 0 && key.length <= MAX_KEY;
}
