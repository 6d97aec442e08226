import { readEdgeConfig } from "@throughline/collector/edge/config/read-edge-config";
import { readSecretBytes } from "@throughline/collector/edge/config/read-secret";
import { KEPT_KINDS, type Kept, type KeptFilter, listKept } from "@throughline/collector/edge/kept/list-kept";
import { readKept } from "@throughline/collector/edge/kept/read-kept";
import { readResent } from "@throughline/collector/edge/kept/resent-file";
import { resendKept } from "@throughline/collector/edge/kept/resend-kept";
import { AppError } from "@throughline/schemas/error";
import { type Command, InvalidArgumentError, Option } from "commander";
import { createConfigOption } from "./edge-config-option.ts";
import { countOf, loadDocumentPack } from "./pack-files.ts";

interface FilterOptions extends KeptFilter {
  config: string;
}

/**
 * `throughline-collector kept list|show|resend`: what is kept at this site. Nothing out of a document is printed unless `--reveal` asks for
 * it. They work beside a collector that runs, for who may read its keys.
 */
export function addKeptCommands(program: Command): void {
  const kept = program.command("kept").description("look after what is kept at this site");
  withFilter(kept.command("list"))
    .description("list what waits for a person, and raw documents, without what they say")
    .option("--json", "print one line of JSON for each", false)
    .action((options: FilterOptions & { json: boolean }) => list(options));
  kept
    .command("show")
    .description("show what is known of something that is kept; the document itself only with --reveal")
    .argument("<id>", "as it was listed, or the raw_pointer of an event")
    .option("--reveal", "print the document itself: it may name patients, and is for eyes at this site only", false)
    .addOption(createConfigOption())
    .action((id: string, options: { config: string; reveal: boolean }) => show(id, options));
  withFilter(kept.command("resend"))
    .description("map what is kept again and take it to the gateway, under the ids that its events have")
    .argument("[id...]", "as they were listed; else all that the options name")
    .option("--revision <number>", "the revision of the events, where others were taken before", parseRevision)
    .option("--reason <text>", "why there is another revision")
    .action((ids: string[], options: ResendCommand) => resend(ids, options));
}

function withFilter(command: Command): Command {
  return command
    .option("--interface <id>", "of this interface only")
    .addOption(new Option("--class <class>", "of this class only").choices([...KEPT_KINDS]))
    .addOption(createConfigOption());
}

function openPlace(file: string) {
  const config = readEdgeConfig(file);
  return { config, place: { directory: config.spool.directory, secret: readSecretBytes(config.spool.keyFile) } };
}

async function list(options: FilterOptions & { json: boolean }): Promise<void> {
  const { place } = openPlace(options.config);
  const resent = readResent(place.directory);
  const found = await listKept(place, options);
  for (const kept of found) {
    const resentAt = resent.get(kept.id);
    process.stdout.write(options.json ? `${JSON.stringify({ ...kept, resentAt })}\n` : describe(kept, resentAt));
  }
  if (!options.json) process.stdout.write(`${countOf(found.length, "entry").replace(/ys$/, "ies")}\n`);
}

function describe(kept: Kept, resentAt: string | undefined): string {
  const place = kept.ordinal === undefined ? "" : `, document ${kept.ordinal + 1}`;
  const size = kept.sizeBytes === 0 ? "not kept here" : `${kept.sizeBytes} bytes`;
  const sent = resentAt === undefined ? "" : `, sent again ${resentAt}`;
  const what = `${kept.class} ${kept.interface ?? "no interface"}${place} (${size}${sent})`;
  return `${kept.id}  ${kept.at}  ${what}: ${kept.reason.replaceAll(/\p{Cc}/gu, " ")}\n`;
}

async function show(given: string, options: { config: string; reveal: boolean }): Promise<void> {
  const { config, place } = openPlace(options.config);
  const [kept] = await listKept(place, { id: given.replace(/#\d+$/, "") });
  if (kept === undefined) throw new AppError("not_found", `Nothing is kept here as ${given}.`);
  if (!options.reveal) {
    process.stdout.write(`${JSON.stringify(kept, undefined, 2)}\n`);
    return;
  }
  const content = await readKept(kept, place, config);
  process.stdout.write(content.kind === "document" ? content.bytes : content.text);
}

interface ResendCommand extends FilterOptions {
  revision?: number | undefined;
  reason?: string | undefined;
}

async function resend(ids: readonly string[], options: ResendCommand): Promise<void> {
  if (ids.length === 0 && options.interface === undefined && options.class === undefined)
    throw new AppError("invalid_request", "Name what is sent again: ids, --interface or --class.");
  if ((options.revision === undefined) !== (options.reason === undefined))
    throw new AppError("invalid_request", "A revision needs its --reason, and a reason its --revision.");
  const { config, place } = openPlace(options.config);
  const pack = loadDocumentPack(config.pack);
  const wanted = new Set(ids.map((id) => id.replace(/#\d+$/, "")));
  const resent = readResent(place.directory);
  const found = (await listKept(place, options)).filter(({ id }) =>
    wanted.size === 0 ? !resent.has(id) : wanted.has(id),
  );
  const missing = [...wanted].filter((id) => !found.some((kept) => kept.id === id));
  if (missing.length > 0) throw new AppError("not_found", `Nothing is kept here as ${missing.join(", ")}.`);
  const stopping = new AbortController();
  process.once("SIGINT", () => stopping.abort(new AppError("unavailable", "Interrupted; sending again does no harm.")));
  const { revision: number, reason } = options;
  const revision = number === undefined || reason === undefined ? undefined : { number, reason };
  for (const kept of found) {
    const sending = { config, pack, place, revision, now: Date.now, signal: stopping.signal };
    await resendKept(kept, sending).then(
      ({ events, refusals }) => {
        const refused = [...refusals].map(([why, count]) => `\n  ${count} not taken: ${why}`).join("");
        process.stdout.write(`${kept.id}: ${countOf(events, "event")} taken${refused}\n`);
        if (refusals.size > 0) process.exitCode = 1;
      },
      (error: unknown) => {
        if (!(error instanceof AppError) || error.code === "unavailable") throw error;
        process.stdout.write(`${kept.id}: ${error.message}\n`);
        process.exitCode = 1;
      },
    );
  }
}

function parseRevision(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("must be a whole number of 1 or more");
  return value;
}
