import { createHash } from "node:crypto";
import { z } from "zod";
import type { Draft } from "../spool/spool-writer.ts";
import type { RawName } from "./raw-name.ts";

/** A part of a kept document, as it stands in the store. The last one says what the whole is. */
export const rawChunk = z.strictObject({
  at: z.string(),
  interface: z.string(),
  hash: z.string(),
  part: z.int().min(0),
  data: z.string(),
  whole: z
    .strictObject({
      parts: z.int().min(1),
      sizeBytes: z.int().min(0),
      sha256: z.string(),
      salt: z.string(),
      /** By which its events would have the same ids again. */
      identity: z.string(),
    })
    .optional(),
});

export type RawChunk = z.infer<typeof rawChunk>;

const CHUNK_BYTES = 192 * 1024;
const WRITE_BYTES = 1024 * 1024;

/** Cuts a document into parts. `add` gives those that are large enough to be written, `end` the rest with what the whole is. */
export function createRawChunks(of: RawName & { interfaceId: string; identity: string; at: string }) {
  const hash = createHash("sha256");
  let held = Buffer.alloc(0);
  let parts = 0;
  let sizeBytes = 0;
  const toDraft = (data: Buffer, whole?: RawChunk["whole"]): Draft => {
    const chunk: RawChunk = {
      at: of.at,
      interface: of.interfaceId,
      hash: of.hash,
      part: parts++,
      data: data.toString("base64"),
      ...(whole !== undefined && { whole }),
    };
    const text = JSON.stringify(chunk);
    return { toText: () => text };
  };
  const cut = (): Draft[] => {
    const drafts: Draft[] = [];
    for (; held.length > CHUNK_BYTES; held = held.subarray(CHUNK_BYTES))
      drafts.push(toDraft(held.subarray(0, CHUNK_BYTES)));
    return drafts;
  };
  return {
    add: (bytes: Uint8Array): Draft[] => {
      hash.update(bytes);
      sizeBytes += bytes.length;
      held = Buffer.concat([held, bytes]);
      return held.length < WRITE_BYTES ? [] : cut();
    },
    end: (): Draft[] => {
      const drafts = cut();
      const whole = { parts: parts + 1, sizeBytes, sha256: hash.digest("hex"), salt: of.salt, identity: of.identity };
      return [...drafts, toDraft(held, whole)];
    },
  };
}
