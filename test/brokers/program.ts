import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A server that a test started. */
export interface Broker {
  url: string;
  stop(): Promise<void>;
}

export interface Program {
  command: string;
  args: readonly string[];
  env?: Record<string, string>;
  /** Whose process it is, where root may not be it. */
  uid?: number | undefined;
  /** What it prints once it takes connections. */
  isReady: RegExp;
}

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 5000;
const FOLDERS = ["/usr/bin", "/usr/sbin", "/usr/local/bin"];

/** The first of these programs that is installed; undefined when none is. */
export function findProgram(...names: string[]): string | undefined {
  const paths = names.flatMap((name) => (name.startsWith("/") ? [name] : FOLDERS.map((folder) => join(folder, name))));
  return paths.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** A folder of its own, and what takes it away. */
export function makeFolder(name: string): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), `throughline-${name}-`));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Starts a program in a process group of its own and waits until it says that it is ready. Fails with what it printed. */
export async function startProgram(
  program: Program,
): Promise<{ printed: RegExpExecArray; stop: (signal?: NodeJS.Signals) => Promise<void> }> {
  const { command, args, env = {}, uid, isReady } = program;
  const child = spawn(command, args, {
    detached: true,
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdio: ["pipe", "pipe", "pipe"],
    ...(uid !== undefined && { uid }),
  });
  const ended = once(child, "exit");
  const stop = (signal?: NodeJS.Signals) => stopProgram(child, ended, signal);
  const timer = setTimeout(() => void stop(), START_TIMEOUT_MS);
  try {
    return { printed: await readUntil(child, isReady), stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function stopProgram(
  child: ChildProcess,
  ended: Promise<unknown>,
  signal: NodeJS.Signals = "SIGTERM",
): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const group = -child.pid;
  process.kill(group, signal);
  const timer = setTimeout(() => process.kill(group, "SIGKILL"), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}

function readUntil(child: ChildProcess, wanted: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let text = "";
    const read = (chunk: Buffer) => {
      text = (text + chunk.toString()).slice(-20_000);
      const found = wanted.exec(text);
      if (found !== null) resolve(found);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`It ended before it was ready:\n${text}`)));
  });
}
