import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { AppError } from "@throughline/schemas/error";

/** The key of a site, or of several sites that correlate. It never leaves them; its version stands in each token. */
export interface TokenKey {
  version: string;
  secret: KeyObject;
}

const TOKEN_DIGITS = 32;
const MIN_SECRET_BYTES = 32;

/** Throws `invalid_configuration` for a secret of less than 32 bytes, or a version that is no word. */
export function createTokenKey(version: string, secret: Uint8Array): TokenKey {
  if (!/^[a-z0-9]{1,16}$/.test(version))
    throw new AppError("invalid_configuration", "The version of a token key must be a lower-case word.");
  if (secret.length < MIN_SECRET_BYTES)
    throw new AppError("invalid_configuration", `A token key must have ${MIN_SECRET_BYTES} bytes or more.`);
  return { version, secret: createSecretKey(secret) };
}

/** What stands for an identifier that leads to a patient: the same for the same text under the same key, and nothing else. */
export function toToken(key: TokenKey, text: string): string {
  const digest = createHmac("sha256", key.secret).update(text, "utf8").digest("hex");
  return `${key.version}-${digest.slice(0, TOKEN_DIGITS)}`;
}
