import Big from "big.js";
import { type LegModel, findRules } from "./leg-model.ts";
import {
  EMPTY_MILESTONE,
  type MilestoneSummary,
  type Occurrence,
  type Summary,
  findCompletion,
  listTakenBack,
  sumQuantities,
} from "./summary.ts";

/** One occurrence of a leg: what starts and ends it, and the change that replaces it. */
export interface Span {
  /** 0 from the first start on, k from the k-th change after that on. */
  occurrence: number;
  from: MilestoneSummary;
  /** The ends that fall into its time. */
  to: MilestoneSummary;
  start: Occurrence | undefined;
  end: Occurrence | undefined;
  /** The event time of the change with which the next occurrence begins. */
  replacedAt: number | undefined;
}

/** The occurrences of a leg. A leg that no change starts anew has one; what ends before a change belongs to the one before. */
export function listSpans(leg: LegModel, summary: Summary): Span[] {
  const from = summary.milestones[leg.from] ?? EMPTY_MILESTONE;
  const to = summary.milestones[leg.to] ?? EMPTY_MILESTONE;
  const restarts = leg.canRestart ? listRestarts(leg, summary, from) : NONE;
  const [next] = restarts;
  if (next === undefined)
    return [{ occurrence: 0, from, start: from.first, ...findEnds(leg, from, to), replacedAt: undefined }];
  const first = cut(to, { from: -Infinity, until: next.time });
  return [
    { occurrence: 0, from, to: first, start: from.first, end: first.first, replacedAt: next.time },
    ...restarts.map((start, index): Span => {
      const replacedAt = restarts[index + 1]?.time;
      const ends = cut(to, { from: start.time, until: replacedAt ?? Infinity });
      return { occurrence: index + 1, from: EMPTY_MILESTONE, to: ends, start, end: ends.first, replacedAt };
    }),
  ];
}

const NONE: readonly Occurrence[] = [];

/** The changes after the start. An order whose sending was taken back is not sent again by a change of it. */
function listRestarts(leg: LegModel, summary: Summary, from: MilestoneSummary): readonly Occurrence[] {
  const restarts = summary.restarts?.[leg.id] ?? NONE;
  const { first } = from;
  if (first === undefined) return from.reversed.length > 0 ? NONE : restarts;
  return restarts.filter(({ time }) => time > first.time);
}

function cut(to: MilestoneSummary, span: { from: number; until: number }): MilestoneSummary {
  const isInside = ({ time }: { time: number }) => time >= span.from && time < span.until;
  const steps = to.steps.filter(isInside);
  return { ...to, first: steps[0], steps, reversed: to.reversed.filter(isInside), count: steps.length };
}

/** What ends a leg. One that ends by quantity is reopened only by what takes it below the quantity that it had reached. */
function findEnds(leg: LegModel, from: MilestoneSummary, to: MilestoneSummary): Pick<Span, "to" | "end"> {
  const percent = from.first && findRules(leg, from.first.time)?.underTolerancePercent;
  if (percent === undefined) return { to, end: to.first };
  const share = new Big(100).minus(percent).div(100);
  const needed = sumQuantities(from.steps).times(share);
  return { to: { ...to, reversed: listTakenBack(to, needed) }, end: findCompletion(to.steps, needed) };
}
