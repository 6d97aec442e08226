import { closeSync, ftruncateSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { DataType, load, open } from "ffi-rs";
import { AppError } from "./error.ts";

const LIBC: Partial<Record<NodeJS.Platform, string>> = { linux: "libc.so.6", darwin: "libSystem.dylib" };
/** `LOCK_EX | LOCK_NB` of flock(2), the same on Linux and macOS. */
const EXCLUSIVE_AT_ONCE = 6;

/**
 * Takes a directory for this process alone; creates it when it is not there. The kernel gives the lock back when the
 * process ends, however it ends. Throws `conflict` when another process has it. Returns what releases it.
 */
export function lockDirectory(directory: string, what: string): () => void {
  mkdirSync(directory, { recursive: true });
  const file = openSync(join(directory, "lock"), "a");
  try {
    if (!hasLocked(file))
      throw new AppError(
        "conflict",
        `${what} in ${directory} is in use by another process. Stop that one first, or choose another directory.`,
      );
    ftruncateSync(file);
    writeSync(file, `${process.pid}\n`);
  } catch (error) {
    closeSync(file);
    throw error;
  }
  return () => closeSync(file);
}

function hasLocked(file: number): boolean {
  const path = LIBC[process.platform];
  if (path === undefined)
    throw new AppError("invalid_configuration", `Directories cannot be locked on ${process.platform}.`);
  open({ library: "libc", path });
  const result = load({
    library: "libc",
    funcName: "flock",
    retType: DataType.I32,
    paramsType: [DataType.I32, DataType.I32],
    paramsValue: [file, EXCLUSIVE_AT_ONCE],
  });
  return result === 0;
}
