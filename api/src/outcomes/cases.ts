import type { ObjectRef } from "@throughline/schemas/event";

/** A stretch of time in milliseconds since 1970 UTC, the end not included. */
export interface Span {
  from: number;
  to: number;
}

/** One case of a figure. `at` is where in time it counts; `key` tells cases apart. */
export interface Case {
  at: number;
  key: string;
  object: Pick<ObjectRef, "type" | "id">;
  site: string;
  supplier: string;
  /** What a reader should know beside the object, such as its location. */
  note: string;
  /** Where it is shown; the journey of the object unless given. */
  href?: string;
}

/**
 * A case that counts: what it adds to the numerator and to the denominator, in whole numbers. Of a length of time `part` is the
 * length and `whole` 1.
 */
export interface Sample extends Case {
  part: number | bigint;
  whole: number | bigint;
  /** A declared standard stands in for what nobody measured. */
  isDeclared?: boolean;
}

export interface Excluded extends Case {
  reason: string;
}

/** What a figure is made of: what counts, what is left out and why, and what has not come to its end. */
export interface Cases {
  counted: Sample[];
  excluded: Excluded[];
  open: Case[];
}

/** Nothing can be said of a figure, and why. */
export interface NotMeasurable {
  because: string;
}

export function isMeasurable(read: Cases | NotMeasurable): read is Cases {
  return "counted" in read;
}

/** Those that count inside of a stretch of time. */
export function within<Item extends { at: number }>(items: readonly Item[], { from, to }: Span): Item[] {
  return items.filter(({ at }) => at >= from && at < to);
}
