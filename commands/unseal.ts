import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "@throughline/schemas/error";
import type { Command } from "commander";
import { countOf } from "./pack-files.ts";

const SECRET_MODE = 0o600;

/** `throughline-collector recipient create` and `unseal`: for who may open documents that travel sealed. Neither needs a configuration. */
export function addUnsealCommands(program: Command): void {
  program
    .command("recipient")
    .description("keys of who may open documents that travel sealed")
    .command("create")
    .description("make a pair of keys: FILE stays with the recipient, FILE.pub goes to the edges")
    .argument("<file>", "is made; never overwritten")
    .action((file: string) => createRecipient(file));
  program
    .command("unseal")
    .description("open sealed documents out of events: they may name patients")
    .argument("<events...>", "files of JSON or of JSON lines with the events, such as an answer of the API")
    .requiredOption("--key <file>", "the recipient's own key")
    .requiredOption("--out <directory>", "where the documents go")
    .action((files: string[], options: { key: string; out: string }) => unseal(files, options));
}

async function createRecipient(file: string): Promise<void> {
  const { createRecipientKeys } = await import("@throughline/collector/edge/raw/seal-document");
  const { privateText, publicText, id } = await createRecipientKeys();
  try {
    writeFileSync(file, privateText, { mode: SECRET_MODE, flag: "wx" });
    writeFileSync(`${file}.pub`, publicText, { flag: "wx" });
  } catch (cause) {
    throw new AppError("invalid_request", `${file} or ${file}.pub is there already, or cannot be written.`, { cause });
  }
  process.stdout.write(`Recipient ${id}: ${file}.pub goes to the edges, ${file} stays here.\n`);
}

async function unseal(files: readonly string[], { key, out }: { key: string; out: string }): Promise<void> {
  const [{ createOpen }, { findSealed }] = await Promise.all([
    import("@throughline/collector/edge/raw/seal-document"),
    import("@throughline/collector/edge/raw/sealed-events"),
  ]);
  const open = await createOpen(key);
  const found = findSealed(files.flatMap(readValues));
  if (found.length === 0) throw new AppError("not_found", "No sealed document is in these files.");
  mkdirSync(out, { recursive: true, mode: 0o700 });
  for (const sealed of found) {
    const path = join(out, sealed.pointer.replaceAll(/[^A-Za-z0-9-]/g, "-"));
    writeFileSync(path, await open(sealed, sealed.pointer), { mode: SECRET_MODE });
    process.stdout.write(`${path}\n`);
  }
  process.stdout.write(`${countOf(found.length, "document")} opened\n`);
}

function readValues(file: string): unknown[] {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile())
    throw new AppError("invalid_request", `There is no file ${file}.`);
  const text = readFileSync(file, "utf8");
  try {
    return [JSON.parse(text)];
  } catch {
    return text
      .split("\n")
      .flatMap((line, index) => (line.trim() === "" ? [] : [parseLine(line, `${file}:${index + 1}`)]));
  }
}

function parseLine(line: string, place: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new AppError("invalid_request", `${place} is no JSON.`, { cause });
  }
}
