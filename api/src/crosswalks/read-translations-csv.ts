import { AppError, type Issue } from "@throughline/schemas/error";
import { toIssues } from "@throughline/schemas/event-validator";
import { CsvError, parse } from "csv-parse/sync";
import { z } from "zod";
import { type NewTranslation, newTranslation } from "../contract/crosswalk.ts";
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

/** A row of a file: what it asks for, or what is wrong with it. */
export interface CsvTranslation {
  line: number;
  /** By column, as it is written; what is empty is left out. */
  cells: Readonly<Record<string, string>>;
  /** Undefined where something is wrong with it. */
  asked: NewTranslation | undefined;
  issues: readonly Issue[];
}

/**
 * The rows of a CSV file, whose first line names the columns; RFC 4180, UTF-8. A row's kind is its crosswalk's name where the file has no
 * such column. Throws `invalid_request` for a file that is wrong as a whole.
 */
export function readTranslationsCsv(text: string, { reason }: { reason: string }): CsvTranslation[] {
  const [head, ...rows] = readRecords(text);
  if (head === undefined) throw refuseFile([{ path: "/line/1", message: "must name the columns" }]);
  const columns = head.record.map((name) => name.trim().toLowerCase());
  const issues = listHeadIssues(columns);
  if (rows.length === 0) issues.push({ path: "/line/2", message: "is missing: the file holds no row" });
  if (rows.length > MAX_ROWS) issues.push({ path: "", message: `must hold ${MAX_ROWS} rows or fewer` });
  if (issues.length > 0) throw refuseFile(issues);
  return rows.map(({ record, info }) => readRow(record, { columns, line: info.lines, reason }));
}

/** What the rows ask for. Throws `invalid_request` with all that is wrong with any of them, by line and column. */
export function toProposals(rows: readonly CsvTranslation[]): Proposal[] {
  const issues = rows.flatMap((row) => row.issues);
  if (issues.length > 0) throw refuseFile(issues);
  return rows.flatMap(({ asked, line }) => (asked === undefined ? [] : [{ asked, path: toLinePath(line) }]));
}

export function toLinePath(line: number): string {
  return `/line/${line}`;
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
    throw refuseFile([{ path: `/line/${typeof lines === "number" ? lines : 1}`, message: "cannot be read as CSV" }]);
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
): CsvTranslation {
  const path = toLinePath(line);
  const written = columns.map((name, at): [string, string] => [name, (record[at] ?? "").trim()]);
  const cells = Object.fromEntries(written.filter(([, cell]) => cell !== ""));
  const refused = (issues: Issue[]): CsvTranslation => ({ line, cells, asked: undefined, issues });
  if (record.length !== columns.length)
    return refused([{ path, message: `has ${record.length} cells instead of ${columns.length}` }]);
  const fields = Object.fromEntries(Object.entries(cells).map(([name, cell]) => [COLUMNS[name] ?? name, cell]));
  const { crosswalk = "", from = "", to = "", reversible, ...rest } = fields;
  const parsed = newTranslation.safeParse({
    reason,
    crosswalk,
    kind: crosswalk.replaceAll("-", "_"),
    from,
    to,
    ...(reversible !== undefined && { reversible: TRUTHS[reversible.toLowerCase()] ?? reversible }),
    ...rest,
  });
  if (parsed.success) return { line, cells, asked: parsed.data, issues: [] };
  return refused(
    toIssues(parsed.error).map(({ path: at, message }) => {
      const field = at.split("/")[1] ?? "";
      return { path: `${path}/${FIELD_COLUMNS.get(field) ?? field}`, message };
    }),
  );
}

function refuseFile(issues: Issue[]): AppError {
  const more = issues.length > MAX_ISSUES ? `; the first ${MAX_ISSUES} are listed` : "";
  const detail = `The file has ${issues.length} mistake${issues.length === 1 ? "" : "s"}${more}. Nothing of it was taken.`;
  return new AppError("invalid_request", detail, { issues: issues.slice(0, MAX_ISSUES) });
}
