import type { DocumentMapping } from "@throughline/schemas/pack/document-mapping";
import { type DocumentParser, FORMAT_LIMITS, type FormatLimits, type ParsedItem, type TextPiece } from "../document.ts";
import { createItemList, type ItemList } from "../item-list.ts";
import { type ByteStream, parseStream } from "../parse-stream.ts";
import { createCsvReader, type CsvRow } from "./csv-reader.ts";
import { toRowDocument } from "./to-row.ts";

export type CsvLayout = NonNullable<DocumentMapping["csv"]>;

const LINE_END = /[\r\n]/;
const DELIMITERS = [",", ";", "\t", "|"];

interface State {
  limits: FormatLimits;
  items: ItemList;
  header: readonly string[] | undefined;
  skipLines: number;
  rows: number;
}

/** Rows of CSV, one document each. A row that cannot be read, or has more cells than columns, is a finding. */
export function parseCsv(
  stream: ByteStream,
  layout: CsvLayout,
  limits: FormatLimits = FORMAT_LIMITS,
): AsyncGenerator<ParsedItem, void, void> {
  return parseStream(stream, () => createCsvDocumentParser(layout, limits));
}

function createCsvDocumentParser(layout: CsvLayout, limits: FormatLimits): DocumentParser {
  const items = createItemList(limits);
  const state: State = { limits, items, header: layout.columns, skipLines: layout.skipLines, rows: 0 };
  let reader: ReturnType<typeof createCsvReader> | undefined;
  let first: TextPiece = { text: "", sizeOf: (text) => text.length };
  const begin = (): readonly CsvRow[] => {
    reader = createCsvReader(layout.delimiter ?? findDelimiter(first.text, limits), limits.segment);
    return reader.write(first);
  };
  const take = (rows: readonly CsvRow[]) => {
    for (const row of rows) takeRow(state, row);
    return items.take();
  };
  return {
    write: (piece) => {
      if (reader !== undefined) return take(reader.write(piece));
      first = { text: first.text + piece.text, sizeOf: piece.sizeOf };
      return LINE_END.test(first.text) || first.text.length > limits.segment ? take(begin()) : [];
    },
    end: () => {
      const rows = reader === undefined ? begin() : [];
      return take([...rows, ...(reader?.end() ?? [])]);
    },
  };
}

function takeRow(state: State, row: CsvRow): void {
  const { items, limits } = state;
  state.rows++;
  const place = () => `row ${state.rows}`;
  if (row.kind === "row" && state.rows <= state.skipLines) return;
  if (row.kind === "too-long") items.findings.add("document_too_large", place(), "is longer than the limit");
  else if (row.kind === "unclosed") items.findings.add("malformed", place(), "opens a cell that is not closed");
  else if (state.header === undefined) {
    state.header = row.cells.map((cell) => cell.trim());
    if (new Set(state.header).size < state.header.length)
      items.findings.add("malformed", place(), "names a column twice; the first one counts");
    return;
  } else if (row.cells.length > state.header.length || row.cells.length > limits.nodes)
    items.findings.add("malformed", place(), `has ${row.cells.length} cells for ${state.header.length} columns`);
  else {
    const cells = { names: state.header, textAt: (index: number) => row.cells[index] ?? "" };
    items.emit(row.byteOffset, toRowDocument("csv", cells, { findings: items.findings, place }));
    return;
  }
  items.emit(row.byteOffset);
}

/** The separator that the first line has most of. */
function findDelimiter(text: string, { segment }: FormatLimits): string {
  const end = text.search(LINE_END);
  const line = text.slice(0, end === -1 ? undefined : end).slice(0, segment);
  return DELIMITERS.toSorted((a, b) => line.split(b).length - line.split(a).length)[0] ?? ",";
}
