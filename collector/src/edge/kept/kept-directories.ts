import { join } from "node:path";

/** Below the directory of the spool: what waits for a person. */
export function toKeptDirectory(directory: string): string {
  return join(directory, "kept");
}

/** Below the directory of the spool: documents as they were written, a folder for each interface. */
export function toRawDirectory(directory: string): string {
  return join(directory, "raw");
}
