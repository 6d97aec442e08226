import type { DocumentFormat } from "@throughline/schemas/pack/document-mapping";
import type { NativeDocument } from "../document.ts";
import type { FindingList } from "../finding-list.ts";

/** What a spreadsheet would calculate: a sign of a formula that begins no number. */
const FORMULA = /^\s*(?:[=@]|[+-](?![\d.]))/;

/** A row as a document, its cells by column. A cell that a spreadsheet would take for a formula is left out. */
export function toRowDocument(
  format: DocumentFormat,
  cells: readonly (readonly [string, string])[],
  { findings, place }: { findings: FindingList; place: string },
): NativeDocument {
  const children = cells.flatMap(([name, text]) => {
    if (text.trim() === "") return [];
    if (!FORMULA.test(text)) return [{ name, text, children: [] }];
    findings.add("formula", place, "has a cell that begins like a formula; the cell is left out");
    return [];
  });
  return { format, kind: "row", id: undefined, isTest: false, control: {}, root: { name: "row", children } };
}
