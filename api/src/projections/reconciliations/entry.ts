import { type Rational, isZero, sum } from "@throughline/schemas/exact/rational";

/** What is compared with what: operational events are side a, postings of the books side b. */
export const SIDES = ["a", "b"] as const;
export type Side = (typeof SIDES)[number];

/** How far the entries of one key may be put together: one with one, one with several, or several with several. */
export type Matching = "1:1" | "1:N" | "M:N";

/** A change of an entry: its first value, and later what was taken back of it. Times in milliseconds since 1970 UTC. */
export interface Movement {
  at: number;
  value: Rational;
}

/** One posting or event of a side, in the one unit or currency of its reconciliation. Values are signed. */
export interface Entry {
  side: Side;
  /** Unlike that of any other entry of its side. */
  id: string;
  /** Entries of both sides with the same key belong together. */
  key: string;
  /** The first is the entry itself; reversals follow. */
  movements: readonly Movement[];
  /** The fiscal period of its own date. */
  period: string;
}

export function otherSide(side: Side): Side {
  return side === "a" ? "b" : "a";
}

/** The value of an entry just before a moment; undefined before it existed, and once it was taken back as a whole. */
export function findValue({ movements }: Entry, before: number): Rational | undefined {
  const seen = movements.filter(({ at }) => at < before);
  return sumMovements(seen);
}

/** What movements leave; undefined when there are none, or when later ones take the first back as a whole. */
export function sumMovements(movements: readonly Movement[]): Rational | undefined {
  if (movements.length === 0) return undefined;
  const value = sum(movements.map((movement) => movement.value));
  return movements.length > 1 && isZero(value) ? undefined : value;
}
