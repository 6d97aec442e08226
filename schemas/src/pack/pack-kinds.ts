import type { PackFile, PackIssue } from "./pack-issue.ts";

/** What a file of a pack is, by its name and folder. */
export type FileKind = "flow" | "mapping" | "document" | "crosswalk" | (typeof SINGLE_FILES)[number] | "unknown";

/** Files of which a pack has one each. */
const SINGLE_FILES = [
  "objects",
  "sources",
  "calendars",
  "slos",
  "interfaces",
  "tolerances",
  "units",
  "match-routing",
  "reconciliations",
] as const;

export function kindOf(path: string): FileKind {
  const parts = path.split(/[/\\]/);
  const name = parts.at(-1)?.replace(/\.ya?ml$/, "");
  const folder = parts.at(-2);
  if (folder === "flows") return "flow";
  if (folder === "mappings") return "mapping";
  if (folder === "documents") return "document";
  if (folder === "crosswalks") return "crosswalk";
  return SINGLE_FILES.find((single) => single === name) ?? "unknown";
}

function atStart(file: string, message: string, hint: string): PackIssue {
  return { file, line: 1, column: 1, path: "", message, hint };
}

/** Files that are no part of a pack, that it lacks, or that it has too many of. */
export function findMisplaced(files: readonly PackFile[]): PackIssue[] {
  const issues = files
    .filter(({ path }) => kindOf(path) === "unknown")
    .map(({ path }) =>
      atStart(
        path,
        "is not a file of a pack",
        "a pack has objects.yaml, sources.yaml, calendars.yaml, slos.yaml, interfaces.yaml, tolerances.yaml, units.yaml, match-routing.yaml, reconciliations.yaml, flows/, mappings/, documents/ and crosswalks/",
      ),
    );
  const count = (kind: FileKind) => files.filter(({ path }) => kindOf(path) === kind).length;
  if (count("objects") === 0)
    issues.push(atStart("objects.yaml", "is missing", "it declares the object types that flows follow"));
  if (count("flow") === 0) issues.push(atStart("flows", "holds no flow", "each flow is a file flows/<name>.yaml"));
  for (const kind of SINGLE_FILES)
    if (count(kind) > 1)
      for (const { path } of files.filter((file) => kindOf(file.path) === kind).slice(1))
        issues.push(atStart(path, `a pack has only one ${kind}.yaml`, "move its entries into the other one"));
  return issues;
}
