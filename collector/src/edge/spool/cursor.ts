import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { HEADER_BYTES } from "./segment.ts";

/** Behind the last frame that was taken over: a segment, the offset in it, and the number of the frame that begins there. */
export const position = z.object({
  segment: z.int().min(0),
  offsetBytes: z.int().min(HEADER_BYTES),
  number: z.int().min(0),
});

export type Position = z.infer<typeof position>;

/** Undefined where nothing was taken over yet, or what stands there cannot be read: then all is sent again, which is harmless. */
export async function readCursor(directory: string): Promise<Position | undefined> {
  try {
    const parsed = position.safeParse(JSON.parse(await readFile(toPath(directory), "utf8")));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** Not made durable: an older cursor sends events again, and their ids do not change. */
export async function writeCursor(directory: string, cursor: Position): Promise<void> {
  await writeFile(`${toPath(directory)}.new`, JSON.stringify(cursor), { mode: 0o600 });
  await rename(`${toPath(directory)}.new`, toPath(directory));
}

/** True when the first lies before the second. */
export function isBehind(a: Position, b: Position): boolean {
  return a.segment < b.segment || (a.segment === b.segment && a.offsetBytes < b.offsetBytes);
}

function toPath(directory: string): string {
  return join(directory, "cursor.json");
}
