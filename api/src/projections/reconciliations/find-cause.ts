import type { ItemClass } from "./classify.ts";

export const ITEM_CAUSES = [
  "in_flight",
  "failed_message",
  "price_mismatch",
  "quantity_mismatch",
  "unit_mismatch",
  "unexplained",
] as const;
export type ItemCause = (typeof ITEM_CAUSES)[number];

/** What is known of an open item beside its figures. */
export interface Evidence {
  class: ItemClass;
  isMatched: boolean;
  /** A step towards the other side failed, for its key. */
  hasFailed: boolean;
  /** The other side states the same key in another unit or currency. */
  isInOtherUnit: boolean;
  /** Where money is compared: whether the quantities of both sides agree too; undefined where they are not stated. */
  quantitiesAgree: boolean | undefined;
  measure: "count" | "quantity" | "money";
}

/** Why an item is open. A failure is named first, since mending it clears the item; then what both sides say. */
export function findCause(evidence: Evidence): ItemCause {
  if (evidence.hasFailed) return "failed_message";
  if (evidence.isInOtherUnit) return "unit_mismatch";
  if (evidence.class !== "BREAK") return "in_flight";
  if (!evidence.isMatched) return "unexplained";
  if (evidence.measure === "quantity") return "quantity_mismatch";
  if (evidence.measure === "count" || evidence.quantitiesAgree === undefined) return "unexplained";
  return evidence.quantitiesAgree ? "price_mismatch" : "quantity_mismatch";
}
