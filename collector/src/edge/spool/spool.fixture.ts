import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Spool } from "./open-spool.ts";
import type { Draft } from "./spool-writer.ts";

export const SECRET = Buffer.alloc(32, 7);

export function makeTestFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "throughline-edge-"));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export function toDraft(id: string, source?: string): Draft {
  return { source, toText: (sequence) => JSON.stringify({ id, ...(source !== undefined && { source, sequence }) }) };
}

/** Everything that waits, taken over. */
export async function drain(spool: Spool, maxEntries = 1000): Promise<string[]> {
  const entries: string[] = [];
  for (let batch = await spool.read(maxEntries); batch !== undefined; batch = await spool.read(maxEntries)) {
    entries.push(...batch.entries);
    await spool.advance(batch);
  }
  return entries;
}
