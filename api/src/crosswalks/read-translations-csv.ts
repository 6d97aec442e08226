import { AppError, type Issue } from "@throughline/schemas/error";
import { toIssues } from "@throughline/schemas/event-validator";
import { CsvError, parse } from "csv-parse/sync";
import { z } from "zod";
import { newTranslation } from "../contract/crosswalk.ts";
import type { Proposal } from "./propose-translations.ts";

/** Most rows of one import. */
const MAX_ROWS = 10_000;
const MAX_ISSUES = 1000;

/** What a column says. */
const COLUMNS: Readonly<Record<string, string>> = {
  crosswalk: "crosswalk",
  kind: "kind",
  from_system: "fromSystem",
  from: "from",
  to_system: "toSystem",
  to: "to",
  reversible: "reversible",
  interface: "interface",
  site: "site",
  domain: "domain",
  effective_from: "effectiveFrom",
  effective_to: "effectiveTo",
  reason: "reason",
  replaces: "replaces",
};
const NEEDED = ["crosswalk", "from", "to"];
const FIELD_COLUMNS = new Map(Object.entries(COLUMNS).map(([column, field]) => [field, column]));
const TRUTHS: Readonly<Record<string, boolean>> = { true: true, yes: true, false: false, no: false };

const csvRecords = z.array(z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) }));

/**
 * The proposals of a CSV file, whose first line names the columns; RFC 4180, UTF-8. A row's kind is its crosswalk's name where the file
 * has no such column. Throws `invalid_request` with everything that is wrong, by line and column.
 */
export function readTranslationsCsv(text: string, { reason }: { reason: string }): Proposal[] {
  const [head, ...rows] = readRecords(text);
  if (head === undefined) throw refuse([{ path: "/line/1", message: "must name the columns" }]);
  const columns = head.record.map((name) => name.trim().toLowerCase());
  const issues = listHeadIssues(columns);
  if (rows.length === 0) issues.push({ path: "/line/2", message: "is missing: the file holds no row" });
  if (rows.length > MAX_ROWS) issues.push({ path: "", message: `must hold ${MAX_ROWS} rows or fewer` });
  if (issues.length > 0) throw refuse(issues);
  const read = rows.map(({ record, info }) => readRow(record, { columns, line: info.lines, reason }));
  const wrong = read.flatMap((row) => ("issues" in row ? row.issues : []));
  if (wrong.length > 0) throw refuse(wrong);
  return read.flatMap((row) => ("issues" in row ? [] : [row]));
}

function readRecords(text: string) {
  try {
    const found: unknown = parse(text, {
      bom: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: 16_384,
      to: MAX_ROWS + 2,
    });
    return csvRecords.parse(found);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { lines } = error;
    throw refuse([{ path: `/line/${typeof lines === "number" ? lines : 1}`, message: "cannot be read as CSV" }]);
  }
}

function listHeadIssues(columns: readonly string[]): Issue[] {
  const unknown = columns.filter((name) => COLUMNS[name] === undefined);
  const missing = NEEDED.filter((name) => !columns.includes(name));
  const doubled = columns.filter((name, at) => columns.indexOf(name) < at);
  const known = Object.keys(COLUMNS).join(", ");
  return [
    ...unknown.map((name) => ({ path: "/line/1", message: `names the column "${name}"; there are ${known}` })),
    ...missing.map((name) => ({ path: "/line/1", message: `lacks the column ${name}` })),
    ...doubled.map((name) => ({ path: "/line/1", message: `names the column ${name} twice` })),
  ];
}

function readRow(
  record: readonly string[],
  { columns, line, reason }: { columns: readonly string[]; line: number; reason: string },
): Proposal | { issues: Issue[] } {
  const path = `/line/${line}`;
  if (record.length !== columns.length)
    return { issues: [{ path, message: `has ${record.length} cells instead of ${columns.length}` }] };
  const cells = columns.flatMap((name, at): [string, string | boolean][] => {
    const cell = (record[at] ?? "").trim();
    const field = COLUMNS[name] ?? name;
    if (cell === "") return [];
    return [[field, field === "reversible" ? (TRUTHS[cell.toLowerCase()] ?? cell) : cell]];
  });
  const fields = Object.fromEntries(cells);
  const kind = typeof fields["crosswalk"] === "string" ? fields["crosswalk"].replaceAll("-", "_") : undefined;
  const parsed = newTranslation.safeParse({ reason, ...(kind !== undefined && { kind }), ...fields });
  if (parsed.success) return { asked: parsed.data, path };
  const issues = toIssues(parsed.error).map(({ path: at, message }) => {
    const field = at.split("/")[1] ?? "";
    return { path: `${path}/${FIELD_COLUMNS.get(field) ?? field}`, message };
  });
  return { issues };
}

function refuse(issues: Issue[]): AppError {
  const more = issues.length > MAX_ISSUES ? `; the first ${MAX_ISSUES} are listed` : "";
  const detail = `The file has ${issues.length} mistake${issues.length === 1 ? "" : "s"}${more}. Nothing of it was taken.`;
  return new AppError("invalid_request", detail, { issues: issues.slice(0, MAX_ISSUES) });
}
