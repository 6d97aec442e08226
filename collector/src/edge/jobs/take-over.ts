import { chmod, mkdir, readFile, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { AppError } from "@throughline/schemas/error";
import { BATCH_TYPE, type Event, HEARTBEAT_TYPE } from "@throughline/schemas/event";
import { parseEvent } from "@throughline/schemas/event-validator";
import type { Logger } from "pino";
import { toDraft } from "../run/to-draft.ts";
import type { Spool } from "../spool/open-spool.ts";
import { JOB_FINISHED, JOB_RUNNING, JOB_STARTED, toJobSource } from "./job-events.ts";

const LOOK_MS = 1000;
const HEARTBEAT_MS = 60_000;
const MAX_FILE_BYTES = 65_536;
const LEFT_MS = 24 * 3_600_000;
/** Whoever runs jobs may put files in; nobody but their owner and the collector may take them out. */
const SHARED_MODE = 0o1770;
const TYPES = new Set([JOB_STARTED, JOB_RUNNING, JOB_FINISHED, BATCH_TYPE]);

export interface TakeOverParts {
  directory: string;
  spool: Spool;
  keep: (refused: { text: string; reason: string }) => Promise<void>;
  logger: Logger;
  now: () => number;
}

/**
 * Takes what observed jobs handed over into the spool, in the order of time, until it is stopped. For each job that was ever
 * observed it says that nothing of it waits: a job that does not run is quiet, not blind.
 */
export async function startTakingOver(parts: TakeOverParts) {
  const { directory, spool, logger, now } = parts;
  const stopping = new AbortController();
  const { signal } = stopping;
  await mkdir(directory, { recursive: true });
  await chmod(directory, SHARED_MODE);
  let taken = 0;
  let failure: string | undefined;
  let vouchedAt = 0;
  const look = async () => {
    const startedAt = now();
    for (const name of (await readdir(directory)).toSorted()) {
      if (signal.aborted) return;
      taken += await takeFile(name, parts);
    }
    if (startedAt - vouchedAt < HEARTBEAT_MS) return;
    vouchedAt = startedAt;
    const sources = Object.keys(spool.sequences()).filter((source) => source.startsWith(toJobSource("")));
    await spool.append(sources.map((source) => toDraft(toHeartbeat(source, startedAt))));
  };
  const run = async () => {
    while (!signal.aborted) {
      try {
        await look();
        failure = undefined;
      } catch (error) {
        const reason = error instanceof AppError ? error.message : "the folder cannot be read";
        if (reason !== failure) logger.warn({ reason }, "What jobs handed over waits");
        failure = reason;
      }
      await pause(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  };
  const running = run();
  return {
    state: () => ({ taken, failure }),
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

/** Everything that the job said before `at` is in the spool. */
function toHeartbeat(source: string, at: number): Event {
  const time = new Date(at).toISOString();
  const attributes = { watermark: time };
  return { specversion: "1.0", id: `heartbeat-${at}`, source, type: HEARTBEAT_TYPE, time, data: { attributes } };
}

/** Returns how many events of it are in the spool. A file is removed behind that, so a crash repeats it with the same ids. */
async function takeFile(name: string, { directory, spool, keep, now, logger }: TakeOverParts): Promise<number> {
  const path = join(directory, name);
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) return 0;
  if (!name.endsWith(".ndjson")) {
    // Half written by a job that was killed meanwhile.
    if (name.endsWith(".new") && now() - found.mtimeMs > LEFT_MS) await rm(path, { force: true });
    return 0;
  }
  const parsed = found.size > MAX_FILE_BYTES ? { reason: "it is too large" } : parseJobEvents(await readFile(path));
  if ("reason" in parsed) {
    logger.warn({ reason: parsed.reason }, "What a job handed over is refused and kept");
    await keep({ text: found.size > MAX_FILE_BYTES ? "" : await readFile(path, "utf8"), reason: parsed.reason });
  } else await spool.append(parsed.events.map(toDraft));
  await rm(path, { force: true });
  return "reason" in parsed ? 0 : parsed.events.length;
}

/** The events of a file, all in the name of a job; anybody who may run jobs may write there. */
export function parseJobEvents(bytes: Uint8Array): { events: Event[] } | { reason: string } {
  const events: Event[] = [];
  const lines = Buffer.from(bytes).toString("utf8").split("\n");
  for (const [index, line] of lines.entries()) {
    if (line === "") continue;
    const event = parseLine(line);
    if (typeof event === "string") return { reason: `line ${index + 1} ${event}` };
    events.push(event);
  }
  return events.length === 0 ? { reason: "it holds no event" } : { events };
}

function parseLine(line: string): Event | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return "is no JSON";
  }
  const parsed = parseEvent(value);
  if (!parsed.ok) return `is no event: ${parsed.issues[0]?.path ?? ""} ${parsed.issues[0]?.message ?? ""}`;
  const { type, source } = parsed.event;
  const isOfJob = source.startsWith(toJobSource("")) && TYPES.has(type);
  return isOfJob ? parsed.event : "is no event of a job";
}
