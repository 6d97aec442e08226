import type { LEG_FLAGS } from "@throughline/schemas/leg";
import Big from "big.js";
import type { FlowModel, LegModel } from "./flow-model.ts";
import type { LegRow } from "./leg-row.ts";
import { type Clock, decide } from "./leg-state.ts";
import {
  EMPTY_MILESTONE,
  type MilestoneSummary,
  type Occurrence,
  type Summary,
  findCompletion,
  sumQuantities,
} from "./summary.ts";

interface Span {
  from: MilestoneSummary;
  to: MilestoneSummary;
  start: Occurrence | undefined;
  end: Occurrence | undefined;
}

/** The row of one leg of an instance, or undefined while the instance knows neither its start nor its end. */
export function judgeLeg(
  subject: { model: FlowModel; leg: LegModel; instanceId: string },
  summary: Summary,
  clock: Clock,
): LegRow | undefined {
  const { model, leg, instanceId } = subject;
  const span = toSpan(leg, summary);
  const { start, end, from, to } = span;
  const isStartReversed = start === undefined && from.reversed.length > 0;
  if (start === undefined && !isStartReversed && (end === undefined || leg.isStartOptional)) return undefined;
  const due = toDue(model, leg, span);
  const times = { startedAt: start?.time, endedAt: end?.time, dueAt: due.dueAt, atRiskAt: due.atRiskAt };
  const exclusion = findExclusion({ isStartReversed, cancelledAt: summary.cancelledAt, ...times });
  const decision = exclusion === undefined ? decide(times, clock) : { verdict: "EXCLUDED" as const, wake: undefined };
  return {
    flow: model.id,
    leg: leg.id,
    instanceType: model.anchor,
    instanceId,
    occurrence: 0,
    verdict: decision.verdict,
    ...times,
    startedAt: isStartReversed && end === undefined ? from.reversed[0]?.time : start?.time,
    excusedMs: due.excusedMs,
    budgetMs: due.budgetMs,
    calendar: due.calendar,
    startLog: start?.log ?? "",
    startPosition: start?.position ?? 0,
    endLog: end?.log ?? "",
    endPosition: end?.position ?? 0,
    site: start?.site || end?.site || "",
    domain: model.domain,
    supplier: start?.supplier ?? end?.supplier ?? summary.supplier ?? "",
    criticality: leg.criticality ?? start?.criticality ?? model.criticality,
    flags: listFlags({ start, end, from, to, due, cancelledAt: exclusion ? undefined : summary.cancelledAt }),
    reason: exclusion ?? "",
    ruleVersion: model.ruleVersion,
    wake: decision.wake,
  };
}

function toSpan(leg: LegModel, summary: Summary): Span {
  const from = summary.milestones[leg.from] ?? EMPTY_MILESTONE;
  const to = summary.milestones[leg.to] ?? EMPTY_MILESTONE;
  return { from, to, start: from.first, end: findEnd(leg, from, to) };
}

function findEnd(leg: LegModel, from: MilestoneSummary, to: MilestoneSummary): Occurrence | undefined {
  if (leg.underTolerancePercent === undefined || from.first === undefined) return to.first;
  const share = new Big(100).minus(leg.underTolerancePercent).div(100);
  return findCompletion(to.steps, sumQuantities(from.steps).times(share));
}

interface Due {
  dueAt: number | undefined;
  atRiskAt: number | undefined;
  budgetMs: number;
  excusedMs: number;
  calendar: string;
}

/**
 * The deadline: that of the start, moved on by the time in which an end that met it stood before it was taken back.
 * Where a calendar counts, working time is moved by working time.
 */
function toDue(model: FlowModel, leg: LegModel, { start, to }: Span): Due {
  const deadline = start?.deadlines[leg.id];
  if (start === undefined || deadline === undefined)
    return { dueAt: undefined, atRiskAt: undefined, budgetMs: 0, excusedMs: 0, calendar: "" };
  const working = model.workingTimes.get(deadline.calendar);
  const move = (time: number, ms: number) => (working ? working.add(time, ms) : time + ms);
  let { dueAt, atRiskAt } = deadline;
  let excusedMs = 0;
  let coveredUntil = start.time;
  for (const { time, reversedAt } of to.reversed.toSorted((a, b) => a.time - b.time || a.reversedAt - b.reversedAt)) {
    const from = Math.max(time, coveredUntil);
    if (time > dueAt || reversedAt <= from) continue;
    const stoodMs = working ? working.between(from, reversedAt) : reversedAt - from;
    dueAt = move(dueAt, stoodMs);
    atRiskAt = move(atRiskAt, stoodMs);
    excusedMs += stoodMs;
    coveredUntil = reversedAt;
  }
  return { dueAt, atRiskAt, budgetMs: deadline.budgetMs, excusedMs, calendar: deadline.calendar };
}

function findExclusion(leg: {
  isStartReversed: boolean;
  endedAt: number | undefined;
  dueAt: number | undefined;
  cancelledAt: number | undefined;
}): string | undefined {
  if (leg.isStartReversed && leg.endedAt === undefined) return "start reversed";
  const decidedAt = Math.min(leg.endedAt ?? Infinity, leg.dueAt ?? Infinity);
  return leg.cancelledAt !== undefined && leg.cancelledAt <= decidedAt ? "cancelled" : undefined;
}

function listFlags(
  leg: Pick<Span, "start" | "end" | "from" | "to"> & { due: Due; cancelledAt: number | undefined },
): (typeof LEG_FLAGS)[number][] {
  const flags: (typeof LEG_FLAGS)[number][] = [];
  if (leg.to.reversed.length > 0 && leg.start) flags.push("reopened");
  if (leg.from.reversed.length > 0) flags.push("reversed");
  if (leg.start && leg.end && leg.end.time < leg.start.time) flags.push("skewed");
  if (leg.cancelledAt !== undefined) flags.push("late-cancellation");
  if (leg.from.hasConflict || leg.to.hasConflict) flags.push("conflict");
  return flags;
}
