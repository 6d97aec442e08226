import type { EdgeConfig } from "../config/edge-config.ts";
import { readSecretBytes } from "../config/read-secret.ts";
import type { RedactionPolicy } from "../redact/redact-document.ts";
import { createTokenKey } from "../redact/token.ts";

/** What the configuration says of redaction, with its key. Throws `invalid_configuration` when that cannot be read. */
export function readPolicy({ redaction }: Pick<EdgeConfig, "redaction">): RedactionPolicy {
  if (redaction === undefined) return {};
  const { version, dates, keyFile } = redaction;
  return { dates, key: createTokenKey(version, readSecretBytes(keyFile)) };
}
