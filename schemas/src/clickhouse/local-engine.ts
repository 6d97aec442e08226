import { type ChildProcess, spawn } from "node:child_process";
import { findFreePort } from "../find-free-port.ts";
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "../error.ts";
import { READER_USER, WRITER_USER, toEngineConfigXml, toEngineUsersXml } from "./engine-config.ts";
import type { StoreConnection } from "./store.ts";

const CHILD = join(import.meta.dirname, "engine-process.ts");
const START_TIMEOUT_MS = 60_000;
const POLL_MS = 50;
const MIN_BACKOFF_MS = 250;
const MAX_BACKOFF_MS = 15_000;
const STABLE_AFTER_MS = 60_000;

export interface LocalEngineOptions {
  /** Folder of the engine's files; created when it is not there. */
  directory: string;
  /** Cap of the engine's memory, in bytes. */
  memoryBytes: number;
  database?: string;
  /** Ports to listen on; free ones are chosen when they are not given. */
  httpPort?: number;
  tcpPort?: number;
  remoteServers?: string;
  /** Longest pause before a new start after unexpected ends; 15 s unless it is given. */
  maxBackoffMs?: number;
  /** Called after an unexpected end, before the engine is started again. */
  onRestart?: (restart: { code: number | null; signal: string | null; backoffMs: number; output: string }) => void;
}

/** A ClickHouse server running as a child of this process. */
export interface LocalEngine {
  connection: StoreConnection;
  tcpPort: number;
  /** Process id of the running child, undefined between an end and the next start. */
  pid(): number | undefined;
  stop(): Promise<void>;
}

/**
 * Starts the engine and keeps it running: an unexpected end is followed by a new start after a growing pause, on the
 * same ports with the same credentials. Throws `unavailable` with the engine's own words when the first start fails.
 */
export async function startLocalEngine(options: LocalEngineOptions): Promise<LocalEngine> {
  const directory = resolve(options.directory);
  const database = options.database ?? "throughline";
  const httpPort = options.httpPort ?? (await findFreePort());
  const tcpPort = options.tcpPort ?? (await findFreePort());
  const writerPassword = randomBytes(24).toString("base64url");
  const readerPassword = randomBytes(24).toString("base64url");
  const configFile = writeConfiguration({ ...options, directory, database, writerPassword, readerPassword });
  const args = [CHILD, configFile, join(directory, "store"), String(httpPort), String(tcpPort)];
  const url = `http://127.0.0.1:${httpPort}`;
  const { onRestart, maxBackoffMs = MAX_BACKOFF_MS } = options;
  const child = superviseChild({ args, directory, maxBackoffMs, onRestart });
  try {
    await waitUntilReady(url, child, writerPassword);
  } catch (error) {
    await child.stop();
    throw error;
  }
  child.keepRunning();
  return {
    connection: {
      url,
      database,
      writer: { username: WRITER_USER, password: writerPassword },
      reader: { username: READER_USER, password: readerPassword },
    },
    tcpPort,
    pid: child.pid,
    stop: child.stop,
  };
}

function writeConfiguration(
  settings: LocalEngineOptions & { database: string; writerPassword: string; readerPassword: string },
): string {
  mkdirSync(join(settings.directory, "store"), { recursive: true });
  const usersFile = join(settings.directory, "users.xml");
  const configFile = join(settings.directory, "config.xml");
  writeFileSync(usersFile, toEngineUsersXml(settings), { mode: 0o600 });
  writeFileSync(configFile, toEngineConfigXml(settings, usersFile), { mode: 0o600 });
  return configFile;
}

interface SupervisedChild {
  pid: () => number | undefined;
  keepRunning: () => void;
  hasEnded: () => boolean;
  output: () => string;
  stop: () => Promise<void>;
}

function superviseChild(options: {
  args: string[];
  directory: string;
  maxBackoffMs: number;
  onRestart: LocalEngineOptions["onRestart"];
}): SupervisedChild {
  let child: ChildProcess | undefined;
  let output = "";
  let startedAt = 0;
  let backoffMs = MIN_BACKOFF_MS;
  let isKept = false;
  let isStopping = false;
  const stopped = new AbortController();

  const start = () => {
    output = "";
    startedAt = Date.now();
    child = spawn(process.execPath, options.args, { cwd: options.directory, stdio: ["pipe", "pipe", "pipe"] });
    const keepTail = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-8192));
    child.stdout?.on("data", keepTail);
    child.stderr?.on("data", keepTail);
    child.once("exit", (code, signal) => void restart(code, signal));
  };
  const restart = async (code: number | null, signal: string | null) => {
    child = undefined;
    if (isStopping || !isKept) return;
    if (Date.now() - startedAt > STABLE_AFTER_MS) backoffMs = MIN_BACKOFF_MS;
    options.onRestart?.({ code, signal, backoffMs, output });
    await delay(backoffMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    backoffMs = Math.min(backoffMs * 2, options.maxBackoffMs);
    if (!isStopping) start();
  };
  start();
  return {
    pid: () => child?.pid,
    keepRunning: () => (isKept = true),
    hasEnded: () => child === undefined,
    output: () => output,
    stop: async () => {
      isStopping = true;
      stopped.abort();
      const running = child;
      if (!running) return;
      const ended = new Promise((done) => running.once("exit", done));
      running.kill("SIGKILL");
      await ended;
    },
  };
}

async function waitUntilReady(url: string, child: SupervisedChild, writerPassword: string) {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (child.hasEnded())
      throw new AppError("unavailable", `The local engine ended while starting: ${child.output().trim()}`);
    if (await isAnswering(url, writerPassword)) return;
    await delay(POLL_MS);
  }
  throw new AppError(
    "unavailable",
    `The local engine did not answer within ${START_TIMEOUT_MS / 1000} s: ${child.output().trim()}`,
  );
}

/** True when this engine answers, and not another that has its port: only this one knows the password. */
async function isAnswering(url: string, writerPassword: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/?query=SELECT+1`, {
      headers: { "x-clickhouse-user": WRITER_USER, "x-clickhouse-key": writerPassword },
      signal: AbortSignal.timeout(2000),
    });
    return response.ok;
  } catch {
    return false;
  }
}
