import {
  type Rational,
  ZERO,
  absolute,
  add,
  isZero,
  negate,
  signOf,
  subtract,
  sum,
} from "@throughline/schemas/exact/rational";
import type { Side } from "./entry.ts";
import type { FlowAmount } from "./flows.ts";

/** What stands on both sides of a cell, and the open items that this leaves, each at least 0. */
export interface WholeState {
  a: Rational;
  b: Rational;
  isMatched: boolean;
  items: ReadonlyMap<string, Rational>;
}

/**
 * What led from one state to the next. Items that meet the other side are first put together, then what each side brought
 * is counted, then items whose other side went away come apart again. Each figure is derived by itself, so that opening,
 * flows and closing can be held against each other. `wasOpen`: a side had an open item at any time before.
 */
export function listWholeFlows(before: WholeState, after: WholeState, wasOpen: (side: Side) => boolean): FlowAmount[] {
  const flows =
    before.isMatched || after.isMatched
      ? [...listMerged(before), ...listMoved(before, after, wasOpen), ...listSplit(after, wasOpen)]
      : listSingle(before.items, after.items);
  return flows.filter(({ count, value }) => count !== 0 || !isZero(value));
}

/** Without another side each item is by itself. */
function listSingle(before: WholeState["items"], after: WholeState["items"]): FlowAmount[] {
  const gone = [...before].filter(([id]) => !after.has(id));
  return [
    ...gone.map(([, value]): FlowAmount => ({ kind: "cleared", count: 1, value })),
    ...[...after].map(([id, value]): FlowAmount => {
      const known = before.get(id);
      return known ? { kind: "changed", count: 0, value: subtract(value, known) } : { kind: "new", count: 1, value };
    }),
  ];
}

/** Several items become one difference: what they offset among themselves is cleared. */
function listMerged(state: WholeState): FlowAmount[] {
  return [{ kind: "cleared", ...toExcess(state) }];
}

/** One difference comes apart into the items of one side. */
function listSplit(state: WholeState, wasOpen: (side: Side) => boolean): FlowAmount[] {
  return [{ kind: wasOpen("a") || wasOpen("b") ? "reopened" : "new", ...toExcess(state) }];
}

/** By how much the items of a state exceed the one that their net would be. */
function toExcess({ a, b, items }: WholeState): { count: number; value: Rational } {
  const net = subtract(a, b);
  return {
    count: items.size - (isZero(net) ? 0 : 1),
    value: subtract(sum([...items.values()]), absolute(net)),
  };
}

function listMoved(before: WholeState, after: WholeState, wasOpen: (side: Side) => boolean): FlowAmount[] {
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
