/** A file of a pack: its path as people know it, and its text. */
export interface PackFile {
  path: string;
  text: string;
}

/** What is wrong with a pack, and where. Lines and columns count from 1; `path` is a JSON pointer. */
export interface PackIssue {
  file: string;
  line: number;
  column: number;
  path: string;
  message: string;
  hint?: string;
}

/** One line for people: `flows/x.yaml:12:5: message (hint)`. */
export function formatPackIssue(issue: PackIssue): string {
  const hint = issue.hint === undefined ? "" : ` (${issue.hint})`;
  return `${issue.file}:${issue.line}:${issue.column}: ${issue.message}${hint}`;
}

/** By file, line, column, then text; each issue once. */
export function sortPackIssues(issues: readonly PackIssue[]): PackIssue[] {
  const byText = new Map(issues.map((issue) => [formatPackIssue(issue), issue]));
  return [...byText.values()].toSorted(
    (a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.message, b.message),
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
