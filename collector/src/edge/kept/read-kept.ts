import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@throughline/schemas/error";
import type { EdgeConfig } from "../config/edge-config.ts";
import { type Kept, type KeptPlace, visitEntries, visitRaw } from "./list-kept.ts";

const RAW_ID_LENGTH = 32;
const ARCHIVED_LENGTH = 12;

/** What a kept thing says: a document as it was written, or an event as it was sent. */
export type KeptContent = { kind: "document"; bytes: Buffer } | { kind: "event"; text: string };

/**
 * Reads what is kept. A document whose bytes the source keeps is looked for among the raw documents, then in the archive of its directory.
 * Throws `not_found` when it is nowhere any more.
 */
export async function readKept(
  kept: Kept,
  place: KeptPlace,
  config: Pick<EdgeConfig, "interfaces">,
): Promise<KeptContent> {
  if (kept.class === "raw") return { kind: "document", bytes: await readRaw(kept, place) };
  let content: KeptContent | undefined;
  await visitEntries(place, ({ raw, event, text }, id) => {
    if (id !== kept.id) return;
    if (raw !== undefined) content = { kind: "document", bytes: Buffer.from(raw, "base64") };
    else if (event !== undefined) content = { kind: "event", text: event };
    else if (text !== undefined) content = { kind: "document", bytes: Buffer.from(text) };
  });
  content ??= await findElsewhere(kept, { place, config });
  if (content === undefined)
    throw new AppError(
      "not_found",
      `The document of ${kept.id} is not kept here: send its file by hand, or keep raw documents of the interface.`,
    );
  return content;
}

async function readRaw({ id, interface: interfaceId, sha256 }: Kept, place: KeptPlace): Promise<Buffer> {
  let parts: Buffer[] = [];
  let whole: Buffer | undefined;
  await visitRaw(place, interfaceId, (chunk) => {
    if (`${chunk.interface}/${chunk.hash.slice(0, RAW_ID_LENGTH)}` !== id) return;
    if (chunk.part === 0) parts = [];
    parts.push(Buffer.from(chunk.data, "base64"));
    if (chunk.whole === undefined) return;
    const bytes = Buffer.concat(parts);
    if (createHash("sha256").update(bytes).digest("hex") === chunk.whole.sha256) whole = bytes;
  });
  if (whole === undefined || sha256 === undefined)
    throw new AppError("not_found", `The document ${id} is not whole any more: its beginning gave way at the bound.`);
  return whole;
}

/** A file whose place only is kept: by its digest. */
async function findElsewhere(
  { identity, interface: interfaceId }: Kept,
  { place, config }: { place: KeptPlace; config: Pick<EdgeConfig, "interfaces"> },
): Promise<KeptContent | undefined> {
  if (identity === undefined) return undefined;
  const raw: string[] = [];
  await visitRaw(place, interfaceId, ({ whole, hash, interface: of }) => {
    if (whole?.sha256 === identity) raw.push(`${of}/${hash.slice(0, RAW_ID_LENGTH)}`);
  });
  const [id] = raw;
  if (id !== undefined) {
    const kept: Kept = { id, at: "", class: "raw", interface: interfaceId, reason: "", sizeBytes: 0, sha256: identity };
    return { kind: "document", bytes: await readRaw(kept, place) };
  }
  const from = config.interfaces.find((each) => each.id === interfaceId)?.from;
  const archive = from?.kind === "directory" ? from.archive : undefined;
  if (archive === undefined) return undefined;
  const names = await readdir(archive).catch(() => []);
  for (const name of names.filter((each) => each.startsWith(identity.slice(0, ARCHIVED_LENGTH)))) {
    const bytes = await readFile(join(archive, name));
    if (createHash("sha256").update(bytes).digest("hex") === identity) return { kind: "document", bytes };
  }
  return undefined;
}
