import { randomUUID } from "node:crypto";
import { open, rename } from "node:fs/promises";
import { join } from "node:path";
import type { Event } from "@throughline/schemas/event";

const TIME_DIGITS = 15;
const MODE = 0o640;

/** Hands events over to the collector of this machine, whether it runs or not: on disk, when this returns. Throws when the folder takes nothing. */
export async function handOver(directory: string, events: readonly Event[], now: number): Promise<void> {
  const path = join(directory, `${String(now).padStart(TIME_DIGITS, "0")}-${randomUUID()}.ndjson`);
  const file = await open(`${path}.new`, "wx", MODE);
  try {
    await file.writeFile(events.map((event) => `${JSON.stringify(event)}\n`).join(""));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}
