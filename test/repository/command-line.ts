import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "./root.ts";

const helpOf = new Map<string, string>();

/** What the command line says of itself, or of one of its commands, asked once. Throws when there is no such command. */
function readHelp(command = ""): string {
  const known = helpOf.get(command);
  if (known !== undefined) return known;
  const args = [join(ROOT, "main.ts"), ...(command === "" ? [] : [command]), "--help"];
  const help = execFileSync(process.execPath, args, { encoding: "utf8", cwd: ROOT });
  helpOf.set(command, help);
  return help;
}

/** The names of the commands. */
export function listCommands(): string[] {
  const [, list = ""] = readHelp().split("Commands:");
  return [...list.matchAll(/^ {2}([a-z]+)/gm)].flatMap(([, name]) => name ?? []).filter((name) => name !== "help");
}

/** Whether a command has a long option. */
export function hasOption(command: string, option: string): boolean {
  return new RegExp(`^ {2}(-\\w, )?${option}\\b`, "m").test(readHelp(command));
}
