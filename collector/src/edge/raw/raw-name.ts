import { createHash, createHmac, hkdfSync } from "node:crypto";

/** How a document is called outside of the site. */
export interface RawName {
  /** SHA-256 of the salt and the document's own SHA-256, in hexadecimal: it says nothing to who has not both. */
  hash: string;
  /** What opens the hash to an auditor, in hexadecimal; it stays at the site with the document. */
  salt: string;
}

export type NameRaw = (contentDigest: string) => RawName;

const PURPOSE = "throughline raw document";
const ID_LENGTH = 32;

/**
 * Names documents by their SHA-256 in hexadecimal. The salt is an HMAC of it under a key of the site's own, so that a hash is the same each
 * time and yet nobody can find out by guessing what a document said.
 */
export function createRawNaming(secret: Uint8Array): NameRaw {
  const key = Buffer.from(hkdfSync("sha256", secret, "", PURPOSE, 32));
  return (contentDigest) => {
    const content = Buffer.from(contentDigest, "hex");
    const salt = createHmac("sha256", key).update(content).digest();
    return { hash: createHash("sha256").update(salt).update(content).digest("hex"), salt: salt.toString("hex") };
  };
}

/** Where a document is: its interface and the beginning of its hash. */
export function toRawPointer(interfaceId: string, { hash }: Pick<RawName, "hash">): string {
  return `${interfaceId}/${hash.slice(0, ID_LENGTH)}`;
}
