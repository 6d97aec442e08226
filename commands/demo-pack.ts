import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The systems of the simulated trade: each says by its heartbeats how far it is complete, in history as in live trade. */
const SIMULATED = ["cabinet", "procurement", "receiving", "edi", "erp", "pharmacy"];
const LIST = /^sources:.*$/m;

/**
 * Copies a pack into a folder and puts the rules of the simulated sources before its own, so that weeks of history that are
 * sent within a minute are not taken for complete before they have come. Returns the folder.
 */
export function prepareDemoPack(pack: string, folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  cpSync(pack, folder, { recursive: true });
  const path = join(folder, "sources.yaml");
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  const rules = SIMULATED.map((system) => `/${system}/*`)
    .filter((source) => !text.includes(source))
    .map((source) => `  - { source: "${source}", watermark: heartbeat }`);
  const list = ["sources:", ...rules].join("\n");
  writeFileSync(path, LIST.test(text) ? text.replace(LIST, list) : `${text}\n${list}\n`);
  return folder;
}
