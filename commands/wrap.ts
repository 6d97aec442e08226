import { constants } from "node:os";
import { readEdgeConfig } from "@throughline/collector/edge/config/read-edge-config";
import { handOver } from "@throughline/collector/edge/jobs/hand-over";
import { observeJob, toExitCode } from "@throughline/collector/edge/jobs/observe-job";
import { toDurationMs } from "@throughline/collector/edge/run/duration-ms";
import type { Event } from "@throughline/schemas/event";
import { type Command, InvalidArgumentError } from "commander";
import { createConfigOption } from "./edge-config-option.ts";

const NAME = /^[a-z][a-z0-9-]{0,62}$/;

interface WrapOptions {
  config: string;
  interface: string;
  site?: string;
  every?: number;
}

/** `throughline-collector wrap --interface ID -- CMD…`: runs a job as it is, and tells how it went. */
export function addWrapCommand(program: Command): void {
  program
    .command("wrap")
    .description("run a job as it is, and tell the tower when it starts, that it runs, and how it ends")
    .requiredOption("--interface <id>", "the name of the job", parseName)
    .addOption(createConfigOption())
    .option("--site <site>", "the site that the job is of")
    .option("--every <duration>", "how often a running job is told of, PT5M unless given", parseEvery)
    .argument("<command...>", "the job and its arguments, behind --")
    .passThroughOptions()
    .action(async (command: string[], options: WrapOptions) => {
      const [file = "", ...args] = command;
      const end = await observeJob({
        interfaceId: options.interface,
        site: options.site,
        command: [file, ...args],
        environment: process.env,
        signOfLifeMs: options.every ?? toDurationMs("PT5M"),
        tell: createTell(options.config),
        now: Date.now,
      });
      if ("failure" in end) warn(`${file} cannot be run: ${end.failure}`);
      process.exitCode = toExitCode(end, constants.signals);
    });
}

/** Hands events over; a job is never stopped because they cannot be, that is only said. */
function createTell(config: string): (events: readonly Event[]) => Promise<void> {
  let directory: string | undefined;
  try {
    directory = readEdgeConfig(config).jobs?.directory;
    if (directory === undefined) warn(`${config} names no folder for jobs: nothing is told of this run.`);
  } catch (error) {
    warn(`Nothing is told of this run. ${error instanceof Error ? error.message : ""}`);
  }
  return async (events) => {
    if (directory === undefined) return;
    try {
      await handOver(directory, events, Date.now());
    } catch (error) {
      const reason = error instanceof Error && "code" in error ? String(error.code) : "unknown";
      warn(`What is to be told of this run cannot be written to ${directory}: ${reason}`);
    }
  };
}

function warn(text: string): void {
  process.stderr.write(`throughline-collector: ${text.trim()}\n`);
}

function parseName(text: string): string {
  if (!NAME.test(text)) throw new InvalidArgumentError("It must be a lower-case word such as nightly-inventory.");
  return text;
}

function parseEvery(text: string): number {
  try {
    return Math.max(1000, toDurationMs(text));
  } catch {
    throw new InvalidArgumentError("It must be a duration such as PT5M.");
  }
}
