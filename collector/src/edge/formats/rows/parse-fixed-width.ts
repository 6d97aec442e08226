import type { DocumentMapping } from "@throughline/schemas/pack/document-mapping";
import {
  type DocumentParser,
  FORMAT_LIMITS,
  type FindingCode,
  type FormatLimits,
  type ParsedItem,
} from "../document.ts";
import { createLineReader, type Line } from "../line-reader.ts";
import { createItemList } from "../item-list.ts";
import { type ByteStream, parseStream } from "../parse-stream.ts";
import { toRowDocument } from "./to-row.ts";

export type FixedWidthLayout = NonNullable<DocumentMapping["fixedWidth"]>;

/** Lines of fixed columns, one document each. A line that is shorter than its first columns is a finding. */
export function parseFixedWidth(
  stream: ByteStream,
  layout: FixedWidthLayout,
  limits: FormatLimits = FORMAT_LIMITS,
): AsyncGenerator<ParsedItem, void, void> {
  return parseStream(stream, () => createFixedWidthParser(layout, limits));
}

function createFixedWidthParser(layout: FixedWidthLayout, limits: FormatLimits): DocumentParser {
  const reader = createLineReader(limits);
  const items = createItemList(limits);
  let rows = 0;
  const needed = Math.min(...layout.fields.map(({ start }) => start));
  const names = layout.fields.map(({ name }) => name);
  const place = () => `row ${rows}`;
  const refuse = (line: Line, code: FindingCode, reason: string) => {
    items.findings.add(code, place(), reason);
    items.emit(line.byteOffset);
  };
  const take = (lines: readonly Line[]) => {
    for (const line of lines) {
      rows++;
      if (rows <= layout.skipLines) continue;
      if (line.kind === "too-long") refuse(line, "document_too_large", "is longer than the limit");
      else if (line.text.trim() === "") continue;
      else if (line.text.length < needed) refuse(line, "malformed", "is shorter than its first column");
      else {
        const { text } = line;
        const textAt = (index: number) => {
          const { start = 1, length = 0 } = layout.fields[index] ?? {};
          return text.slice(start - 1, start - 1 + length);
        };
        items.emit(
          line.byteOffset,
          toRowDocument("fixed-width", { names, textAt }, { findings: items.findings, place }),
        );
      }
    }
    return items.take();
  };
  return { write: (piece) => take(reader.write(piece)), end: () => take(reader.end()) };
}
