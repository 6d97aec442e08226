import type { MatchItem } from "../contract/match.ts";
import type { ObjectKey } from "../queries/list-events-of-objects.ts";
import { listSlotsOfSubjects } from "../queries/list-slots-of-subjects.ts";
import { type MatchReading, readMatches } from "./read-matches.ts";

/** Results that a journey shows at most. */
const MAX_MATCHES = 200;
const MATCHED: ReadonlySet<string> = new Set(["purchase_order_line", "invoice", "credit_memo"]);
const KINDS = ["line", "invoice", "order"];

/**
 * What came of matching order lines, invoices and credit memos: of an order line, what invoices bill on it too. Those that need
 * work come first, then the latest.
 */
export async function listMatchesOfObjects(
  reading: MatchReading,
  objects: readonly ObjectKey[],
): Promise<{ items: MatchItem[]; isTruncated: boolean }> {
  const subjects = objects.filter(({ type }) => MATCHED.has(type));
  if (subjects.length === 0) return { items: [], isTruncated: false };
  const { reader, asker, asOf } = reading;
  const slots = await listSlotsOfSubjects(reader, asker, { subjects, asOf, limit: MAX_MATCHES + 1 });
  const known = await readMatches(reading, slots.slice(0, MAX_MATCHES));
  const items = known.map(({ item }) => item).toSorted(compareItems);
  return { items, isTruncated: slots.length > MAX_MATCHES };
}

function compareItems(a: MatchItem, b: MatchItem): number {
  const needs = ({ work }: MatchItem) => (work === null || work.state === "resolved" ? 1 : 0);
  if (needs(a) !== needs(b)) return needs(a) - needs(b);
  if (a.enteredAt !== b.enteredAt) return a.enteredAt < b.enteredAt ? 1 : -1;
  return KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind);
}
