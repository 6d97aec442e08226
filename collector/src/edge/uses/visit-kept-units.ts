import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { EdgeInterface } from "../config/edge-config.ts";
import { digestFile } from "../files/digest-file.ts";
import type { ByteStream } from "../formats/parse-stream.ts";
import { type KeptPlace, visitRaw } from "../kept/list-kept.ts";

const ARCHIVED_LENGTH = 12;

/** Calls `visit` once for each of these files and messages of an interface that is kept: among its raw documents, or in its archive. */
export async function visitKeptUnits(
  place: KeptPlace,
  { config, identities }: { config: EdgeInterface; identities: ReadonlySet<string> },
  visit: (identity: string, stream: ByteStream) => Promise<void>,
): Promise<void> {
  const left = new Set(identities);
  const take = async (identity: string, stream: ByteStream) => {
    if (left.delete(identity)) await visit(identity, stream);
  };
  const hashes = new Map<string, string>();
  await visitRaw(place, config.id, ({ hash, whole }) => {
    if (whole !== undefined && left.has(whole.identity)) hashes.set(hash, whole.identity);
  });
  await visitRawUnits(place, { interfaceId: config.id, hashes }, take);
  const archive = config.from.kind === "directory" ? config.from.archive : undefined;
  if (archive === undefined || left.size === 0) return;
  const beginnings = Map.groupBy(left, (identity) => identity.slice(0, ARCHIVED_LENGTH));
  for (const name of await readdir(archive).catch(() => [])) {
    if (!beginnings.has(name.slice(0, ARCHIVED_LENGTH))) continue;
    const path = join(archive, name);
    const identity = await digestFile(path);
    if (left.has(identity)) await take(identity, createReadStream(path));
  }
}

/** Raw documents whose parts are all there. */
async function visitRawUnits(
  place: KeptPlace,
  { interfaceId, hashes }: { interfaceId: string; hashes: ReadonlyMap<string, string> },
  visit: (identity: string, stream: ByteStream) => Promise<void>,
): Promise<void> {
  if (hashes.size === 0) return;
  const parts = new Map<string, Buffer[]>();
  await visitRaw(place, interfaceId, async ({ hash, part, data, whole }) => {
    const identity = hashes.get(hash);
    if (identity === undefined) return;
    if (part === 0) parts.set(hash, []);
    const held = parts.get(hash);
    held?.push(Buffer.from(data, "base64"));
    if (whole === undefined) return;
    parts.delete(hash);
    if (held?.length === whole.parts) await visit(identity, held);
  });
}
