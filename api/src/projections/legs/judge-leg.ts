import type { LEG_FLAGS } from "@throughline/schemas/leg";
import type { FlowModel, LegModel } from "./flow-model.ts";
import type { LegRow } from "./leg-row.ts";
import { type Clock, type Decision, decide } from "./leg-state.ts";
import { type Span, listSpans } from "./spans.ts";
import type { Summary } from "./summary.ts";

interface Subject {
  model: FlowModel;
  leg: LegModel;
  instanceId: string;
}

/** The rows of one leg of an instance, one an occurrence, by the clock of its site; none while the instance knows neither its start nor its end. */
export function judgeLeg(subject: Subject, summary: Summary, clockOf: (site: string) => Clock): LegRow[] {
  return listSpans(subject.leg, summary).flatMap((span) => judgeSpan(subject, { span, summary, clockOf }) ?? []);
}

function judgeSpan(
  { model, leg, instanceId }: Subject,
  { span, summary, clockOf }: { span: Span; summary: Summary; clockOf: (site: string) => Clock },
): LegRow | undefined {
  const { start, end, from, to } = span;
  const isStartReversed = start === undefined && from.reversed.length > 0;
  if (start === undefined && !isStartReversed && (end === undefined || leg.isStartOptional)) return undefined;
  const due = toDue(model, leg, span);
  const times = { startedAt: start?.time, endedAt: end?.time, dueAt: due.dueAt, atRiskAt: due.atRiskAt };
  const settled = findSettled({
    isStartReversed,
    cancelledAt: summary.cancelledAt,
    replacedAt: span.replacedAt,
    ...times,
  });
  const site = start?.site || end?.site || findFirst(leg, summary)?.site || "";
  const decision = settled ?? decide(times, clockOf(site));
  return {
    flow: model.id,
    leg: leg.id,
    instanceType: model.anchor,
    instanceId,
    occurrence: span.occurrence,
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
    site,
    domain: model.domain,
    supplier: start?.supplier ?? end?.supplier ?? summary.supplier ?? "",
    criticality: leg.criticality ?? start?.criticality ?? findFirst(leg, summary)?.criticality ?? model.criticality,
    flags: listFlags({
      start,
      end,
      from,
      to,
      due,
      cancelledAt: settled?.verdict === "EXCLUDED" ? undefined : summary.cancelledAt,
    }),
    reason: settled?.reason ?? "",
    ruleVersion: model.ruleVersion,
    wake: decision.wake,
  };
}

/** The start of the first occurrence: a change need not say again how important the order is, nor where it goes. */
function findFirst(leg: LegModel, summary: Summary): Span["start"] {
  return summary.milestones[leg.from]?.first;
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

/** A verdict that neither the clock nor a watermark can change, with its reason. */
type Settled = Decision & { reason: string };

function findSettled(leg: {
  isStartReversed: boolean;
  startedAt: number | undefined;
  endedAt: number | undefined;
  dueAt: number | undefined;
  cancelledAt: number | undefined;
  replacedAt: number | undefined;
}): Settled | undefined {
  const excluded = (reason: string): Settled => ({ verdict: "EXCLUDED", wake: undefined, reason });
  if (leg.isStartReversed && leg.endedAt === undefined) return excluded("start reversed");
  const decidedAt = Math.min(leg.endedAt ?? Infinity, leg.dueAt ?? Infinity);
  if (leg.cancelledAt !== undefined && leg.cancelledAt <= decidedAt) return excluded("cancelled");
  if (leg.startedAt === undefined || leg.replacedAt === undefined || leg.replacedAt > decidedAt) return undefined;
  return { verdict: "SUPERSEDED", wake: undefined, reason: "replaced by a change" };
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
