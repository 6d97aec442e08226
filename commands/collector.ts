import { AppError } from "@throughline/schemas/error";
import { Command } from "commander";
import { addEdgeCommands } from "./edge.ts";
import { addKeptCommands } from "./kept.ts";
import { addSendCommand } from "./send.ts";
import { addTestMappingCommand } from "./test-mapping.ts";
import { addUnsealCommands } from "./unseal.ts";
import { readVersion } from "./version.ts";
import { addWrapCommand } from "./wrap.ts";

const program = new Command("throughline-collector")
  .description("Reads what systems already write, beside them")
  .version(readVersion())
  .enablePositionalOptions();
addEdgeCommands(program);
addTestMappingCommand(program);
addSendCommand(program);
addWrapCommand(program);
addKeptCommands(program);
addUnsealCommands(program);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
