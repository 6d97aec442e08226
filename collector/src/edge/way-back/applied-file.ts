import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { crosswalk } from "@throughline/schemas/pack/crosswalk";
import { documentMapping } from "@throughline/schemas/pack/document-mapping";
import { z } from "zod";
import { readSealed, writeSealed } from "../waiting/sealed-file.ts";

/** What the tower said last, whole, as it is in force at this edge; and the orders that were carried out or refused. */
export const applied = z.object({
  version: z.int().min(0),
  at: z.string(),
  parts: z.object({ crosswalks: z.string(), mappings: z.string() }),
  crosswalks: z.array(crosswalk),
  mappings: z.array(documentMapping),
  orders: z.array(z.string()),
  /** Events that say what was done with orders, as texts: they may be on their way or not. */
  reports: z.array(z.string()),
});
export type Applied = z.infer<typeof applied>;

export const NOTHING_APPLIED: Applied = {
  version: 0,
  at: "",
  parts: { crosswalks: "", mappings: "" },
  crosswalks: [],
  mappings: [],
  orders: [],
  reports: [],
};

/**
 * One file, sealed under the site's key and replaced as a whole, so that what is in force is never a mixture, and nobody without the key
 * can put something in its place.
 */
export async function openAppliedFile({ directory, secret }: { directory: string; secret: Uint8Array }) {
  const folder = join(directory, "way-back");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, "applied");
  const text = await readSealed(path, secret);
  const found: Applied = text === undefined ? NOTHING_APPLIED : applied.parse(JSON.parse(text));
  return {
    found,
    write: async (next: Applied): Promise<void> => void (await writeSealed(path, JSON.stringify(next), secret)),
  };
}
