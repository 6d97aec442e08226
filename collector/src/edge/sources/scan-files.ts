import { createHash } from "node:crypto";
import { pipeline } from "node:stream/promises";
import { toDurationMs } from "../run/duration-ms.ts";
import { type FileLook, isSameLook, openFileMemory } from "./file-memory.ts";
import type { FileStore } from "./file-store.ts";
import { findFileTrace, isSideCar, toSideCarName } from "./file-trace.ts";
import type { SourceParts } from "./source.ts";

const ARCHIVED_LENGTH = 12;

/**
 * Reads files in the order of their names, once each has not changed for a while. What a file holds is its identity: a renamed or
 * touched file is not read twice, a rewritten one is. A file that changed while it was read is read again. A trace that came with a file,
 * in its name or in a side-car, goes along.
 */
export function createFileScanner(config: { pattern: string; stableFor: string }, parts: SourceParts) {
  const memory = openFileMemory(parts.directory);
  const isWanted = toPattern(config.pattern);
  const stability = createStability(toDurationMs(config.stableFor), parts.now);
  /** True when everything that is there is taken. */
  return async (files: FileStore, signal: AbortSignal): Promise<boolean> => {
    const found = await files.names();
    const names = found.filter((name) => !name.startsWith(".") && !isSideCar(name) && isWanted(name)).toSorted();
    let isComplete = true;
    for (const name of names) {
      if (signal.aborted) return false;
      if (!(await readFile(name, { files, memory, stability, parts }))) isComplete = false;
    }
    await memory.keepOnly(new Set(names));
    stability.keepOnly(new Set(names));
    return isComplete;
  };
}

interface Reading {
  files: FileStore;
  memory: ReturnType<typeof openFileMemory>;
  stability: ReturnType<typeof createStability>;
  parts: SourceParts;
}

/** False when it is not whole yet, or was not read whole. */
async function readFile(name: string, reading: Reading): Promise<boolean> {
  const { files, memory, stability } = reading;
  const look = await files.look(name);
  if (look === undefined || memory.isRead(name, look)) return true;
  if (!stability.isStable(name, look)) return false;
  const identity = await digestFile(files, name);
  if (!memory.hasContent(identity) && !(await takeFile(name, { identity, look }, reading))) return false;
  await memory.remember(name, { seen: look, digest: identity });
  stability.forget(name);
  await archive(files, name, `${identity.slice(0, ARCHIVED_LENGTH)}-${name}`);
  return true;
}

/** A side-car goes with its file. */
async function archive(files: FileStore, name: string, as: string): Promise<void> {
  if (files.archive === undefined) return;
  await files.archive(name, as);
  const beside = toSideCarName(name);
  if ((await files.look(beside)) !== undefined) await files.archive(beside, toSideCarName(as));
}

/** False when it changed meanwhile. */
async function takeFile(
  name: string,
  { identity, look }: { identity: string; look: FileLook },
  { files, parts }: Reading,
): Promise<boolean> {
  const hash = createHash("sha256");
  const traceparent = await findFileTrace(files, name, identity);
  const stream = files.read(name).on("data", (chunk: Buffer) => void hash.update(chunk));
  await parts.take({
    identity,
    stream,
    traceparent,
    sizeBytes: look.sizeBytes,
    trailerAt: look.changedAt,
    isPatient: true,
  });
  const isSame = hash.digest("hex") === identity && isSameLook(await files.look(name), look);
  if (!isSame) parts.logger.warn({ file: identity.slice(0, 12) }, "A file changed while it was read; it is read again");
  return isSame;
}

/** Knows since when files look the same. */
function createStability(stableForMs: number, now: () => number) {
  const seen = new Map<string, { look: FileLook; since: number }>();
  return {
    isStable: (name: string, look: FileLook): boolean => {
      const before = seen.get(name);
      if (before === undefined || !isSameLook(before.look, look)) seen.set(name, { look, since: now() });
      return now() - (seen.get(name)?.since ?? now()) >= stableForMs;
    },
    forget: (name: string) => void seen.delete(name),
    keepOnly: (names: ReadonlySet<string>) => {
      for (const name of seen.keys()) if (!names.has(name)) seen.delete(name);
    },
  };
}

function toPattern(pattern: string): (name: string) => boolean {
  const source = pattern
    .replaceAll(/[\\^$.+()[\]{}|]/g, String.raw`\$&`)
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  const expression = new RegExp(`^${source}$`, "s");
  return (name) => expression.test(name);
}

async function digestFile(files: FileStore, name: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(files.read(name), hash);
  return hash.digest("hex");
}
