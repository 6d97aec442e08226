import type { ItemUnits } from "../matches/reference.ts";
import { findCompletion } from "./completion.ts";
import { type LegModel, findRules } from "./leg-model.ts";
import type { Doubt } from "./measure-goods.ts";
import { EMPTY_MILESTONE, type MilestoneSummary, type Occurrence, type Summary } from "./summary.ts";

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
  /** Why it is not known how complete it is, where it ends by quantity. */
  doubts: readonly Doubt[];
}

/** The occurrences of a leg. A leg that no change starts anew has one; what ends before a change belongs to the one before. */
export function listSpans(leg: LegModel, summary: Summary, itemUnits: readonly ItemUnits[]): Span[] {
  const from = summary.milestones[leg.from] ?? EMPTY_MILESTONE;
  const to = summary.milestones[leg.to] ?? EMPTY_MILESTONE;
  const restarts = leg.canRestart ? listRestarts(leg, summary, from) : NONE;
  const [next] = restarts;
  if (next === undefined)
    return [
      { occurrence: 0, from, start: from.first, ...findEnds(leg, { from, to, itemUnits }), replacedAt: undefined },
    ];
  const first = cut(to, { from: -Infinity, until: next.time });
  return [
    { occurrence: 0, from, to: first, start: from.first, end: first.first, replacedAt: next.time, doubts: NO_DOUBTS },
    ...restarts.map((start, index): Span => {
      const replacedAt = restarts[index + 1]?.time;
      const ends = cut(to, { from: start.time, until: replacedAt ?? Infinity });
      return {
        occurrence: index + 1,
        from: EMPTY_MILESTONE,
        to: ends,
        start,
        end: ends.first,
        replacedAt,
        doubts: NO_DOUBTS,
      };
    }),
  ];
}

const NONE: readonly Occurrence[] = [];
const NO_DOUBTS: readonly Doubt[] = [];

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
function findEnds(
  leg: LegModel,
  { from, to, itemUnits }: { from: MilestoneSummary; to: MilestoneSummary; itemUnits: readonly ItemUnits[] },
): Pick<Span, "to" | "end" | "doubts"> {
  const rules = from.first && findRules(leg, from.first.time);
  if (rules?.underTolerancePercent === undefined) return { to, end: to.first, doubts: NO_DOUBTS };
  const { underTolerancePercent, standardUnits } = rules;
  const { end, takenBack, doubts } = findCompletion(from, to, { underTolerancePercent, standardUnits, itemUnits });
  return { to: { ...to, reversed: takenBack }, end, doubts };
}
