import {
  type Rational,
  ZERO,
  absolute,
  add,
  isZero,
  negate,
  signOf,
  subtract,
} from "@throughline/schemas/exact/rational";
import type { Side } from "./entry.ts";

/** How open items came and went, in gross. A change moves no count. */
export const FLOW_KINDS = ["new", "reopened", "changed", "cleared"] as const;
export type FlowKind = (typeof FLOW_KINDS)[number];

export interface FlowAmount {
  kind: FlowKind;
  count: number;
  /** At least 0; of a change signed. */
  value: Rational;
}

export interface Flow extends FlowAmount {
  at: number;
}

/** What stands on both sides of a cell, and how many open items this leaves, with the sum of them, each at least 0. */
export interface State {
  a: Rational;
  b: Rational;
  isMatched: boolean;
  count: number;
  gross: Rational;
}

/** What an entry was worth, and is, without its sign; undefined where it does not stand. */
export interface Moved {
  before: Rational | undefined;
  after: Rational | undefined;
}

/**
 * What led from one state to the next. Items that meet the other side are first put together, then what each side brought
 * is counted, then items whose other side went away come apart again. Each figure is derived by itself, so that opening,
 * flows and closing can be held against each other. `wasOpen`: a side had an open item at any time before. `moved`: the entries
 * that changed.
 */
export function listFlows(
  before: State,
  after: State,
  { wasOpen, moved }: { wasOpen: (side: Side) => boolean; moved: readonly Moved[] },
): FlowAmount[] {
  const flows =
    before.isMatched || after.isMatched
      ? [...listMerged(before), ...listMoved(before, after, wasOpen), ...listSplit(after, wasOpen)]
      : moved.flatMap((one) => toSingle(one));
  return flows.filter(({ count, value }) => count !== 0 || !isZero(value));
}

/** Without another side each item is by itself. */
function toSingle({ before, after }: Moved): FlowAmount[] {
  if (after === undefined) return before === undefined ? [] : [{ kind: "cleared", count: 1, value: before }];
  return before === undefined
    ? [{ kind: "new", count: 1, value: after }]
    : [{ kind: "changed", count: 0, value: subtract(after, before) }];
}

/** Several items become one difference: what they offset among themselves is cleared. */
function listMerged(state: State): FlowAmount[] {
  return [{ kind: "cleared", ...toExcess(state) }];
}

/** One difference comes apart into the items of one side. */
function listSplit(state: State, wasOpen: (side: Side) => boolean): FlowAmount[] {
  return [{ kind: wasOpen("a") || wasOpen("b") ? "reopened" : "new", ...toExcess(state) }];
}

/** By how much the items of a state exceed the one that their net would be. */
function toExcess({ a, b, count, gross }: State): { count: number; value: Rational } {
  const net = subtract(a, b);
  return { count: count - (isZero(net) ? 0 : 1), value: subtract(gross, absolute(net)) };
}

function listMoved(before: State, after: State, wasOpen: (side: Side) => boolean): FlowAmount[] {
  const [from, to] = [subtract(before.a, before.b), subtract(after.a, after.b)];
  const side: Side = signOf(to) > 0 ? "a" : "b";
  const own = subtract(after[side], before[side]);
  const other = side === "a" ? subtract(after.b, before.b) : subtract(after.a, before.a);
  if (isZero(from) && isZero(to)) return [];
  // What comes back because the other side lost what had cleared it is no news.
  if (isZero(from))
    return [{ kind: signOf(own) <= 0 && wasOpen(side) ? "reopened" : "new", count: 1, value: absolute(to) }];
  if (isZero(to)) return [{ kind: "cleared", count: 1, value: absolute(from) }];
  if (signOf(from) !== signOf(to))
    return [
      { kind: "cleared", count: 1, value: absolute(from) },
      { kind: "new", count: 1, value: absolute(to) },
    ];
  const [cleared, lost] = signOf(other) > 0 ? [other, ZERO] : [ZERO, negate(other)];
  return [
    { kind: "cleared", count: 0, value: cleared },
    { kind: "changed", count: 0, value: add(own, lost) },
  ];
}
