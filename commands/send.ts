import { statSync } from "node:fs";
import { readEdgeConfig } from "@throughline/collector/edge/config/read-edge-config";
import { sendFile } from "@throughline/collector/edge/run/send-file";
import type { SentUnits } from "@throughline/collector/edge/run/send-units";
import { AppError } from "@throughline/schemas/error";
import type { Command } from "commander";
import { createConfigOption } from "./edge-config-option.ts";
import { countOf, loadDocumentPack } from "./pack-files.ts";

/** `throughline-collector send FILE… --interface ID`: takes files to the gateway at once. Exit code 1 when not all of a file was taken. */
export function addSendCommand(program: Command): void {
  program
    .command("send")
    .description("take files to the gateway at once, as their interface would; sending one again does no harm")
    .argument("<file...>", "what is sent")
    .requiredOption("--interface <id>", "the interface whose format and mappings are used")
    .addOption(createConfigOption())
    .action(async (files: string[], options: { interface: string; config: string }) => {
      const config = readEdgeConfig(options.config);
      const pack = loadDocumentPack(config.pack);
      const stopping = new AbortController();
      process.once("SIGINT", () =>
        stopping.abort(new AppError("unavailable", "Interrupted; sending again does no harm.")),
      );
      for (const file of files) {
        if (!statSync(file, { throwIfNoEntry: false })?.isFile())
          throw new AppError("invalid_request", `There is no file ${file}.`);
        const sent = await sendFile(file, {
          config,
          pack,
          interfaceId: options.interface,
          now: Date.now,
          signal: stopping.signal,
        });
        process.stdout.write(describe(file, sent));
        if (sent.refusals.size > 0 || sent.documents === 0) process.exitCode = 1;
      }
    });
}

function describe(file: string, { documents, events, findings, refusals }: SentUnits): string {
  const lines = [
    `${file}: ${countOf(documents, "document")}, ${countOf(events, "event")} taken, ${countOf(findings, "finding")}`,
  ];
  for (const [reason, count] of refusals) lines.push(`  ${count} not taken: ${reason}`);
  return `${lines.join("\n")}\n`;
}
