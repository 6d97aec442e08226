import type { DocumentMapping } from "@throughline/schemas/pack/document-mapping";
import { type DocumentParser, FORMAT_LIMITS, type FormatLimits, type ParsedItem } from "../document.ts";
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
  const take = (lines: readonly Line[]) => {
    for (const line of lines) {
      rows++;
      const place = `row ${rows}`;
      if (rows <= layout.skipLines) continue;
      if (line.kind === "too-long") items.findings.add("document_too_large", place, "is longer than the limit");
      else if (line.text.trim() === "") continue;
      else if (line.text.length < needed) items.findings.add("malformed", place, "is shorter than its first column");
      else {
        const { text, byteOffset } = line;
        const cells = layout.fields.map(
          ({ name, start, length }) => [name, text.slice(start - 1, start - 1 + length)] as const,
        );
        items.emit(byteOffset, toRowDocument("fixed-width", cells, { findings: items.findings, place }));
        continue;
      }
      items.emit(line.byteOffset);
    }
    return items.take();
  };
  return { write: (piece) => take(reader.write(piece)), end: () => take(reader.end()) };
}
