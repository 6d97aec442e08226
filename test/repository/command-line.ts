import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "./root.ts";

const helpOf = new Map<string, string>();

/** What a program is started from: the tower's command line, and the edge collector's. */
const PROGRAMS = { throughline: "main.ts", "throughline-collector": "commands/collector.ts" };

export type ProgramName = keyof typeof PROGRAMS;

/** What a command line says of itself, or of one of its commands, asked once. Throws when there is no such command. */
function readHelp(command = "", program: ProgramName = "throughline"): string {
  const asked = `${program} ${command}`;
  const known = helpOf.get(asked);
  if (known !== undefined) return known;
  const args = [join(ROOT, PROGRAMS[program]), ...(command === "" ? [] : [command]), "--help"];
  const help = execFileSync(process.execPath, args, { encoding: "utf8", cwd: ROOT });
  helpOf.set(asked, help);
  return help;
}

/** The names of the commands. */
export function listCommands(program: ProgramName = "throughline"): string[] {
  const [, list = ""] = readHelp("", program).split("Commands:");
  return [...list.matchAll(/^ {2}([a-z]+)/gm)].flatMap(([, name]) => name ?? []).filter((name) => name !== "help");
}

/** Whether a command has a long option. */
export function hasOption(command: string, option: string, program: ProgramName = "throughline"): boolean {
  return new RegExp(`^ {2}(-\\w, )?${option}\\b`, "m").test(readHelp(command, program));
}
