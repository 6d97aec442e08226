import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, mkdir, readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import type { SourceOf } from "../config/edge-source.ts";
import { digestFile } from "../files/digest-file.ts";
import { toDurationMs } from "../run/duration-ms.ts";
import { type FileLook, isSameLook, openFileMemory } from "./file-memory.ts";
import type { RunningSource, SourceParts } from "./source.ts";

/**
 * Reads files that are dropped into a directory, in the order of their names, once each has not changed for a while. What a file
 * holds is its identity: a renamed or touched file is not read twice, a rewritten one is. A file that changed while it was read is read again.
 */
export function watchDirectory(config: SourceOf<"directory">, parts: SourceParts): RunningSource {
  const { logger, now } = parts;
  const memory = openFileMemory(parts.directory);
  const reader = createFileReader(config, { ...parts, memory });
  const isWanted = toPattern(config.pattern);
  let completeAt: number | undefined;
  let failure: string | undefined;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  const scan = async () => {
    const startedAt = now();
    const names = (await readdir(config.path)).filter((name) => !name.startsWith(".") && isWanted(name)).toSorted();
    let isComplete = true;
    for (const name of names) {
      if (isStopped) return;
      if (!(await reader.read(name))) isComplete = false;
    }
    await memory.keepOnly(new Set(names));
    reader.keepOnly(new Set(names));
    if (isComplete) completeAt = startedAt;
  };
  const run = async () => {
    try {
      await scan();
      failure = undefined;
    } catch (error) {
      const reason = toReason(error);
      if (!isStopped && reason !== failure) logger.warn({ reason }, "A directory cannot be read; it is tried again");
      failure = reason;
    }
    if (!isStopped) timer = setTimeout(runAgain, toDurationMs(config.every));
  };
  const runAgain = () => {
    running = run();
  };
  let running = run();
  return {
    completeAt: () => completeAt,
    failure: () => failure,
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/** Reads files that are whole, each once. */
function createFileReader(
  config: SourceOf<"directory">,
  { memory, logger, now, take }: SourceParts & { memory: ReturnType<typeof openFileMemory> },
) {
  const stableForMs = toDurationMs(config.stableFor);
  const seen = new Map<string, { look: FileLook; since: number }>();
  /** True when the file has looked the same for long enough. */
  const isStable = (name: string, look: FileLook): boolean => {
    const before = seen.get(name);
    if (before === undefined || !isSameLook(before.look, look)) seen.set(name, { look, since: now() });
    return now() - (seen.get(name)?.since ?? now()) >= stableForMs;
  };
  /** False when it changed meanwhile. */
  const takeFile = async (path: string, { identity, look }: { identity: string; look: FileLook }) => {
    const hash = createHash("sha256");
    const stream = createReadStream(path).on("data", (chunk) => void hash.update(chunk));
    await take({ identity, stream, trailerAt: look.changedAt, isPatient: true });
    const isSame = hash.digest("hex") === identity && isSameLook(await readLook(path), look);
    if (!isSame) logger.warn({ file: identity.slice(0, 12) }, "A file changed while it was read; it is read again");
    return isSame;
  };
  return {
    keepOnly: (names: ReadonlySet<string>) => {
      for (const name of seen.keys()) if (!names.has(name)) seen.delete(name);
    },
    /** False when the file is not whole yet, or was not read whole. */
    read: async (name: string): Promise<boolean> => {
      const path = join(config.path, name);
      const look = await readLook(path);
      if (look === undefined || memory.isRead(name, look)) return true;
      if (!isStable(name, look)) return false;
      const identity = await digestFile(path);
      if (!memory.hasContent(identity) && !(await takeFile(path, { identity, look }))) return false;
      await memory.remember(name, { seen: look, digest: identity });
      seen.delete(name);
      if (config.archive === undefined) return true;
      await mkdir(config.archive, { recursive: true });
      await rename(path, join(config.archive, `${identity.slice(0, 12)}-${name}`));
      return true;
    },
  };
}

/** Undefined for what is no file, links included: they lead out of the directory. */
async function readLook(path: string): Promise<FileLook | undefined> {
  const found = await lstat(path).catch(() => undefined);
  if (!found?.isFile()) return undefined;
  return { inode: found.ino, sizeBytes: found.size, changedAt: found.mtimeMs };
}

/** Never a name or content: a file's name may name a patient. */
function toReason(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "unknown";
}

function toPattern(pattern: string): (name: string) => boolean {
  const source = pattern
    .replaceAll(/[\\^$.+()[\]{}|]/g, String.raw`\$&`)
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  const expression = new RegExp(`^${source}$`, "s");
  return (name) => expression.test(name);
}
