import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { AppError } from "@throughline/schemas/error";
import { detectFormat, type Format } from "./detect-format.ts";
import type { FileRecord, ObjectDescription, Parser } from "./file-record.ts";
import { createCloudEventsBatchParser, createCloudEventsParser } from "./formats/cloudevents.ts";
import { createCsvParser, type CsvColumns } from "./formats/csv.ts";
import { createOcelJsonParser } from "./formats/ocel-json.ts";
import { listTables, readOcelTables } from "./formats/ocel-tables.ts";
import { createOcelXmlParser } from "./formats/ocel-xml.ts";
import { createXesParser } from "./formats/xes.ts";
import { createObjectTable, type ObjectTable } from "./object-table.ts";
import { computeDigest, getSize, parseChunks, readBytes, readStart } from "./open-file.ts";

export interface InputOptions {
  path: string;
  format?: Format | undefined;
  encoding?: string | undefined;
  csv?: CsvColumns | undefined;
  /** Whether attributes of objects are needed, which takes memory. */
  keepsObjectAttributes: boolean;
}

/** A file that can be imported. Its records have the same order at every reading. */
export interface ImportInput {
  path: string;
  /** Name without directory and endings: `orders` for `logs/orders.xes.gz`. */
  stem: string;
  name: string;
  format: Format;
  /** SHA-256 of the content, in hexadecimal. */
  digest: string;
  sizeBytes: number;
  objects: ObjectTable;
  /** Reads the file once more; `onRead` is told of the bytes of the file that were read. */
  records: (onRead: (bytes: number) => void) => AsyncGenerator<FileRecord>;
}

/** Reads a file once, for its digest and its objects, so that the records can be read with constant memory. */
export async function openInput(options: InputOptions, onRead: (bytes: number) => void): Promise<ImportInput> {
  const { path } = options;
  const objects = createObjectTable(options.keepsObjectAttributes);
  const name = basename(path);
  const shared = { path, name, stem: toStem(name), objects };
  const sizeBytes = await getSize(path);
  if ((await stat(path)).isDirectory()) return { ...shared, ...(await openTables(options, objects)) };
  const format = options.format ?? detectFormat(await readStart(path, options.encoding));
  const create = () => createParser(format, options);
  const digest = await computeDigest(readBytes(path, onRead));
  if (format.startsWith("ocel"))
    for await (const item of parseChunks(
      readBytes(path, () => undefined),
      create(),
      options.encoding,
    ))
      if (item.kind === "object") objects.add(item);
  return {
    ...shared,
    format,
    digest,
    sizeBytes,
    records: (onBytes) => withoutObjects(parseChunks(readBytes(path, onBytes), create(), options.encoding)),
  };
}

async function openTables(options: InputOptions, objects: ObjectTable) {
  const { path, format } = options;
  if (format !== undefined && format !== "ocel-tables")
    throw new AppError("invalid_request", `${path} is a directory; only OCEL tables come as one.`);
  const hash = createHash("sha256");
  let sizeBytes = 0;
  for (const table of await listTables(path)) {
    sizeBytes += await getSize(table);
    hash.update(`${basename(table)} ${await computeDigest(readBytes(table, () => undefined))}\n`);
  }
  for await (const item of readOcelTables(path, () => undefined)) if (item.kind === "object") objects.add(item);
  return {
    format: "ocel-tables" as const,
    digest: hash.digest("hex"),
    sizeBytes,
    records: (onBytes: (bytes: number) => void) => withoutObjects(readOcelTables(path, onBytes)),
  };
}

const PARSERS: Record<
  Exclude<Format, "ocel-tables">,
  (csv: CsvColumns | undefined) => Parser<FileRecord | ObjectDescription>
> = {
  xes: createXesParser,
  "ocel-xml": createOcelXmlParser,
  "ocel-json": createOcelJsonParser,
  cloudevents: createCloudEventsParser,
  "cloudevents-batch": createCloudEventsBatchParser,
  csv: createCsvParser,
};

function createParser(format: Format, options: InputOptions): Parser<FileRecord | ObjectDescription> {
  if (format !== "ocel-tables") return PARSERS[format](options.csv);
  throw new AppError("invalid_request", `${options.path} is a file; OCEL tables are a directory of CSV files.`);
}

async function* withoutObjects(items: AsyncIterable<FileRecord | ObjectDescription>): AsyncGenerator<FileRecord> {
  for await (const item of items) if (item.kind !== "object") yield item;
}

/** A name that can stand in a source. */
function toStem(name: string): string {
  const stem = name.replace(/\.gz$/i, "").replace(/\.[A-Za-z]+$/, "");
  return stem.replaceAll(/[^A-Za-z0-9._-]+/g, "-") || "file";
}
