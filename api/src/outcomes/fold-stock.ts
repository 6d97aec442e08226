import { mergeIntervals } from "@throughline/schemas/calendar/working-time";
import type { Span } from "./cases.ts";

/** How much was on hand at a place at a moment, as a source stated it. */
export interface StockStatement {
  at: number;
  isOut: boolean;
}

/** What is known of the stock of one item at one location. */
export interface StockHistory {
  /** Undefined before the first statement. */
  isOutAt: (time: number) => boolean | undefined;
  /** Milliseconds of a span in which it was stocked there, and those of them in which nothing was on hand. */
  measure: (span: Span) => { stockedMs: number; outMs: number };
}

/**
 * Follows what was stated: a place is out from a statement of nothing on hand until the next statement of anything. It counts as
 * stocked from its first statement on. Of statements of the same moment one of anything on hand counts.
 */
export function foldStock(statements: readonly StockStatement[]): StockHistory {
  const sorted = statements.toSorted((a, b) => a.at - b.at || Number(b.isOut) - Number(a.isOut));
  const first = sorted[0]?.at;
  const spans = mergeIntervals(
    sorted.flatMap(({ at, isOut }, index) =>
      isOut ? [{ from: at, until: sorted[index + 1]?.at ?? Number.MAX_SAFE_INTEGER }] : [],
    ),
  ).filter(({ from, until }) => until > from);
  return {
    isOutAt: (time) =>
      first === undefined || time < first ? undefined : spans.some(({ from, until }) => from <= time && time < until),
    measure: ({ from, to }) => {
      if (first === undefined) return { stockedMs: 0, outMs: 0 };
      const begin = Math.max(from, first);
      const outMs = spans.reduce(
        (left, span) => left + Math.max(0, Math.min(span.until, to) - Math.max(span.from, begin)),
        0,
      );
      return { stockedMs: Math.max(0, to - begin), outMs };
    },
  };
}
