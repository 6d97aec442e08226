import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { FORMATS } from "@throughline/collector/import/detect-format";
import { createStateStore } from "@throughline/collector/import/import-state";
import { openInput } from "@throughline/collector/import/open-input";
import { runImport } from "@throughline/collector/import/run-import";
import { createSender } from "@throughline/collector/import/send-events";
import type { ImportSummary } from "@throughline/collector/import/summary";
import { AppError } from "@throughline/schemas/error";
import { type ImportMapping, importMapping } from "@throughline/schemas/pack/import-mapping";
import { formatPackIssue } from "@throughline/schemas/pack/pack-issue";
import { parseImportMapping } from "@throughline/schemas/pack/parse-mapping";
import { createImportProgress, type ImportProgress } from "./import-progress.ts";
import { describeSummary, toJsonSummary } from "./import-summary.ts";
import { z } from "zod";

const MAPPINGS = join(import.meta.dirname, "..", "config", "mappings");

const optionsSchema = z.object({
  mapping: z.string().optional(),
  gateway: z.url(),
  key: z.string().optional(),
  resume: z.boolean(),
  format: z.enum(FORMATS).optional(),
  encoding: z.string().optional(),
  revision: z.int().optional(),
  reason: z.string().optional(),
  state: z.string(),
  refused: z.string().optional(),
  dryRun: z.boolean(),
  json: z.boolean(),
});

export type ImportOptions = z.infer<typeof optionsSchema>;

/**
 * `throughline import FILE…`: sends the events of files to a gateway. Exit code 0 when every record was taken, 2 when some
 * were refused, 1 when the import could not be finished.
 */
export function addImportCommand(program: Command): void {
  program
    .command("import")
    .description("import event logs: XES, OCEL, CloudEvents, CSV")
    .argument("<file...>", "files, or directories of OCEL tables")
    .option("--mapping <mapping>", "a mapping file, or the name of one that comes along (bpi2019, ocel-p2p)")
    .option("--gateway <url>", "the gateway to send to", "http://127.0.0.1:4318")
    .addOption(new Option("--key <key>", "a key that may ingest").env("THROUGHLINE_KEY"))
    .option("--resume", "continue where an earlier import of the same file stopped", false)
    .addOption(new Option("--format <format>", "the format, where it is not recognized").choices(FORMATS))
    .option("--encoding <encoding>", "the encoding of the text, where the file does not say")
    .option("--revision <number>", "replace the events of an earlier import: 1, 2, …", parseRevision)
    .option("--reason <reason>", "why the events are replaced")
    .option("--state <directory>", "where it is kept how far each import got", join(".throughline", "imports"))
    .option("--refused <file>", "write each refused record's number and reason there, one JSON object a line")
    .option("--dry-run", "read and map only; send nothing", false)
    .option("--json", "print the summary as JSON", false)
    .action(async (files: string[], options: unknown) => {
      const stop = new AbortController();
      const onSignal = () => stop.abort();
      process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
      process.exitCode = await importFiles(files, optionsSchema.parse(options), {
        write: (text) => process.stdout.write(text),
        progress: createImportProgress(process.stderr),
        signal: stop.signal,
      });
    });
}

/** Where an import shows what it does, and what stops it. */
export interface ImportTerminal {
  write: (text: string) => void;
  progress: ImportProgress;
  signal: AbortSignal;
}

/** Imports one file after the other and writes a summary of each; returns the exit code. */
export async function importFiles(
  files: readonly string[],
  options: ImportOptions,
  terminal: ImportTerminal,
): Promise<number> {
  const mapping = options.mapping === undefined ? createDefaultMapping() : loadMapping(options.mapping);
  const revision = toRevision(options);
  if (options.refused !== undefined) writeFileSync(options.refused, "");
  let refused = 0;
  try {
    for (const file of files) {
      const summary = await importFile({ file, options, mapping, revision, terminal });
      terminal.progress.stop();
      const text = options.json
        ? JSON.stringify(toJsonSummary(file, summary))
        : describeSummary(file, summary, options.dryRun);
      terminal.write(`${text}\n`);
      refused += summary.refused;
    }
  } finally {
    terminal.progress.stop();
  }
  return refused === 0 ? 0 : 2;
}

interface FileImport {
  file: string;
  options: ImportOptions;
  mapping: ImportMapping;
  revision: { number: number; reason: string } | undefined;
  terminal: ImportTerminal;
}

async function importFile({ file, options, mapping, revision, terminal }: FileImport): Promise<ImportSummary> {
  const { progress, signal } = terminal;
  progress.start(`${basename(file)}: reading`);
  const input = await openInput(
    {
      path: file,
      format: options.format,
      encoding: options.encoding,
      csv: mapping.csv,
      keepsObjectAttributes: JSON.stringify(mapping).includes("{object."),
    },
    (bytes) => progress.add(bytes),
  );
  progress.start(`${basename(file)}: ${options.dryRun ? "mapping" : "sending"}`, input.sizeBytes);
  const send = createSender({
    gateway: options.gateway,
    key: options.key,
    signal,
    onWait: (milliseconds, reason) => progress.note(`waiting ${Math.ceil(milliseconds / 1000)} s: ${reason}`),
  });
  const { refused } = options;
  return runImport({
    input,
    mapping,
    gateway: options.gateway,
    send: options.dryRun ? () => Promise.resolve([]) : send,
    state: options.dryRun ? createNoState() : createStateStore(options.state, input.digest, options.gateway),
    isResuming: options.resume,
    revision,
    onProgress: (bytes, records) => {
      if (signal.aborted) throw new AppError("unavailable", "The import was stopped. Start again with --resume.");
      progress.set(bytes, records);
    },
    ...(refused === undefined
      ? {}
      : { onRefused: (record, reason) => appendFileSync(refused, `${JSON.stringify({ file, record, reason })}\n`) }),
  });
}

function createNoState() {
  return { find: () => Promise.resolve(undefined), save: () => Promise.resolve() };
}

/** A mapping from a file, or one that comes along, by name. */
function loadMapping(name: string): ImportMapping {
  const shipped = join(MAPPINGS, `${name}.yaml`);
  const path = !existsSync(name) && /^[a-z][a-z0-9-]*$/.test(name) && existsSync(shipped) ? shipped : name;
  if (!existsSync(path)) throw new AppError("invalid_configuration", `There is no mapping ${name}.`);
  const result = parseImportMapping({ path, text: readFileSync(path, "utf8") });
  if (result.ok) return result.mapping;
  throw new AppError(
    "invalid_configuration",
    `The mapping is wrong:\n${result.issues.map(formatPackIssue).join("\n")}`,
  );
}

/** Without a mapping each case is an object, and each activity a type of its own. */
function createDefaultMapping(): ImportMapping {
  return importMapping.parse({
    name: "log",
    title: "Log",
    objects: [{ type: "case", id: "{case.id}" }],
    objectTypes: { "*": "object" },
  });
}

function toRevision({ revision, reason }: ImportOptions): FileImport["revision"] {
  if (revision === undefined && reason === undefined) return undefined;
  if (revision === undefined || reason === undefined)
    throw new AppError("invalid_request", "--revision and --reason belong together.");
  return { number: revision, reason };
}

function parseRevision(value: string): number {
  const revision = Number(value);
  if (!Number.isInteger(revision) || revision < 1 || revision > 4_294_967_295)
    throw new InvalidArgumentError("It must be a whole number from 1.");
  return revision;
}
