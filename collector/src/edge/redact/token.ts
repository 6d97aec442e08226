import { createHmac } from "node:crypto";

/** The key of a site, or of several sites that correlate. It never leaves them; its version stands in each token. */
export interface TokenKey {
  version: string;
  /** At least 32 bytes. */
  secret: Uint8Array;
}

const TOKEN_DIGITS = 32;

/** What stands for an identifier that leads to a patient: the same for the same text under the same key, and nothing else. */
export function toToken(key: TokenKey, text: string): string {
  const digest = createHmac("sha256", key.secret).update(text, "utf8").digest("hex");
  return `${key.version}-${digest.slice(0, TOKEN_DIGITS)}`;
}
