import type { NativeDocument, ParsedItem } from "./document.ts";
import { createFindingList, type FindingList } from "./finding-list.ts";

/** What a parser has completed since it was last asked; numbers the documents of a stream. */
export interface ItemList {
  findings: FindingList;
  /** Adds a document with the findings since the last one, or only these; nothing where there are neither. */
  emit: (byteOffset: number, document?: NativeDocument) => void;
  take: () => ParsedItem[];
}

export function createItemList(limits: { findings: number }): ItemList {
  const findings = createFindingList(limits.findings);
  let items: ParsedItem[] = [];
  let ordinal = 0;
  return {
    findings,
    emit: (byteOffset, document) => {
      const found = findings.take();
      if (document === undefined && found.length === 0) return;
      items.push({ ...(document && { document }), position: { byteOffset, ordinal }, findings: found });
      if (document) ordinal++;
    },
    take: () => {
      const ready = items;
      items = [];
      return ready;
    },
  };
}
