import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { AppError } from "@throughline/schemas/error";
import { AEAD_AES_256_GCM, CipherSuite, KDF_HKDF_SHA256, KEM_DHKEM_X25519_HKDF_SHA256 } from "hpke";
import { readSecret } from "../config/read-secret.ts";
import { SEALED_FORMAT } from "./sealed-format.ts";

/** A document that the recipient alone can open. */
export interface SealedDocument {
  /** The encapsulated key of RFC 9180. */
  encapsulated: Buffer;
  /** Sealed one after the other in one context. */
  parts: Buffer[];
  /** Which key opens it: the beginning of the SHA-256 of the public key. */
  recipient: string;
}

/** Seals a document under its pointer: nothing that was sealed under another can take its place. */
export type Seal = (document: Uint8Array, pointer: string) => Promise<SealedDocument>;

const PART_BYTES = 128 * 1024;
const KEY_BYTES = 32;
const ID_LENGTH = 16;
const PUBLIC_WORD = "throughline-recipient-1";
const PRIVATE_WORD = "throughline-recipient-private-1";

function createSuite() {
  return new CipherSuite(KEM_DHKEM_X25519_HKDF_SHA256, KDF_HKDF_SHA256, AEAD_AES_256_GCM);
}

function toInfo(pointer: string): Buffer {
  return Buffer.from(`${SEALED_FORMAT}\0${pointer}`);
}

/** Of each part: how many there are too, so that none can be left out at the end. */
function toAdditional(part: number, parts: number): Buffer {
  return Buffer.from(`${part}/${parts}`);
}

/** A new pair, each as the one line of its file. */
export async function createRecipientKeys(): Promise<{ privateText: string; publicText: string; id: string }> {
  const suite = createSuite();
  const { privateKey, publicKey } = await suite.GenerateKeyPair(true);
  const [secret, open] = await Promise.all([
    suite.SerializePrivateKey(privateKey),
    suite.SerializePublicKey(publicKey),
  ]);
  return {
    privateText: `${[PRIVATE_WORD, toBase64(secret), toBase64(open)].join(" ")}\n`,
    publicText: `${PUBLIC_WORD} ${toBase64(open)}\n`,
    id: toKeyId(open),
  };
}

/** Reads the public key of a recipient and seals for it. Throws `invalid_configuration` when the file holds none. */
export async function createSeal(recipientFile: string): Promise<Seal> {
  if (!statSync(recipientFile, { throwIfNoEntry: false })?.isFile())
    throw new AppError("invalid_configuration", `There is no file ${recipientFile} with a recipient's key.`);
  const [bytes] = parseKeys(readFileSync(recipientFile, "utf8"), { word: PUBLIC_WORD, path: recipientFile });
  const suite = createSuite();
  const key = await suite.DeserializePublicKey(bytes);
  const recipient = toKeyId(bytes);
  return async (document, pointer) => {
    const { encapsulatedSecret, ctx } = await suite.SetupSender(key, { info: toInfo(pointer) });
    const count = Math.max(1, Math.ceil(document.length / PART_BYTES));
    const parts: Buffer[] = [];
    for (let part = 0; part < count; part++) {
      const plain = document.subarray(part * PART_BYTES, (part + 1) * PART_BYTES);
      parts.push(Buffer.from(await ctx.Seal(plain, toAdditional(part, count))));
    }
    return { encapsulated: Buffer.from(encapsulatedSecret), parts, recipient };
  };
}

/** Opens what was sealed for a private key. Throws `invalid_request` when it was sealed for another, or is not whole. */
export async function createOpen(privateFile: string) {
  const [secret, shown] = parseKeys(readSecret(privateFile), { word: PRIVATE_WORD, path: privateFile });
  const suite = createSuite();
  const [privateKey, publicKey] = await Promise.all([
    suite.DeserializePrivateKey(secret),
    suite.DeserializePublicKey(shown),
  ]);
  return async ({ encapsulated, parts }: Omit<SealedDocument, "recipient">, pointer: string): Promise<Buffer> => {
    try {
      const context = await suite.SetupRecipient({ privateKey, publicKey }, encapsulated, { info: toInfo(pointer) });
      const opened: Uint8Array[] = [];
      for (const [part, sealed] of parts.entries())
        opened.push(await context.Open(sealed, toAdditional(part, parts.length)));
      return Buffer.concat(opened);
    } catch (cause) {
      throw new AppError("invalid_request", `${pointer} was sealed for another key, or is not whole.`, { cause });
    }
  };
}

/** The first and the last key of a file, which are one where it holds one. */
function parseKeys(text: string, { word, path }: { word: string; path: string }): [Buffer, Buffer] {
  const [found, first = "", last = first] = text.trim().split(/\s+/);
  const keys: [Buffer, Buffer] = [Buffer.from(first, "base64"), Buffer.from(last, "base64")];
  if (found !== word || keys.some(({ length }) => length !== KEY_BYTES))
    throw new AppError("invalid_configuration", `The file ${path} holds no key that begins with ${word}.`);
  return keys;
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

function toKeyId(publicKey: Uint8Array): string {
  return createHash("sha256").update(publicKey).digest("hex").slice(0, ID_LENGTH);
}
