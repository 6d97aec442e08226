import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** Fewest characters of the administrator's token. */
export const MIN_ADMINISTRATOR_TOKEN_LENGTH = 32;

const ID_BYTES = 6;
const SECRET_BYTES = 32;
const KEY_TEXT = /^tl_([0-9a-f]{12})_[A-Za-z0-9_-]{43,128}$/;

/** A new key as its owner sees it, once: `tl_<id>_<secret>`, with the hash that is kept. */
export function createKeyText(): { id: string; text: string; hash: string } {
  const id = randomBytes(ID_BYTES).toString("hex");
  const text = `tl_${id}_${randomBytes(SECRET_BYTES).toString("base64url")}`;
  return { id, text, hash: hashKey(text) };
}

/** The id that a key's text names, or undefined when it is no key. */
export function findKeyId(text: string): string | undefined {
  return KEY_TEXT.exec(text)?.[1];
}

/** SHA-256 of a key's whole text, in hex. A secret of 32 random bytes needs no slower hash. */
export function hashKey(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Compares two hashes in hex in a time that says nothing of where they differ. */
export function isSameHash(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
