import { TupleParam } from "@clickhouse/client";
import { type MatchSlot, SLOT_COLUMNS } from "../matches/match-id.ts";
import { toChunks } from "./chunks.ts";

/** The condition that a row is of one of the slots. */
export const OF_SLOTS = `(${SLOT_COLUMNS}) IN {slots: Array(Tuple(String, String, String, String, String, String))}`;

/** Slots as values of a question, as many as fit into one each. */
export function toSlotChunks(slots: readonly MatchSlot[]): TupleParam[][] {
  const lengthOf = (slot: MatchSlot) => Object.values(slot).join("").length;
  return toChunks(slots, lengthOf).map((chunk) =>
    chunk.map(
      (slot) =>
        new TupleParam([slot.subject_type, slot.subject_id, slot.document, slot.kind, slot.order_line, slot.line]),
    ),
  );
}
