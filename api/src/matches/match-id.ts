import { AppError } from "@throughline/schemas/error";
import { MATCH_KINDS } from "../contract/match.ts";

/** What a result is of, as the columns of the store have it. */
export interface MatchSlot {
  subject_type: string;
  subject_id: string;
  document: string;
  kind: (typeof MATCH_KINDS)[number];
  order_line: string;
  line: string;
}

/** The columns that name a slot, in the order of the store. */
export const SLOT_COLUMNS = "subject_type, subject_id, document, kind, order_line, line";

/** A slot as one word: its parts, percent-encoded, with ~ between them. */
export function toMatchId(slot: MatchSlot): string {
  const { kind, subject_type, subject_id, document, order_line, line } = slot;
  return [kind, subject_type, subject_id, document, order_line, line].map(encodePart).join("~");
}

/** Reads the word that `toMatchId` made. Throws `not_found` for one that names no result. */
export function parseMatchId(id: string): MatchSlot {
  const parts = id.split("~").map(decodePart);
  const [word, type, subject, document, order, line] = parts;
  const kind = MATCH_KINDS.find((known) => known === word);
  if (
    parts.length !== 6 ||
    !kind ||
    !type ||
    !subject ||
    document === undefined ||
    order === undefined ||
    line === undefined
  )
    throw new AppError("not_found", "There is no match of this name.");
  return { kind, subject_type: type, subject_id: subject, document, order_line: order, line };
}

/** Tells slots apart. */
export function toSlotKey(slot: MatchSlot): string {
  const { subject_type, subject_id, document, kind, order_line, line } = slot;
  return [subject_type, subject_id, document, kind, order_line, line].join("\u0000");
}

function encodePart(part: string): string {
  return encodeURIComponent(part).replaceAll("~", "%7E");
}

function decodePart(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
