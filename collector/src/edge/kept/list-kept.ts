import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { rawChunk } from "../raw/raw-chunks.ts";
import { KEPT_CLASSES, type KeptEntry, keptEntry } from "../run/kept-document.ts";
import { visitSegments } from "../spool/scan-segments.ts";
import { toKeptDirectory, toRawDirectory } from "./kept-directories.ts";

/** Why something is kept: it waits for a person, or the policy of its interface says so (`raw`). */
export const KEPT_KINDS = [...KEPT_CLASSES, "raw"] as const;
const keptKind = z.enum(KEPT_KINDS);
export type KeptKind = z.infer<typeof keptKind>;

/** Something that is kept at the edge, without what it says. */
export interface Kept {
  /** Of a raw document its pointer, else a hash of the entry. */
  id: string;
  at: string;
  class: KeptKind;
  interface: string | undefined;
  reason: string;
  /** Of what is kept, in bytes; 0 where only its place is. */
  sizeBytes: number;
  identity?: string | undefined;
  ordinal?: number | undefined;
  byteOffset?: number | undefined;
  /** Of a raw document: SHA-256 of its bytes, and what opens the hash that its events carry. */
  sha256?: string | undefined;
  salt?: string | undefined;
  hash?: string | undefined;
}

export interface KeptPlace {
  /** Of the spool. */
  directory: string;
  secret: Uint8Array;
}

export interface KeptFilter {
  interface?: string | undefined;
  class?: KeptKind | undefined;
  id?: string | undefined;
}

const ID_LENGTH = 16;
const RAW_ID_LENGTH = 32;

/** What is kept, oldest first; read beside the collector that runs, and nothing changes. */
export async function listKept(place: KeptPlace, filter: KeptFilter = {}): Promise<Kept[]> {
  const found: Kept[] = [];
  const add = (kept: Kept) => {
    if (isWanted(kept, filter)) found.push(kept);
  };
  if (filter.class !== "raw") await visitEntries(place, (entry, id) => add(toKept(entry, id)));
  if (filter.class === undefined || filter.class === "raw") {
    const wholes = new Map<string, Kept>();
    await visitRaw(place, filter.interface, (chunk) => {
      const id = `${chunk.interface}/${chunk.hash.slice(0, RAW_ID_LENGTH)}`;
      if (chunk.whole !== undefined)
        wholes.set(id, {
          id,
          at: chunk.at,
          class: "raw",
          interface: chunk.interface,
          reason: "kept by the policy of its interface",
          hash: chunk.hash,
          sizeBytes: chunk.whole.sizeBytes,
          sha256: chunk.whole.sha256,
          salt: chunk.whole.salt,
          identity: chunk.whole.identity,
        });
    });
    for (const kept of wholes.values()) add(kept);
  }
  return found.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

function isWanted(kept: Kept, filter: KeptFilter): boolean {
  return (
    (filter.interface === undefined || kept.interface === filter.interface) &&
    (filter.class === undefined || kept.class === filter.class) &&
    (filter.id === undefined || kept.id === filter.id)
  );
}

/** Calls `visit` with all that waits for a person. */
export async function visitEntries(
  { directory, secret }: KeptPlace,
  visit: (entry: KeptEntry, id: string) => void | Promise<void>,
): Promise<void> {
  await visitSegments(toKeptDirectory(directory), secret, async ({ content }) => {
    for (const text of content.entries) {
      const id = createHash("sha256").update(text).digest("hex").slice(0, ID_LENGTH);
      await visit(keptEntry.parse(JSON.parse(text)), id);
    }
  });
}

/** Calls `visit` with the parts of all raw documents, or of those of one interface, in the order in which they were written. */
export async function visitRaw(
  { directory, secret }: KeptPlace,
  interfaceId: string | undefined,
  visit: (chunk: z.infer<typeof rawChunk>) => void | Promise<void>,
): Promise<void> {
  const folder = toRawDirectory(directory);
  const names = interfaceId === undefined ? await readdir(folder).catch(() => []) : [interfaceId];
  for (const name of names)
    await visitSegments(join(folder, name), secret, async ({ content }) => {
      for (const text of content.entries) await visit(rawChunk.parse(JSON.parse(text)));
    });
}

function toKept(entry: KeptEntry, id: string): Kept {
  const { at, reason, identity, ordinal, byteOffset, raw, event, text } = entry;
  const sizeBytes = raw === undefined ? Buffer.byteLength(event ?? text ?? "") : Buffer.byteLength(raw, "base64");
  return {
    id,
    at,
    class: toClass(entry),
    interface: entry.interface,
    reason,
    sizeBytes,
    identity,
    ordinal,
    byteOffset,
  };
}

/** What older versions wrote has no class; it shows from what there is. */
function toClass(entry: KeptEntry): KeptKind {
  if (entry.class !== undefined) return entry.class;
  if (entry.event !== undefined) return "refused";
  if (entry.text !== undefined) return "job";
  return entry.reason.startsWith("no document can be read") ? "unreadable" : "unmapped";
}
