import { randomBytes } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { createSegmentCipher, SALT_BYTES } from "../spool/segment-cipher.ts";

/** Writes a file whole, sealed under the site's key with a salt of its own; it is on disk when this returns. */
export async function writeSealed(path: string, text: string, secret: Uint8Array): Promise<number> {
  const salt = randomBytes(SALT_BYTES);
  const bytes = Buffer.concat([salt, createSegmentCipher(secret, salt).seal(Buffer.from(text), 0)]);
  await writeFile(`${path}.new`, bytes, { mode: 0o600, flush: true });
  await rename(`${path}.new`, path);
  return bytes.length;
}

/** Undefined where there is none, or it was not sealed under this key. */
export async function readSealed(path: string, secret: Uint8Array): Promise<string | undefined> {
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes === undefined || bytes.length <= SALT_BYTES) return undefined;
  const cipher = createSegmentCipher(secret, bytes.subarray(0, SALT_BYTES));
  return cipher.open(bytes.subarray(SALT_BYTES), 0)?.toString("utf8");
}
