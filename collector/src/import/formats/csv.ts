import { once } from "node:events";
import { type CsvError, parse } from "csv-parse";
import { AppError } from "@throughline/schemas/error";
import {
  type ActivityRecord,
  addField,
  type FieldValue,
  type FileObject,
  type Parser,
  type UnreadableRecord,
} from "../file-record.ts";

/** Which columns say what happened, when, and to which case. */
export interface CsvColumns {
  activity: string;
  time: string;
  case?: string | undefined;
  delimiter?: string | undefined;
}

type CsvRecord = ActivityRecord | UnreadableRecord;

const MAX_ROW = 1_000_000;
const DELIMITERS = [",", ";", "\t", "|"];
const ACTIVITY = ["concept:name", "ocel:activity", "activity", "event", "event type"];
const TIME = ["time:timestamp", "ocel:timestamp", "timestamp", "time", "datetime", "date"];
const CASE = ["case:concept:name", "case id", "case_id", "caseid", "case"];

/**
 * CSV with a header. Without `columns` the usual names of event logs are looked for. Columns `case:<name>` belong to the
 * case; columns `ocel:type:<type>` hold lists of object ids, as object-centric logs in one table do.
 */
export function createCsvParser(columns?: CsvColumns): Parser<CsvRecord> {
  const table = createTableParser(columns?.delimiter);
  let layout: CsvColumns | undefined = columns;
  const toRecords = (rows: TableRow[]): CsvRecord[] =>
    rows.map((row) => {
      if (row.kind === "unreadable") return row;
      layout ??= findColumns([...row.cells.keys()]);
      return toRecord(row.cells, layout);
    });
  return {
    write: (text) => toRecords(table.write(text)),
    end: async () => toRecords(await table.end()),
  };
}

export type TableRow = { kind: "row"; cells: ReadonlyMap<string, string> } | UnreadableRecord;

/** Rows of a CSV file by column name. A row that cannot be read is handed on as such, in its place. */
export function createTableParser(delimiter?: string): Parser<TableRow> {
  let header: string[] | undefined;
  let parser: ReturnType<typeof createParser> | undefined;
  let start = "";
  const rows: TableRow[] = [];
  const take = (cells: string[]) => {
    if (header === undefined) header = toHeader(cells);
    else rows.push(toRow(header, cells));
  };
  const createParser = (separator: string) => {
    const created = parse({
      delimiter: separator,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_error: true,
      max_record_size: MAX_ROW,
      on_skip: (error) => {
        rows.push({ kind: "unreadable", reason: describe(error) });
        return undefined;
      },
      on_record: (cells: string[]) => {
        take(cells);
        return null;
      },
    });
    created.resume();
    return created;
  };
  const begin = () => {
    parser = createParser(delimiter ?? findDelimiter(start));
    parser.write(start);
    start = "";
  };
  return {
    write: (text) => {
      if (parser !== undefined) parser.write(text);
      else {
        start += text;
        if (start.includes("\n")) begin();
        else if (start.length > MAX_ROW)
          throw new AppError("invalid_request", "The first line of the file is no header.");
      }
      return rows.splice(0);
    },
    end: async () => {
      if (parser === undefined) begin();
      const ended = parser === undefined ? undefined : once(parser, "end");
      parser?.end();
      await ended;
      return rows.splice(0);
    },
  };
}

function describe(error: CsvError | undefined): string {
  return `the row cannot be read: ${error?.message ?? "unknown error"}`;
}

function toHeader(cells: string[]): string[] {
  const names = cells.map((cell) => cell.trim());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new AppError("invalid_request", `The file has two columns called "${twice}".`);
  return names;
}

function toRow(header: readonly string[], cells: readonly string[]): TableRow {
  if (cells.length > header.length)
    return { kind: "unreadable", reason: `the row has ${cells.length} cells for ${header.length} columns` };
  return { kind: "row", cells: new Map(header.map((name, index) => [name, cells[index] ?? ""])) };
}

/** The separator that the header has most of. */
function findDelimiter(text: string): string {
  const header = text.slice(0, text.indexOf("\n") === -1 ? undefined : text.indexOf("\n"));
  return DELIMITERS.toSorted((a, b) => header.split(b).length - header.split(a).length)[0] ?? ",";
}

function findColumns(names: readonly string[]): CsvColumns {
  const find = (wanted: readonly string[]) =>
    wanted.map((name) => names.find((known) => known.toLowerCase() === name)).find((name) => name !== undefined);
  const activity = find(ACTIVITY);
  const time = find(TIME);
  if (activity === undefined || time === undefined)
    throw new AppError(
      "invalid_request",
      `Which columns hold the activity and its time? Name them under csv in the mapping. The file has: ${names.join(", ")}.`,
    );
  return { activity, time, case: find(CASE) };
}

function toRecord(cells: ReadonlyMap<string, string>, columns: CsvColumns): CsvRecord {
  const activity = cells.get(columns.activity);
  const time = cells.get(columns.time);
  if (activity === undefined) throw new AppError("invalid_request", `The file has no column "${columns.activity}".`);
  if (time === undefined) throw new AppError("invalid_request", `The file has no column "${columns.time}".`);
  if (activity === "") return { kind: "unreadable", reason: `the column "${columns.activity}" is empty` };
  if (time === "") return { kind: "unreadable", reason: `the column "${columns.time}" is empty` };
  const fields = { case: new Map<string, FieldValue>(), event: new Map<string, FieldValue>() };
  const objects: FileObject[] = [];
  for (const [name, cell] of cells) {
    if (name === columns.activity || name === columns.time || cell === "") continue;
    if (name.startsWith("ocel:type:"))
      for (const id of readIdList(cell)) objects.push({ type: name.slice("ocel:type:".length), id, role: undefined });
    else if (name === columns.case) addField(fields.case, "id", cell);
    else if (name.startsWith("case:")) addField(fields.case, name.slice("case:".length), cell);
    else addField(fields.event, name === "ocel:eid" ? "id" : name, cell);
  }
  return { kind: "activity", activity, time, ...fields, objects };
}

/** `['a', 'b']`, `["a"]`, `a;b` or `a`. */
function readIdList(cell: string): string[] {
  const inner = /^\[(.*)\]$/s.exec(cell.trim())?.[1];
  if (inner === undefined) return cell.split(";").map((id) => id.trim());
  return [...inner.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^,\s][^,]*)/g)].map((match) =>
    (match[1] ?? match[2] ?? match[3] ?? "").replaceAll(/\\(.)/g, "$1").trim(),
  );
}
