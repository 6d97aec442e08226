import { checkImportMapping } from "./check-mapping.ts";
import { type ImportMapping, importMapping } from "./import-mapping.ts";
import { type PackFile, type PackIssue, sortPackIssues } from "./pack-issue.ts";
import { findSchemaIssues } from "./schema-issues.ts";
import { readYamlFile } from "./yaml-file.ts";

export type MappingResult = { ok: true; mapping: ImportMapping } | { ok: false; issues: PackIssue[] };

/** Reads an import mapping that stands on its own, without the object types of a pack. */
export function parseImportMapping(source: PackFile): MappingResult {
  const file = readYamlFile(source);
  if (file.issues.length > 0) return { ok: false, issues: sortPackIssues(file.issues) };
  const issues = [...findSchemaIssues(file, importMapping), ...checkImportMapping(file, [])];
  if (issues.length > 0) return { ok: false, issues: sortPackIssues(issues) };
  return { ok: true, mapping: importMapping.parse(file.value) };
}
