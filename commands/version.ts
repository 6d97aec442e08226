import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const packageFile = z.object({ version: z.string() });

/** The version of this program, as its package says. */
export function readVersion(): string {
  return packageFile.parse(JSON.parse(readFileSync(join(import.meta.dirname, "../package.json"), "utf8"))).version;
}
