import { createHash } from "node:crypto";
import type { Event, EventData } from "@throughline/schemas/event";
import type { RawPolicy } from "../config/raw-policy.ts";
import type { ByteStream } from "../formats/parse-stream.ts";
import type { Draft } from "../spool/spool-writer.ts";
import { createRawChunks } from "./raw-chunks.ts";
import { type NameRaw, type RawName, toRawPointer } from "./raw-name.ts";
import type { Seal } from "./seal-document.ts";
import { toSealedEvents } from "./sealed-events.ts";

/** What is read at once and may be kept or sent as it is. */
export interface RawUnit {
  /** SHA-256 of its bytes, unless these are given. */
  identity: string;
  stream: ByteStream;
  raw?: Buffer;
  /** Of a stream, where that is known before it is read. */
  sizeBytes?: number | undefined;
}

/** A unit whose documents are kept or sent while it is read. */
export interface RawReading {
  stream: ByteStream;
  /** What the events of a document say of where it is. */
  attributes: (ordinal: number) => NonNullable<EventData["attributes"]>;
  /** When the stream was read whole: what is to be kept still, and what is to be sent. */
  end: () => Promise<{ drafts: Draft[]; events: Event[] }>;
}

export interface RawKeeper {
  /** Undefined when the unit is too large for the policy: it is told without its raw document. */
  begin: (unit: RawUnit) => RawReading | undefined;
  /** Returns when the drafts are on disk; throws `unavailable` when they cannot be. */
  append: (drafts: readonly Draft[]) => Promise<void>;
  close: () => Promise<void>;
}

export interface RawParts {
  interfaceId: string;
  /** The source that speaks for sealed documents. */
  source: string;
  policy: RawPolicy;
  name: NameRaw;
  now: () => number;
  /** Where documents are kept; undefined where they are only named, as by who sends one by hand. */
  store: { append: (drafts: readonly Draft[]) => Promise<void>; close: () => Promise<void> } | undefined;
  /** Seals for the recipient of the policy. */
  seal: Seal | undefined;
}

/** What a policy does with each unit that is read. Chunks of large ones go to disk while they are read, so that memory stays bounded. */
export function createRawKeeper(parts: RawParts): RawKeeper {
  const { interfaceId, policy, name, store } = parts;
  // Half of what may be kept: else a file would push out its own beginning.
  const maxBytes = policy.policy === "keep" ? policy.maxBytes / 2 : policy.maxBytes;
  return {
    begin: (unit) => {
      const { raw, sizeBytes = raw?.length } = unit;
      if (sizeBytes === undefined || sizeBytes > maxBytes) return undefined;
      const named = name(raw === undefined ? unit.identity : createHash("sha256").update(raw).digest("hex"));
      const pointer = toRawPointer(interfaceId, named);
      const attributes = (ordinal: number) => ({
        raw_hash: named.hash,
        raw_pointer: ordinal === 0 ? pointer : `${pointer}#${ordinal}`,
      });
      const read = policy.policy === "keep" ? keepUnit : sealUnit;
      return { attributes, ...read(unit, { ...parts, named, pointer }) };
    },
    append: async (drafts) => {
      if (drafts.length > 0) await store?.append(drafts);
    },
    close: async () => store?.close(),
  };
}

type Named = RawParts & { named: RawName; pointer: string };
type Reading = Pick<RawReading, "stream" | "end">;

function keepUnit({ identity, stream, raw }: RawUnit, { store, named, interfaceId, now }: Named): Reading {
  if (store === undefined) return { stream, end: async () => ({ drafts: [], events: [] }) };
  const chunks = createRawChunks({ ...named, interfaceId, identity, at: new Date(now()).toISOString() });
  if (raw !== undefined)
    return { stream, end: async () => ({ drafts: [...chunks.add(raw), ...chunks.end()], events: [] }) };
  const tee = async function* (): AsyncGenerator<Uint8Array, void, void> {
    for await (const bytes of stream) {
      const drafts = chunks.add(bytes);
      if (drafts.length > 0) await store.append(drafts);
      yield bytes;
    }
  };
  return { stream: tee(), end: async () => ({ drafts: chunks.end(), events: [] }) };
}

function sealUnit({ stream, raw }: RawUnit, { seal, pointer, interfaceId, source, now }: Named): Reading {
  if (seal === undefined) return { stream, end: async () => ({ drafts: [], events: [] }) };
  const held: Uint8Array[] = raw === undefined ? [] : [raw];
  const tee = async function* (): AsyncGenerator<Uint8Array, void, void> {
    for await (const bytes of stream) {
      held.push(bytes);
      yield bytes;
    }
  };
  const end = async () => {
    const sealed = await seal(Buffer.concat(held), pointer);
    return { drafts: [], events: toSealedEvents(sealed, { pointer, interfaceId, source, at: now() }) };
  };
  return { stream: raw === undefined ? tee() : stream, end };
}
