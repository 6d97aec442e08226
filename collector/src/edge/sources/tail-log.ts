import { createHash, randomUUID } from "node:crypto";
import { type FileHandle, open, readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AppError } from "@throughline/schemas/error";
import { z } from "zod";
import type { SourceOf } from "../config/edge-source.ts";
import { toDurationMs } from "../run/duration-ms.ts";
import { openCursorFile } from "./cursor-file.ts";
import { cutLines } from "./line-cutter.ts";
import type { RunningSource, SourceParts } from "./source.ts";

const CHUNK_BYTES = 1024 * 1024;
const MAX_LINE_BYTES = 256 * 1024;
const NEWLINE = "\n";

/** The file that is read, by a name of its own that outlives a renaming, and how far. */
const place = z.object({ id: z.string(), inode: z.number(), offset: z.number(), isSkipping: z.boolean() });
type Place = z.infer<typeof place>;

/**
 * Reads what is appended to a log, line by line; a line is one document, named by its file and place, so that equal lines are told
 * apart and a line that is read again has the same ids. A renamed file is read to its end before the new one; one that was cut off is
 * read from its beginning.
 */
export function tailLog(config: SourceOf<"log">, parts: SourceParts): RunningSource {
  const { logger, now } = parts;
  const file = openCursorFile(parts.directory, "log", place);
  const reader = createLogReader(config, parts, file.write);
  let at = file.read();
  let completeAt: number | undefined;
  let failure: string | undefined;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  /** Reads to the end of what there is now. */
  const look = async () => {
    const startedAt = now();
    const current = await stat(config.path);
    if (at === undefined) at = await begin(current.ino, config.from === "end" ? current.size : 0);
    else if (at.inode !== current.ino) {
      at = await finishRotated(at);
      if (isStopped) return;
      at = await begin(current.ino, 0);
    } else if (current.size < at.offset) {
      logger.warn("The log was cut off; it is read from its beginning");
      at = await begin(current.ino, 0);
    }
    at = await reader.readToEnd(config.path, at, { isFinal: false, isStopped: () => isStopped });
    if (!isStopped) completeAt = startedAt;
  };
  const begin = async (inode: number, offset: number): Promise<Place> => {
    const begun = { id: randomUUID(), inode, offset, isSkipping: false };
    await file.write(begun);
    return begun;
  };
  const finishRotated = async (old: Place): Promise<Place> => {
    const path = await findInode(dirname(config.path), old.inode);
    if (path !== undefined) return reader.readToEnd(path, old, { isFinal: true, isStopped: () => isStopped });
    logger.warn("The log was rotated away before it was read to its end");
    return old;
  };
  const run = async () => {
    try {
      await look();
      failure = undefined;
    } catch (error) {
      const reason = toReason(error);
      if (!isStopped && reason !== failure) logger.warn({ reason }, "A log cannot be read; it is tried again");
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

/** Takes the whole lines of a file from a place on. */
function createLogReader({ pattern }: SourceOf<"log">, parts: SourceParts, write: (at: Place) => Promise<void>) {
  const expression = pattern === undefined ? undefined : new RegExp(pattern, "u");
  const toDocument = (line: Buffer): Buffer | undefined => {
    if (expression === undefined) return line.length === 0 ? undefined : line;
    const groups = expression.exec(line.toString("utf8"))?.groups;
    return groups && Buffer.from(JSON.stringify(groups));
  };
  const takeLine = async (line: Buffer, { id, offset }: { id: string; offset: number }) => {
    const document = toDocument(line);
    if (document === undefined) return;
    const identity = createHash("sha256").update(`${id}/${offset}`).digest("hex");
    await parts.take({
      identity,
      stream: [Buffer.concat([document, Buffer.from(NEWLINE)])],
      raw: document,
      isPatient: true,
    });
  };
  const readChunk = async (handle: FileHandle, at: Place, isFinal: boolean): Promise<Place> => {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, at.offset);
    const { lines, used, dropped, isSkipping } = cutLines(buffer.subarray(0, bytesRead), {
      isSkipping: at.isSkipping,
      isFinal: isFinal && bytesRead < CHUNK_BYTES,
      maxBytes: MAX_LINE_BYTES,
    });
    for (const { line, from } of lines) await takeLine(line, { id: at.id, offset: at.offset + from });
    if (dropped > 0) parts.logger.warn({ bytes: dropped }, "A line of the log is too long and was left out");
    return { ...at, offset: at.offset + used, isSkipping };
  };
  return {
    /** `isFinal`: nothing more will be appended, so what stands behind the last end of a line is a line too. */
    readToEnd: async (
      path: string,
      from: Place,
      own: { isFinal: boolean; isStopped: () => boolean },
    ): Promise<Place> => {
      const handle = await open(path, "r");
      let at = from;
      try {
        for (;;) {
          const next = own.isStopped() ? at : await readChunk(handle, at, own.isFinal);
          if (next.offset === at.offset) return at;
          at = next;
          await write(at);
        }
      } finally {
        await handle.close();
      }
    },
  };
}

async function findInode(directory: string, inode: number): Promise<string | undefined> {
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile() === true && found.ino === inode) return path;
  }
  return undefined;
}

/** Never a name or content. */
function toReason(error: unknown): string {
  if (error instanceof AppError) return error.message;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "unknown";
}
