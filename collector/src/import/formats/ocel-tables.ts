import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { AppError } from "@throughline/schemas/error";
import { addField, type FieldValue, type FileObject } from "../file-record.ts";
import { parseChunks, readBytes } from "../open-file.ts";
import { createTableParser, type TableRow } from "./csv.ts";
import { type OcelItem, toChangeTime } from "./ocel-xml.ts";

const MAX_TABLES = 2000;
const RELATIONS = new Set(["event_object.csv", "object_object.csv", "event_map_type.csv", "object_map_type.csv"]);

type OnRead = (bytes: number) => void;

/** The CSV files of a directory, in the order of their names. */
export async function listTables(directory: string): Promise<string[]> {
  const names = (await readdir(directory)).filter((name) => /\.csv(\.gz)?$/.test(name)).toSorted();
  if (names.length > MAX_TABLES)
    throw new AppError("invalid_request", `${directory} has more than ${MAX_TABLES} tables.`);
  for (const needed of ["event.csv", "event_object.csv", "object.csv"])
    if (!names.some((name) => toTable(name) === needed))
      throw new AppError("invalid_request", `${directory} holds no OCEL tables: ${needed} is missing.`);
  return names.map((name) => join(directory, name));
}

/**
 * OCEL 2.0 as CSV tables, named and shaped like those of its SQLite form: `event`, `object`, `event_object`,
 * `object_object`, and one `event_<type>` and `object_<type>` for each type. What events exist and which objects they name
 * is held in memory.
 */
export async function* readOcelTables(directory: string, onRead: OnRead): AsyncGenerator<OcelItem> {
  const tables = await listTables(directory);
  const read = (name: string) =>
    readRows(
      tables.find((path) => toTable(basename(path)) === name),
      onRead,
    );
  const objectTypes = await readPairs(read("object.csv"));
  for (const [id, type] of objectTypes) yield { kind: "object", id, type, attributes: [], relations: 0 };
  for await (const row of read("object_object.csv"))
    if (row.kind === "row") yield* describeRelation(row.cells, objectTypes);
  for (const path of tables.filter((table) => isTypeTable(table, "object_")))
    for await (const row of readRows(path, onRead))
      if (row.kind === "row") yield* describeChange(row.cells, objectTypes);
  const types = await readPairs(read("event.csv"));
  const links = await readLinks(read("event_object.csv"));
  for (const path of tables.filter((table) => isTypeTable(table, "event_")))
    for await (const row of readRows(path, onRead)) {
      if (row.kind === "unreadable") yield row;
      else yield toRecord(row.cells, types, links);
      if (row.kind === "row") types.delete(row.cells.get("ocel_id") ?? "");
    }
  for (const [id, type] of types)
    yield { kind: "unreadable", reason: `the event ${id} (${type}) stands in no table of its type` };
}

function toTable(name: string): string {
  return name.replace(/\.gz$/, "");
}

function isTypeTable(path: string, prefix: string): boolean {
  const name = toTable(basename(path));
  return name.startsWith(prefix) && !RELATIONS.has(name);
}

async function* readRows(path: string | undefined, onRead: OnRead): AsyncGenerator<TableRow> {
  if (path !== undefined) yield* parseChunks(readBytes(path, onRead), createTableParser());
}

async function readPairs(rows: AsyncIterable<TableRow>): Promise<Map<string, string>> {
  const pairs = new Map<string, string>();
  for await (const row of rows)
    if (row.kind === "row") pairs.set(row.cells.get("ocel_id") ?? "", row.cells.get("ocel_type") ?? "");
  return pairs;
}

async function readLinks(rows: AsyncIterable<TableRow>): Promise<Map<string, FileObject[]>> {
  const links = new Map<string, FileObject[]>();
  for await (const row of rows) {
    if (row.kind !== "row") continue;
    const event = row.cells.get("ocel_event_id") ?? "";
    const id = row.cells.get("ocel_object_id") ?? "";
    const link = { type: "", id, role: row.cells.get("ocel_qualifier") || undefined };
    const present = links.get(event);
    if (present === undefined) links.set(event, [link]);
    else present.push(link);
  }
  return links;
}

function* describeRelation(
  cells: ReadonlyMap<string, string>,
  types: ReadonlyMap<string, string>,
): Generator<OcelItem> {
  const id = cells.get("ocel_source_id") ?? "";
  const type = types.get(id);
  if (type !== undefined) yield { kind: "object", id, type, attributes: [], relations: 1 };
}

function* describeChange(cells: ReadonlyMap<string, string>, types: ReadonlyMap<string, string>): Generator<OcelItem> {
  const id = cells.get("ocel_id") ?? "";
  const type = types.get(id);
  if (type === undefined) return;
  const time = toChangeTime((cells.get("ocel_time") ?? "").replace(" ", "T"));
  const changed = cells.get("ocel_changed_field") ?? "";
  const attributes = [...cells]
    .filter(([name, value]) => !name.startsWith("ocel_") && value !== "" && (changed === "" || name === changed))
    .map(([name, value]) => ({ name, time, value }));
  yield { kind: "object", id, type, attributes, relations: 0 };
}

function toRecord(
  cells: ReadonlyMap<string, string>,
  types: ReadonlyMap<string, string>,
  links: ReadonlyMap<string, FileObject[]>,
): OcelItem {
  const id = cells.get("ocel_id") ?? "";
  const activity = types.get(id);
  const time = cells.get("ocel_time") ?? "";
  if (activity === undefined)
    return { kind: "unreadable", reason: `the event ${id} stands not in event.csv, or twice in its type's table` };
  if (time === "") return { kind: "unreadable", reason: `the event ${id} has no ocel_time` };
  const fields = new Map<string, FieldValue>([["id", id]]);
  for (const [name, value] of cells) if (!name.startsWith("ocel_") && value !== "") addField(fields, name, value);
  return { kind: "activity", activity, time, case: new Map(), event: fields, objects: links.get(id) ?? [] };
}
