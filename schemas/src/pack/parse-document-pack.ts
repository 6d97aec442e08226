import { checkDocumentFiles } from "./check-documents.ts";
import { type Crosswalk, crosswalk } from "./crosswalk.ts";
import { type DocumentMapping, documentMapping } from "./document-mapping.ts";
import { type PackFile, type PackIssue, sortPackIssues } from "./pack-issue.ts";
import { readYamlFile } from "./yaml-file.ts";

/** What native documents mean, in the order of the files: of several mappings that fit the first counts. */
export interface DocumentPack {
  mappings: readonly DocumentMapping[];
  crosswalks: readonly Crosswalk[];
}

export type DocumentPackResult = { ok: true; pack: DocumentPack } | { ok: false; issues: PackIssue[] };

/**
 * Reads the mappings and crosswalks among the files of a pack, by their folders `documents/` and `crosswalks/`. An edge needs
 * nothing else of a pack.
 */
export function parseDocumentPack(files: readonly PackFile[]): DocumentPackResult {
  const inFolder = (folder: string) =>
    files.filter(({ path }) => path.split(/[/\\]/).at(-2) === folder).map((file) => readYamlFile(file));
  const documents = inFolder("documents");
  const crosswalks = inFolder("crosswalks");
  const issues = [
    ...[...documents, ...crosswalks].flatMap((file) => file.issues),
    ...checkDocumentFiles({ documents, crosswalks, objectTypes: [] }),
  ];
  if (issues.length > 0) return { ok: false, issues: sortPackIssues(issues) };
  return {
    ok: true,
    pack: {
      mappings: documents.map(({ value }) => documentMapping.parse(value)),
      crosswalks: crosswalks.map(({ value }) => crosswalk.parse(value)),
    },
  };
}
