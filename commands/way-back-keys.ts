import { generateKeyPairSync } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, statSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { AppError } from "@throughline/schemas/error";
import { parseSigningKeys, type SigningKey, toPublicKey } from "@throughline/schemas/way-back/dsse";
import type { Command } from "commander";

const OTHERS = 0o077;
const MAX_KEYS = 4;

/** Where the private keys lie with which edges are told what holds. */
export function toWayBackKeyPath(dataDirectory: string): string {
  return join(dataDirectory, "way-back.key");
}

/** The private keys of the way back; the first one is made where there is none. Throws `invalid_configuration` when others may read them. */
export function openWayBackKeys(dataDirectory: string): SigningKey[] {
  const path = toWayBackKeyPath(dataDirectory);
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) writeKeys(path, [createKeyText()]);
  return parseSigningKeys(readKeyText(path), "private");
}

function readKeyText(path: string): string {
  if ((statSync(path).mode & OTHERS) !== 0)
    throw new AppError("invalid_configuration", `Others may read the key file ${path}: make its mode 600.`);
  return readFileSync(path, "utf8");
}

function createKeyText(): string {
  return generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

function toText({ key }: SigningKey): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

function writeKeys(path: string, texts: readonly string[]): void {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(`${path}.new`, "w", 0o600);
  writeSync(file, texts.join(""));
  fsyncSync(file);
  closeSync(file);
  renameSync(`${path}.new`, path);
}

/** The public keys as edges trust them, each with its name before it. */
export function describePublicKeys(keys: readonly SigningKey[]): string {
  return keys
    .map(({ keyid, key }) => `# ${keyid}\n${toPublicKey(key).export({ type: "spki", format: "pem" }).toString()}`)
    .join("");
}

/** `throughline trust`: shows the public keys, adds a key beside the old one, or removes the oldest. */
export function addTrustCommand(
  program: Command,
  context: { dataDirectory: () => string; write: (text: string) => void },
): void {
  program
    .command("trust")
    .description("print the public keys that edges trust; add and remove keys to change them")
    .option("--add", "sign with one more key from the gateway's next start on", false)
    .option("--remove <id>", "sign no more with this one")
    .action((options: { add: boolean; remove?: string }) => {
      const path = toWayBackKeyPath(context.dataDirectory());
      const keys = openWayBackKeys(context.dataDirectory());
      const kept = keys.filter(({ keyid }) => keyid !== options.remove);
      if (options.remove !== undefined && kept.length === keys.length)
        throw new AppError("not_found", `There is no key ${options.remove}.`);
      if (kept.length + Number(options.add) === 0)
        throw new AppError("conflict", "It is the only key: add another one first, and let every edge trust it.");
      if (kept.length + Number(options.add) > MAX_KEYS)
        throw new AppError("conflict", `There may be ${MAX_KEYS} keys at most: remove the oldest first.`);
      if (options.add || options.remove !== undefined)
        writeKeys(path, [...kept.map(toText), ...(options.add ? [createKeyText()] : [])]);
      context.write(describePublicKeys(openWayBackKeys(context.dataDirectory())));
    });
}
