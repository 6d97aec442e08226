import { openEnvelope, type SigningKey } from "@throughline/schemas/way-back/dsse";
import { type WayBackEnvelope, type WayBackManifest, wayBackManifest } from "@throughline/schemas/way-back/manifest";

export type CheckedManifest = { ok: true; manifest: WayBackManifest } | { ok: false; reason: string };

export interface ManifestRules {
  trusted: readonly SigningKey[];
  /** The id of the key with which this edge asks. */
  audience: string;
  /** What was applied last; 0 before anything was. */
  version: number;
  /** By the gateway's clock as far as it is known, in milliseconds since 1970. */
  now: number;
}

const CLOCK_ALLOWANCE_MS = 300_000;

/** Why what the gateway says is not taken, or what it says. */
export function checkManifest(envelope: WayBackEnvelope, rules: ManifestRules): CheckedManifest {
  const payload = openEnvelope(envelope, rules.trusted);
  if (payload === undefined) return refuse("no key that is trusted here has signed it");
  const parsed = wayBackManifest.safeParse(parseJson(payload));
  if (!parsed.success) return refuse("it is of a form that this version does not know");
  const manifest = parsed.data;
  if (manifest.audience !== rules.audience) return refuse("it is meant for another edge");
  if (manifest.version < rules.version)
    return refuse(`it is version ${manifest.version}, and ${rules.version} was applied already`);
  if (Date.parse(manifest.expiresAt) + CLOCK_ALLOWANCE_MS < rules.now)
    return refuse(`it ran out at ${manifest.expiresAt}`);
  if (Date.parse(manifest.issuedAt) - CLOCK_ALLOWANCE_MS > rules.now)
    return refuse(`it was issued at ${manifest.issuedAt}, which is ahead of this clock`);
  return { ok: true, manifest };
}

function refuse(reason: string): CheckedManifest {
  return { ok: false, reason };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
