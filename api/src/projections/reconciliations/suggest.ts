import { formatDecimal, isZero, negate, signOf, sum } from "@throughline/schemas/exact/rational";
import type { Episode } from "./trace-group.ts";

/** Items without a common key whose values would offset each other. Shown to a person; nothing is ever cleared by it. */
export interface Suggestion {
  items: readonly string[];
  kind: "same_value" | "sum_of_two";
}

export const SUGGESTION_LIMITS = { items: 500, suggestions: 100 };

type Suggested = Pick<Episode, "item" | "side" | "value" | "isMatched" | "since">;

/**
 * Suggests, for unmatched items of both sides, single ones of the same value, then one that two of the other side add up to.
 * Only of so many of the oldest items as the limits say, each item once.
 */
export function suggestMatches(open: readonly Suggested[]): Suggestion[] {
  const items = open
    .filter(({ isMatched, value }) => !isMatched && !isZero(value))
    .toSorted((a, b) => a.since - b.since || (toName(a) < toName(b) ? -1 : 1))
    .slice(0, SUGGESTION_LIMITS.items);
  const used = new Set<Suggested>();
  const found: Suggestion[] = [];
  const take = (kind: Suggestion["kind"], group: readonly Suggested[]) => {
    for (const item of group) used.add(item);
    found.push({ kind, items: group.map(toName).toSorted() });
  };
  for (const item of items) {
    const partner = used.has(item) ? undefined : items.find((other) => !used.has(other) && offsets(item, [other]));
    if (partner) take("same_value", [item, partner]);
  }
  const byValue = Map.groupBy(items, ({ value }) => formatDecimal(value));
  for (const item of items) {
    const pair = used.has(item) ? undefined : findPair(item, { items, byValue, used });
    if (pair) take("sum_of_two", [item, ...pair]);
  }
  return found.slice(0, SUGGESTION_LIMITS.suggestions);
}

function findPair(
  item: Suggested,
  {
    items,
    byValue,
    used,
  }: { items: readonly Suggested[]; byValue: ReadonlyMap<string, Suggested[]>; used: ReadonlySet<Suggested> },
): Suggested[] | undefined {
  for (const first of items) {
    if (used.has(first) || first.side === item.side) continue;
    const rest = formatDecimal(sum([item.value, first.value].map(negate)));
    const second = byValue.get(rest)?.find((other) => other !== first && !used.has(other) && other.side === first.side);
    if (second && offsets(item, [first, second])) return [first, second];
  }
  return undefined;
}

function offsets(item: Suggested, others: readonly Suggested[]): boolean {
  const isOpposed = others.every(({ side, value }) => side !== item.side && signOf(value) === -signOf(item.value));
  return isOpposed && isZero(sum([item.value, ...others.map(({ value }) => value)]));
}

function toName({ side, item }: Suggested): string {
  return `${side}/${item}`;
}
