import { readFileSync, statSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { toKeptDirectory } from "./kept-directories.ts";

const content = z.record(z.string(), z.string());

/** When what waited for a person was sent again, by its id; empty where nothing was. */
export function readResent(directory: string): Map<string, string> {
  try {
    return new Map(Object.entries(content.parse(JSON.parse(readFileSync(toPath(directory), "utf8")))));
  } catch {
    return new Map();
  }
}

/** Notes what was sent again; what is not kept any more is forgotten. */
export async function writeResent(directory: string, resent: ReadonlyMap<string, string>): Promise<void> {
  const path = toPath(directory);
  await writeFile(`${path}.new`, JSON.stringify(Object.fromEntries(resent)), { mode: 0o600, flush: true });
  await rename(`${path}.new`, path);
}

/** Counts what was sent again; the file is read only when it changed. */
export function createResentCount(directory: string): () => number {
  let readAt: number | undefined;
  let count = 0;
  return () => {
    const changedAt = statSync(toPath(directory), { throwIfNoEntry: false })?.mtimeMs;
    if (changedAt !== readAt) count = readResent(directory).size;
    readAt = changedAt;
    return count;
  };
}

function toPath(directory: string): string {
  return join(toKeptDirectory(directory), "resent.json");
}
