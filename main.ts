import { AppError } from "@throughline/schemas/error";
import { Command } from "commander";
import { pino } from "pino";
import { addCheckCommand } from "./commands/check.ts";
import { addDemoCommand } from "./commands/demo.ts";
import { addImportCommand } from "./commands/import.ts";
import { addKeysCommand } from "./commands/keys.ts";
import { addMigrateCommand } from "./commands/migrate.ts";
import { addServeCommand } from "./commands/serve.ts";
import { readSettings } from "./commands/settings.ts";
import { openStore } from "./commands/store.ts";
import { addTrustCommand } from "./commands/way-back-keys.ts";
import { readVersion } from "./commands/version.ts";

const settings = () => readSettings(process.env);
const createLogger = (level: string) => pino({ level, base: null }, pino.destination(2));
const openQuietly = () => openStore(settings(), createLogger("warn"));

const program = new Command("throughline")
  .description("Integration control tower for hospital groups")
  .version(readVersion());
addServeCommand(program, { settings, createLogger });
addDemoCommand(program, { settings, createLogger });
addCheckCommand(program);
addImportCommand(program);
addKeysCommand(program, {
  openStore: openQuietly,
  administratorToken: () => settings().administratorToken,
  write: (text) => void process.stdout.write(text),
});
addMigrateCommand(program, openQuietly);
addTrustCommand(program, {
  dataDirectory: () => settings().dataDirectory,
  write: (text) => void process.stdout.write(text),
});

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
