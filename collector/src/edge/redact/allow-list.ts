import type { DocumentFormat, DocumentMapping, RedactionAction } from "@throughline/schemas/pack/document-mapping";
import { parseDocumentPath, type PathStep, type PathValue } from "@throughline/schemas/pack/document-path";
import { ALLOWED } from "./allow-lists/formats.ts";

/** A place whose value may leave. */
export interface AllowRule {
  /** From the document inwards; the last one is where the value stands. */
  steps: readonly PathStep[];
  value: PathValue;
  action: RedactionAction;
}

/** What may leave, by the name of the segment or element that holds it. */
export type AllowList = ReadonlyMap<string, readonly AllowRule[]>;

/** What the format allows, and what the mapping adds to it: CSV and JSON allow nothing by themselves. */
export function createAllowList(format: DocumentFormat, keep: DocumentMapping["keep"]): AllowList {
  const allowed = ALLOWED[format].map(toKeep);
  const rules = [...allowed, ...keep].map(({ path, as }) => toRule(path, as));
  const byName = new Map<string, AllowRule[]>();
  for (const rule of rules) {
    const name = rule.steps.at(-1)?.name ?? "";
    byName.set(name, [...(byName.get(name) ?? []), rule]);
  }
  return byName;
}

/** `ORC.3:token` in the lists of formats. */
function toKeep(written: string): DocumentMapping["keep"][number] {
  const groups = /^(?<path>.+?)(?::(?<as>token|date))?$/s.exec(written)?.groups;
  const as = groups?.["as"];
  return { path: groups?.["path"] ?? written, as: as === "token" || as === "date" ? as : "keep" };
}

function toRule(path: string, action: RedactionAction): AllowRule {
  const parsed = parseDocumentPath(path);
  if (!parsed.ok) throw new Error(`The allow-list ${parsed.message}`);
  return { steps: parsed.path.steps, value: parsed.path.value, action };
}
