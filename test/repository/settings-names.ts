import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./root.ts";

const DECLARED = /^ {2}((?:THROUGHLINE|CLICKHOUSE)_[A-Z_]+):/gm;

/** The environment variables that the commands read. */
export function listSettings(): Set<string> {
  const source = readFileSync(join(ROOT, "commands/settings.ts"), "utf8");
  return new Set([...source.matchAll(DECLARED)].flatMap(([, name]) => name ?? []));
}
