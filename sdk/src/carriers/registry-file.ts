import { readFileSync, statSync } from "node:fs";
import { appendFile, rename, writeFile } from "node:fs/promises";
import type { RegistryEntry } from "./registry.ts";
import { pickFields } from "./w3c.ts";

/** The entries of a registry on disk: a line of JSON each, begun by its line break, so that a half written one harms no other. */
export interface RegistryFile {
  /** What an earlier process left, oldest first. */
  readonly found: readonly RegistryEntry[];
  append(entries: readonly RegistryEntry[]): void;
  flush(): Promise<boolean>;
}

const MAX_FILE_BYTES = 64 * 1024 * 1024;
/** Rewritten when the file has so many lines beyond those that count. */
const SPARE_LINES = 10_000;
/** What a disk that hangs may leave in memory. */
const MAX_WAITING = 20_000;

/** `listCurrent` gives the entries that count, for when the file is rewritten. */
export function openRegistryFile(path: string, listCurrent: () => Iterable<RegistryEntry>): RegistryFile {
  const read = readEntries(path);
  let lines = read?.length ?? Number.POSITIVE_INFINITY;
  let waiting: RegistryEntry[] = [];
  let writing: Promise<void> | undefined;
  let isWhole = true;
  const write = async () => {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      const current = [...listCurrent()];
      const isCrowded = lines + batch.length > current.length + SPARE_LINES;
      try {
        if (isCrowded) await rewrite(path, current);
        else await appendFile(path, toLines(batch));
        lines = isCrowded ? current.length : lines + batch.length;
      } catch {
        isWhole = false;
      }
    }
    writing = undefined;
  };
  return {
    found: read ?? [],
    append: (entries) => {
      if (entries.length === 0) return;
      if (waiting.length + entries.length > MAX_WAITING) isWhole = false;
      else waiting.push(...entries);
      writing ??= write();
    },
    flush: async () => {
      await writing;
      const wasWhole = isWhole;
      isWhole = true;
      return wasWhole;
    },
  };
}

async function rewrite(path: string, entries: readonly RegistryEntry[]): Promise<void> {
  await writeFile(`${path}.tmp`, toLines(entries));
  await rename(`${path}.tmp`, path);
}

function toLines(entries: readonly RegistryEntry[]): string {
  return entries.map((entry) => `\n${JSON.stringify(entry)}`).join("");
}

/** A missing file has none; undefined for one that is too large. A line that was half written is left out. */
function readEntries(path: string): RegistryEntry[] | undefined {
  try {
    if (statSync(path).size > MAX_FILE_BYTES) return undefined;
    return readFileSync(path, "utf8")
      .split("\n")
      .flatMap((line) => parseEntry(line) ?? []);
  } catch {
    return [];
  }
}

function parseEntry(line: string): RegistryEntry | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    if (typeof entry !== "object" || entry === null) return undefined;
    const { key, at, fields }: { key?: unknown; at?: unknown; fields?: unknown } = entry;
    if (typeof key !== "string" || typeof at !== "number" || typeof fields !== "object" || fields === null)
      return undefined;
    return { key, at, fields: pickFields(fields) };
  } catch {
    return undefined;
  }
}
