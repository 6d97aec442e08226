import type { FlowModel } from "./flow-model.ts";
import { type LegModel, findRules } from "./leg-model.ts";
import { type FindWindows, type Move, NO_MOVES, moveOn, sortMoves } from "./moves.ts";
import type { Span } from "./spans.ts";

/** When an occurrence of a leg is due, and what moved that. Times in milliseconds since 1970 UTC. */
export interface Due {
  /** Undefined without a start, and while a pause without an end lasts. */
  dueAt: number | undefined;
  atRiskAt: number | undefined;
  budgetMs: number;
  excusedMs: number;
  calendar: string;
  moves: readonly Move[];
}

const NO_DUE: Due = { dueAt: undefined, atRiskAt: undefined, budgetMs: 0, excusedMs: 0, calendar: "", moves: NO_MOVES };

/**
 * The deadline: that of the start, moved on by the approved windows and by the time in which an end that met it stood
 * before it was taken back. Where a calendar counts, working time is moved by working time. What the law sets, no window moves.
 */
export function findDue(
  { model, leg }: { model: FlowModel; leg: LegModel },
  { start, end, to }: Span,
  { windows, ...place }: { windows: FindWindows; site: string; supplier: string },
): Due {
  const deadline = start?.deadlines[leg.id];
  if (start === undefined || deadline === undefined) return NO_DUE;
  const { budgetMs, calendar } = deadline;
  const approved = findRules(leg, start.time)?.isStatutory
    ? NO_MOVES
    : listNear(windows({ flow: model.id, leg: leg.id, ...place }), start.time);
  if (approved.length === 0 && to.reversed.length === 0)
    return { dueAt: deadline.dueAt, atRiskAt: deadline.atRiskAt, budgetMs, excusedMs: 0, calendar, moves: NO_MOVES };
  const moves = sortMoves([...to.reversed.map(toMove), ...approved]);
  const course = { startedAt: start.time, endedAt: end?.time, working: model.workingTimes.get(calendar) };
  const due = moveOn(deadline.dueAt, moves, course);
  const atRisk = moveOn(deadline.atRiskAt, moves, course);
  return { dueAt: due.at, atRiskAt: atRisk.at, budgetMs, excusedMs: due.excusedMs, calendar, moves: due.crossing };
}

/** Without those that were over when the leg started. */
function listNear(windows: readonly Move[], startedAt: number): readonly Move[] {
  return windows.length === 0 ? NO_MOVES : windows.filter(({ until = Infinity }) => until > startedAt);
}

function toMove({ time, reversedAt }: { time: number; reversedAt: number }): Move {
  return { kind: "reversal", id: "", version: 0, from: time, until: reversedAt };
}
