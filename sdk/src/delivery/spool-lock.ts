import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const OPEN_HERE = new Set<string>();

/**
 * Takes a directory for one SDK of one living process; creates it for this user alone. Returns what releases it, or undefined when
 * another has it. A lock of a process that has ended is taken over.
 */
export function lockSpool(directory: string): (() => void) | undefined {
  const path = join(resolve(directory), "lock");
  if (OPEN_HERE.has(path)) return undefined;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (!writeLock(path)) {
    if (isHeld(path)) return undefined;
    rmSync(path, { force: true });
    if (!writeLock(path)) return undefined;
  }
  OPEN_HERE.add(path);
  return () => {
    OPEN_HERE.delete(path);
    rmSync(path, { force: true });
  };
}

function writeLock(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** In a container each process may have the same number: a lock with our own number is of one that was here before. */
function isHeld(path: string): boolean {
  const pid = Number(readFileSync(path, "utf8"));
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
