import { createHash } from "node:crypto";
import type { Principal } from "@throughline/schemas/access";
import type { Crosswalk } from "@throughline/schemas/pack/crosswalk";
import type { DocumentMapping } from "@throughline/schemas/pack/document-mapping";
import { type SigningKey, signEnvelope } from "@throughline/schemas/way-back/dsse";
import type { ReplayOrder, WayBackManifest } from "@throughline/schemas/way-back/manifest";

/** What the store knows of the way back. Each throws `unavailable` while it is away. */
export interface WayBackFacts {
  countDecisions: () => Promise<number>;
  listCrosswalks: (asker: WayBackPlace) => Promise<Crosswalk[]>;
  listOrders: (asker: WayBackPlace) => Promise<ReplayOrder[]>;
  /** Notes which mappings are given out. */
  recordMappings: (digest: string) => Promise<void>;
}

export interface WayBackPlace {
  sites: Principal["scope"]["sites"];
  interfaces: readonly string[];
}

export interface WayBackParts {
  facts: WayBackFacts;
  keys: readonly SigningKey[];
  mappings: readonly DocumentMapping[];
  now: () => number;
}

/** What edges are told when they ask; nothing is ever sent to them otherwise. */
export interface WayBack {
  /** What holds for a sender's interfaces, signed, as JSON. */
  sign: (sender: Principal, interfaces: readonly string[]) => Promise<string>;
  /** A part that a manifest of this sender named, as JSON; undefined where none did lately. */
  findPart: (sender: Principal, digest: string) => string | undefined;
}

const VALID_MS = 3_600_000;
const MAX_HELD_CHARACTERS = 128_000_000;

export function createWayBack({ facts, keys, mappings, now }: WayBackParts): WayBack {
  const parts = createPartCache();
  const mappingText = JSON.stringify(mappings);
  const mappingDigest = toDigest(mappingText);
  const seen = new Map<string, { version: number; crosswalks: string }>();
  let recorded: Promise<void> | undefined;
  const findCrosswalks = async (sender: Principal, place: WayBackPlace, version: number): Promise<string> => {
    const key = JSON.stringify([sender.id, place]);
    const known = seen.get(key);
    if (known?.version === version && parts.has(sender.id, known.crosswalks)) return known.crosswalks;
    const text = JSON.stringify(await facts.listCrosswalks(place));
    const crosswalks = toDigest(text);
    parts.put(sender.id, crosswalks, text);
    if (seen.size > 1000) seen.clear();
    seen.set(key, { version, crosswalks });
    return crosswalks;
  };
  return {
    sign: async (sender, interfaces) => {
      recorded ??= facts.recordMappings(mappingDigest).catch((error: unknown) => {
        recorded = undefined;
        throw error;
      });
      await recorded;
      const place = { sites: sender.scope.sites, interfaces };
      // Counted first: what is decided meanwhile makes the next version.
      const version = await facts.countDecisions();
      const crosswalks = await findCrosswalks(sender, place, version);
      const manifest: WayBackManifest = {
        format: "throughline.way-back.1",
        audience: sender.id,
        version,
        issuedAt: new Date(now()).toISOString(),
        expiresAt: new Date(now() + VALID_MS).toISOString(),
        parts: { crosswalks, mappings: mappingDigest },
        orders: await facts.listOrders(place),
      };
      return JSON.stringify(signEnvelope(JSON.stringify(manifest), keys));
    },
    findPart: (sender, digest) => (digest === mappingDigest ? mappingText : parts.get(sender.id, digest)),
  };
}

/** What was named lately, each for whom it was named; the oldest give way at the bound. */
function createPartCache() {
  const held = new Map<string, string>();
  let characters = 0;
  const toKey = (owner: string, digest: string) => `${owner} ${digest}`;
  return {
    has: (owner: string, digest: string) => held.has(toKey(owner, digest)),
    get: (owner: string, digest: string) => held.get(toKey(owner, digest)),
    put: (owner: string, digest: string, text: string) => {
      const key = toKey(owner, digest);
      characters += text.length - (held.get(key)?.length ?? 0);
      held.delete(key);
      held.set(key, text);
      for (const [oldest, value] of held) {
        if (characters <= MAX_HELD_CHARACTERS || oldest === key) break;
        held.delete(oldest);
        characters -= value.length;
      }
    },
  };
}

function toDigest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
