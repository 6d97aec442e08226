import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { AppError } from "../error.ts";
import type { WayBackEnvelope } from "./manifest.ts";

/** A private key that signs, or a public one that is trusted, and its name. */
export interface SigningKey {
  keyid: string;
  key: KeyObject;
}

const PAYLOAD_TYPE = "application/vnd.throughline.way-back+json";
const KEY_ID_LENGTH = 16;
const BLOCK = /-----BEGIN (?:PRIVATE|PUBLIC) KEY-----[\s\S]+?-----END (?:PRIVATE|PUBLIC) KEY-----/g;

/** Signs bytes with each key, as DSSE 1.0 has it. */
export function signEnvelope(payload: string, keys: readonly SigningKey[]): WayBackEnvelope {
  const bytes = Buffer.from(payload);
  const message = toPreAuthEncoding(PAYLOAD_TYPE, bytes);
  return {
    payloadType: PAYLOAD_TYPE,
    payload: bytes.toString("base64"),
    signatures: keys.map(({ keyid, key }) => ({ keyid, sig: sign(null, message, key).toString("base64") })),
  };
}

/** The payload, when one of the trusted keys has signed it; undefined otherwise. */
export function openEnvelope(envelope: WayBackEnvelope, trusted: readonly SigningKey[]): string | undefined {
  if (envelope.payloadType !== PAYLOAD_TYPE) return undefined;
  const bytes = Buffer.from(envelope.payload, "base64");
  const message = toPreAuthEncoding(envelope.payloadType, bytes);
  const isSigned = envelope.signatures.some(({ sig }) =>
    trusted.some(({ key }) => verify(null, message, key, Buffer.from(sig, "base64"))),
  );
  return isSigned ? bytes.toString("utf8") : undefined;
}

/** The keys of a PEM text that may hold several, Ed25519 all of them. Throws `invalid_configuration`. */
export function parseSigningKeys(pem: string, kind: "private" | "public"): SigningKey[] {
  const blocks = pem.match(BLOCK) ?? [];
  if (blocks.length === 0) throw new AppError("invalid_configuration", `There is no ${kind} key in the PEM text.`);
  return blocks.map((block) => {
    const key = readKey(block, kind);
    if (key.asymmetricKeyType !== "ed25519" || key.type !== kind)
      throw new AppError("invalid_configuration", `A key of the way back must be a ${kind} Ed25519 key.`);
    return { keyid: toKeyId(key), key };
  });
}

/** The first half of the SHA-256 of the public key, as SPKI has it, in hexadecimal. */
export function toKeyId(key: KeyObject): string {
  const spki = toPublicKey(key).export({ type: "spki", format: "der" });
  return createHash("sha256").update(spki).digest("hex").slice(0, KEY_ID_LENGTH);
}

export function toPublicKey(key: KeyObject): KeyObject {
  return key.type === "public" ? key : createPublicKey(key);
}

function readKey(block: string, kind: "private" | "public"): KeyObject {
  try {
    return kind === "private" ? createPrivateKey(block) : createPublicKey(block);
  } catch (cause) {
    throw new AppError("invalid_configuration", `A ${kind} key of the way back cannot be read.`, { cause });
  }
}

function toPreAuthEncoding(type: string, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `), payload]);
}
