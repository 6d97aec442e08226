import type { Event } from "@throughline/schemas/event";
import type { FindingCode, ParsedItem, Position } from "../formats/document.ts";
import type { Draft } from "../spool/spool-writer.ts";
import type { Held } from "../waiting/start-waiting.ts";
import type { KeptDocument } from "./kept-document.ts";
import type { UseRecord } from "../uses/use-record.ts";
import type { Unit } from "./unit.ts";

/** What became of a document. */
interface MappedItem {
  position: Position;
  events: readonly Event[];
  waiting: readonly { reason: string }[];
  /** It waits for crosswalks, and is kept for that. */
  held: Held | undefined;
}

export type IntakeBatch = ReturnType<typeof createIntakeBatch>;

/** Of a file, so many of its parts that cannot be read are kept one by one: what others left would give way for more. */
const MAX_UNREADABLE = 1000;
/** They say how an envelope or a text differs from its format, and not that something was passed over. */
const NOTES: ReadonlySet<FindingCode> = new Set([
  "control_gap",
  "control_mismatch",
  "count_mismatch",
  "duplicate_control",
  "encoding",
  "missing_trailer",
]);

/** Whether something of a unit could not be read where this stands; of one that has given no document yet, whatever is said of it. */
export function isUnreadable({ document, findings }: ParsedItem, unit: { documents: number }): boolean {
  return document === undefined && (unit.documents === 0 || findings.some(({ code }) => !NOTES.has(code)));
}

/** What is written together: raw documents first, then what is kept, then events, so that no event speaks of what is not there. */
export function createIntakeBatch() {
  let drafts: Draft[] = [];
  let kept: KeptDocument[] = [];
  let events: Event[] = [];
  let held: Held[] = [];
  let uses: UseRecord[] = [];
  let documents = 0;
  return {
    /** `before`: how many parts of the unit could not be read before this one. */
    addUnreadable: ({ identity, raw }: Unit, item: ParsedItem, before: number) => {
      if (before > MAX_UNREADABLE) return;
      const codes = [...new Set(item.findings.map(({ code }) => code))].join(", ") || "empty";
      const reason =
        before < MAX_UNREADABLE
          ? `no document can be read: ${codes}`
          : `no document can be read: ${codes}; what follows of it in the same file is counted only`;
      kept.push({
        class: "unreadable",
        identity,
        ...item.position,
        reason,
        ...(raw && { raw: raw.toString("base64") }),
      });
    },
    addMapped: ({ identity, raw }: Unit, item: MappedItem) => {
      const place = { identity, ...item.position, ...(raw && { raw: raw.toString("base64") }) };
      for (const { reason } of item.waiting) kept.push({ class: "unmapped", ...place, reason });
      const reason = findMappingFailure(item.events);
      if (item.held !== undefined) held.push(item.held);
      else if (reason !== undefined) kept.push({ class: "mapping", ...place, reason });
      events.push(...item.events);
    },
    addUse: (use: UseRecord) => void uses.push(use),
    /** What a unit leaves when it was read to its end. */
    addEnd: (end: { drafts: readonly Draft[]; events: readonly Event[] }) => {
      drafts.push(...end.drafts);
      events.push(...end.events);
    },
    count: (more: number) => void (documents += more),
    documents: () => documents,
    size: () => events.length + kept.length + held.length,
    /** All of it; the batch is empty then, but for its count. */
    take: () => {
      const taken = { drafts, documents: kept, held, uses, events };
      [drafts, kept, held, uses, events] = [[], [], [], [], []];
      return taken;
    },
  };
}

/** Why events of a document are to be mapped again; undefined when all of them say what they should. */
function findMappingFailure(events: readonly Event[]): string | undefined {
  for (const { data } of events)
    if (typeof data === "object" && data?.error?.class === "mapping")
      return data.error.message ?? "it cannot be mapped";
  return undefined;
}
