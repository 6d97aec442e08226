import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Event } from "@throughline/schemas/event";
import { type ImportMapping, importMapping } from "@throughline/schemas/pack/import-mapping";
import { formatPackIssue } from "@throughline/schemas/pack/pack-issue";
import { parseImportMapping } from "@throughline/schemas/pack/parse-mapping";
import { createRecordMapper } from "./map-record.ts";
import { type ImportInput, type InputOptions, openInput } from "./open-input.ts";

export const FIXTURES = join(import.meta.dirname, "fixtures");

/** A mapping from a file, or the one used when none is named. */
export function readMapping(path?: string): ImportMapping {
  if (path === undefined)
    return importMapping.parse({ name: "log", title: "Log", objects: [{ type: "case", id: "{case.id}" }] });
  const result = parseImportMapping({ path, text: readFileSync(path, "utf8") });
  if (result.ok) return result.mapping;
  throw new Error(result.issues.map(formatPackIssue).join("\n"));
}

export function openFixture(name: string, options: Partial<InputOptions> = {}): Promise<ImportInput> {
  return openInput({ path: join(FIXTURES, name), keepsObjectAttributes: true, ...options }, () => undefined);
}

/** What a file becomes: an event, or a line that says why not. The digest in ids is shortened. */
export async function mapFile(input: ImportInput, mapping: ImportMapping): Promise<(Event | string)[]> {
  const map = createRecordMapper({ mapping, file: input, digest: "0".repeat(64), objects: input.objects });
  const results: (Event | string)[] = [];
  for await (const record of input.records(() => undefined)) {
    if (record.kind === "unreadable") results.push(`refused: ${record.reason}`);
    else if (record.kind === "activity") {
      const result = map(record, results.length);
      if (result.kind === "event") results.push(result.event);
      else results.push(result.kind === "skipped" ? "skipped" : `refused: ${result.reason}`);
    }
  }
  return results;
}
