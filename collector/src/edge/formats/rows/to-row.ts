import type { DocumentFormat } from "@throughline/schemas/pack/document-mapping";
import type { NativeDocument, NativeNode } from "../document.ts";
import type { FindingList } from "../finding-list.ts";

/** What a spreadsheet would calculate: a sign of a formula, unless the whole cell is a number. */
const FORMULA = /^\s*(?:[=@]|[+-](?!(?:\d[\d.,]*|\.\d+)(?:e[+-]?\d+)?\s*$))/i;
const MAYBE_FORMULA = /[=@+-]/;
const NO_CHILDREN: readonly NativeNode[] = [];

/** A row as a document, its cells by column. A cell that a spreadsheet would take for a formula is left out. */
export function toRowDocument(
  format: DocumentFormat,
  { names, textAt }: { names: readonly string[]; textAt: (index: number) => string },
  { findings, place }: { findings: FindingList; place: () => string },
): NativeDocument {
  const children: NativeNode[] = [];
  names.forEach((name, index) => {
    const text = textAt(index);
    if (text === "" || text.trim() === "") return;
    if (MAYBE_FORMULA.test(text) && FORMULA.test(text))
      findings.add("formula", place(), "has a cell that begins like a formula; the cell is left out");
    else children.push({ name, text, children: NO_CHILDREN });
  });
  return { format, kind: "row", id: undefined, isTest: false, control: {}, root: { name: "row", children } };
}
