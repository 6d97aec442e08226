import { watchFile, unwatchFile } from "node:fs";
import { readEdgeConfig } from "@throughline/collector/edge/config/read-edge-config";
import { type Edge, startEdge } from "@throughline/collector/edge/run/start-edge";
import { AppError } from "@throughline/schemas/error";
import closeWithGrace from "close-with-grace";
import type { Command } from "commander";
import { type Logger, pino } from "pino";
import { loadDocumentPack } from "./pack-files.ts";
import { readVersion } from "./version.ts";

const LOOK_MS = 1000;
const STOP_MS = 30_000;

/** `throughline-collector run` and `status`. */
export function addEdgeCommands(program: Command): void {
  program
    .command("run")
    .description("read what is configured, and take it to the gateway")
    .requiredOption("--config <file>", "what is read, and where it goes")
    .action(({ config }: { config: string }) => run(config));
  program
    .command("status")
    .description("show how the collector on this machine is")
    .requiredOption("--config <file>", "the configuration that it runs with")
    .action(({ config }: { config: string }) => showStatus(config));
}

async function run(file: string): Promise<void> {
  const logger = pino({ base: null }, pino.destination(2));
  const config = readEdgeConfig(file);
  const release = readVersion();
  const edge = await startEdge({ config, pack: loadDocumentPack(config.pack), release, logger, now: Date.now });
  let reloading = Promise.resolve();
  const reload = () => {
    reloading = reloading.then(() => takeChange(edge, { file, logger }));
  };
  process.on("SIGHUP", reload);
  watchFile(file, { interval: LOOK_MS }, reload);
  closeWithGrace({ delay: STOP_MS, skip: ["SIGHUP"] }, async ({ err }) => {
    if (err) logger.fatal({ err }, "The collector failed");
    unwatchFile(file, reload);
    await reloading;
    await edge.stop();
  });
  // Said last: whoever reads it may send signals at once.
  process.stdout.write(`Reads ${config.interfaces.length} of its interfaces; status at ${edge.url}/status\n`);
}

/** A configuration that cannot be taken is said, and the old one goes on. */
async function takeChange(edge: Edge, { file, logger }: { file: string; logger: Logger }): Promise<void> {
  try {
    const config = readEdgeConfig(file);
    await edge.reload(config, loadDocumentPack(config.pack));
    edge.noteRejected(undefined);
    logger.info("The changed configuration is in force");
  } catch (error) {
    const reason = error instanceof AppError ? error.message : "It cannot be read.";
    edge.noteRejected(reason);
    logger.error({ reason }, "The changed configuration is refused; the old one goes on");
  }
}

async function showStatus(file: string): Promise<void> {
  const { host, port } = readEdgeConfig(file).listen;
  const response = await fetch(`http://${host}:${port}/status`).catch((cause: unknown) => {
    throw new AppError("unavailable", `No collector answers at ${host}:${port}.`, { cause });
  });
  process.stdout.write(`${JSON.stringify(await response.json(), null, 2)}\n`);
}
