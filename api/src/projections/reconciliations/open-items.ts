import { AppError } from "@throughline/schemas/error";
import { type Rational, absolute, formatDecimal, isZero, subtract, sum } from "@throughline/schemas/exact/rational";
import { type Entry, type Matching, SIDES, type Side, findValue } from "./entry.ts";
import { type Episode, type Trace, traceGroup } from "./trace-group.ts";

/** Always shown together: what differs on balance, what differs at all, and how many items that are. */
export interface Drift {
  net: Rational;
  gross: Rational;
  count: number;
}

/** Follows every key of a reconciliation in one unit or currency. */
export function traceEntries(entries: readonly Entry[], matching: Matching): Trace {
  const traces = [...Map.groupBy(entries, ({ key }) => key).values()].map((group) => traceGroup(group, { matching }));
  return { episodes: traces.flatMap(({ episodes }) => episodes), flows: traces.flatMap(({ flows }) => flows) };
}

/** What was open just before a moment. */
export function listOpen(episodes: readonly Episode[], before: number): Episode[] {
  return episodes.filter(({ from, until }) => from < before && (until === undefined || until >= before));
}

/**
 * The drift that open items make, held against the totals of both sides. Throws `internal` when the items do not explain
 * the difference of the totals: that would be no figure.
 */
export function measureDrift(open: readonly Pick<Episode, "value">[], totals: Record<Side, Rational>): Drift {
  const net = subtract(totals.a, totals.b);
  const explained = sum(open.map(({ value }) => value));
  if (!isZero(subtract(net, explained)))
    throw new AppError(
      "internal",
      `the open items explain ${formatDecimal(explained)} of a difference of ${formatDecimal(net)}`,
    );
  return { net, gross: sum(open.map(({ value }) => absolute(value))), count: open.length };
}

/** What each side adds up to just before a moment. */
export function sumSides(entries: readonly Entry[], before: number): Record<Side, Rational> {
  const [a, b] = SIDES.map((side) =>
    sum(entries.filter((entry) => entry.side === side).flatMap((entry) => findValue(entry, before) ?? [])),
  );
  return { a: a ?? sum([]), b: b ?? sum([]) };
}
