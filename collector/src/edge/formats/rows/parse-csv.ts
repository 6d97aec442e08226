import { once } from "node:events";
import { type Parser, parse } from "csv-parse";
import type { DocumentMapping } from "@throughline/schemas/pack/document-mapping";
import { type DocumentParser, FORMAT_LIMITS, type FormatLimits, type ParsedItem } from "../document.ts";
import { createItemList, type ItemList } from "../item-list.ts";
import { type ByteStream, parseStream } from "../parse-stream.ts";
import { toRowDocument } from "./to-row.ts";

export type CsvLayout = NonNullable<DocumentMapping["csv"]>;

const DELIMITERS = [",", ";", "\t", "|"];

interface State {
  limits: FormatLimits;
  items: ItemList;
  header: readonly string[] | undefined;
  skipLines: number;
  rows: number;
  /** Where the next row begins, in bytes of UTF-8. */
  offset: number;
}

/**
 * Rows of CSV, one document each. A row that cannot be read, or has more cells than columns, is a finding. Offsets count bytes
 * of UTF-8, whatever the encoding of the stream.
 */
export function parseCsv(
  stream: ByteStream,
  layout: CsvLayout,
  limits: FormatLimits = FORMAT_LIMITS,
): AsyncGenerator<ParsedItem, void, void> {
  return parseStream(stream, () => createCsvDocumentParser(layout, limits));
}

function createCsvDocumentParser(layout: CsvLayout, limits: FormatLimits): DocumentParser {
  const items = createItemList(limits);
  const state: State = { limits, items, header: layout.columns, skipLines: layout.skipLines, rows: 0, offset: 0 };
  let parser: Parser | undefined;
  let start = "";
  const begin = () => {
    parser = createRowParser(state, layout.delimiter ?? findDelimiter(start));
    parser.write(start);
    start = "";
  };
  return {
    write: ({ text }) => {
      if (parser !== undefined) parser.write(text);
      else {
        start += text;
        if (start.includes("\n") || start.length > limits.segment) begin();
      }
      return items.take();
    },
    end: async () => {
      if (parser === undefined) begin();
      const ended = parser === undefined ? undefined : once(parser, "end");
      parser?.end();
      await ended;
      items.emit(state.offset);
      return items.take();
    },
  };
}

function createRowParser(state: State, delimiter: string): Parser {
  const created = parse({
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: state.limits.segment,
    on_skip: () => {
      state.rows++;
      state.items.findings.add("malformed", `row ${state.rows}`, "cannot be read");
      state.items.emit(state.offset);
      return undefined;
    },
    on_record: (record: string[], context) => {
      takeRow(state, record);
      state.offset = context.bytes;
      return null;
    },
  });
  created.resume();
  return created;
}

function takeRow(state: State, cells: readonly string[]): void {
  const { items, limits } = state;
  state.rows++;
  const place = () => `row ${state.rows}`;
  if (state.rows <= state.skipLines) return;
  if (state.header === undefined) {
    state.header = cells.map((cell) => cell.trim());
    if (new Set(state.header).size < state.header.length)
      items.findings.add("malformed", place(), "names a column twice; the first one counts");
    return;
  }
  const { header } = state;
  if (cells.length > header.length || cells.length > limits.nodes) {
    items.findings.add("malformed", place(), `has ${cells.length} cells for ${header.length} columns`);
    items.emit(state.offset);
    return;
  }
  const row = { names: header, textAt: (index: number) => cells[index] ?? "" };
  items.emit(state.offset, toRowDocument("csv", row, { findings: items.findings, place }));
}

/** The separator that the first line has most of. */
function findDelimiter(text: string): string {
  const line = text.slice(0, text.indexOf("\n") === -1 ? undefined : text.indexOf("\n"));
  return DELIMITERS.toSorted((a, b) => line.split(b).length - line.split(a).length)[0] ?? ",";
}
