import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "@throughline/schemas/error";
import type { Pack } from "@throughline/schemas/pack/flow";
import { formatPackIssue, type PackFile, type PackIssue } from "@throughline/schemas/pack/pack-issue";
import { type DocumentPack, parseDocumentPack } from "@throughline/schemas/pack/parse-document-pack";
import { PACK_LIMITS, parsePack } from "@throughline/schemas/pack/parse-pack";

const MAX_FILE_BYTES = 4_000_000;

/**
 * The YAML files of a pack's directory and its folders, in the order of their paths; paths start with the directory as it
 * was named. Stops one file beyond the limit of a pack, so that a wrong directory is not read whole.
 */
export function readPackDirectory(directory: string): PackFile[] {
  if (!isDirectory(directory)) throw new AppError("invalid_configuration", `There is no directory ${directory}.`);
  const paths = listFiles(directory).slice(0, PACK_LIMITS.files + 1);
  return paths.map((path) => ({ path, text: readBounded(path) }));
}

/** The pack in a directory, or an error that lists everything that is wrong with it. */
export function loadPack(directory: string): Pack {
  const result = parsePack(readPackDirectory(directory));
  if (result.ok) return result.pack;
  throw toPackError(directory, result.issues);
}

/** What native documents mean, of the pack in a directory, or an error that lists everything that is wrong with it. */
export function loadDocumentPack(directory: string): DocumentPack {
  const result = parseDocumentPack(readPackDirectory(directory));
  if (result.ok) return result.pack;
  throw toPackError(directory, result.issues);
}

export function toPackError(place: string, issues: readonly PackIssue[]): AppError {
  return new AppError(
    "invalid_configuration",
    `The configuration in ${place} has ${countOf(issues.length, "problem")}:\n${issues.map(formatPackIssue).join("\n")}`,
    {
      issues: issues.map((issue) => ({
        path: `${issue.file}:${issue.line}:${issue.column}`,
        message: issue.message,
      })),
    },
  );
}

/** `1 flow`, `3 flows`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** YAML files in the directory and one level below; what is hidden or deeper is no part of a pack. */
function listFiles(directory: string): string[] {
  const entries = readdirSync(directory, { withFileTypes: true }).filter((entry) => !entry.name.startsWith("."));
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => join(directory, entry.name));
  const inFolders = folders.flatMap((folder) =>
    readdirSync(folder).flatMap((name) => (name.startsWith(".") ? [] : [join(folder, name)])),
  );
  return [...entries.filter((entry) => !entry.isDirectory()).map((entry) => join(directory, entry.name)), ...inFolders]
    .filter((path) => /\.ya?ml$/.test(path) && statSync(path).isFile())
    .toSorted();
}

function readBounded(path: string): string {
  if (statSync(path).size > MAX_FILE_BYTES)
    throw new AppError("invalid_configuration", `${path} is larger than ${MAX_FILE_BYTES} bytes.`);
  return readFileSync(path, "utf8");
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
