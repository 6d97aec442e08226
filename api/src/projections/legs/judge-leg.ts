import type { LEG_FLAGS } from "@throughline/schemas/leg";
import type { LegPlace } from "../feeds/carriers.ts";
import { findDue } from "./due.ts";
import type { FlowModel } from "./flow-model.ts";
import type { ItemUnits } from "../matches/reference.ts";
import { type LegModel, findRules } from "./leg-model.ts";
import type { LegRow } from "./leg-row.ts";
import { type Clock, type Decision, decide } from "./leg-state.ts";
import type { FindWindows } from "./moves.ts";
import { type Span, listSpans } from "./spans.ts";
import type { Summary } from "./summary.ts";

interface Subject {
  model: FlowModel;
  leg: LegModel;
  instanceId: string;
}

/** What a verdict depends on besides the history. */
export interface Circumstances {
  clockOf: (place: LegPlace) => Clock;
  windows: FindWindows;
  itemUnits: readonly ItemUnits[];
}

/**
 * The rows of a leg of an instance, one an occurrence; none while the instance knows neither its start nor its end, nor
 * under rules that have no such leg.
 */
export function judgeLeg(subject: Subject, summary: Summary, circumstances: Circumstances): LegRow[] {
  return listSpans(subject.leg, summary, circumstances.itemUnits).flatMap(
    (span) => judgeSpan(subject, { span: toPossible(span), summary }, circumstances) ?? [],
  );
}

function judgeSpan(
  { model, leg, instanceId }: Subject,
  { span, summary }: { span: Span; summary: Summary },
  { clockOf, windows }: Circumstances,
): LegRow | undefined {
  const { start, end, from, to } = span;
  const isStartReversed = start === undefined && from.reversed.length > 0;
  if (start === undefined && !isStartReversed && (end === undefined || leg.isStartOptional)) return undefined;
  const rules = findRules(leg, start?.time ?? end?.time ?? from.reversed[0]?.time ?? Infinity);
  if (rules === undefined) return undefined;
  const site = start?.site || end?.site || findFirst(leg, summary)?.site || "";
  const supplier = start?.supplier ?? end?.supplier ?? summary.supplier ?? "";
  const due = findDue({ model, leg }, span, { windows, site, supplier });
  const { dueAt, atRiskAt, moves } = due;
  const times = { startedAt: start?.time, endedAt: end?.time, dueAt, atRiskAt, moves };
  const settled = findSettled({
    isStartReversed,
    cancelledAt: summary.cancelledAt,
    replacedAt: span.replacedAt,
    ...times,
  });
  const decision = settled ?? decide(times, clockOf({ site, supplier }));
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
    supplier,
    criticality: leg.criticality ?? start?.criticality ?? findFirst(leg, summary)?.criticality ?? model.criticality,
    flags: listFlags({
      start,
      end,
      from,
      to,
      dueAt,
      doubts: span.doubts,
      cancelledAt: settled?.verdict === "EXCLUDED" ? undefined : summary.cancelledAt,
    }),
    reason: settled?.reason ?? "",
    ruleVersion: rules.ruleVersion,
    wake: decision.wake,
  };
}

/** An end of which only the day is known cannot have come before a start in that day. */
function toPossible(span: Span): Span {
  const { start, end } = span;
  if (start === undefined || end?.impreciseMs === undefined || end.time >= start.time) return span;
  const latest = end.time + end.impreciseMs;
  return latest < start.time ? span : { ...span, end: { ...end, time: start.time, impreciseMs: latest - start.time } };
}

/** True when a leg is in time only because it is not known when in a day it started or ended. */
function isInDoubt({ start, end }: Pick<Span, "start" | "end">, dueAt: number | undefined): boolean {
  if (start === undefined || end === undefined || dueAt === undefined || end.time > dueAt) return false;
  return end.time + (end.impreciseMs ?? 0) > dueAt - (start.impreciseMs ?? 0);
}

/** The start of the first occurrence: a change need not say again how important the order is, nor where it goes. */
function findFirst(leg: LegModel, summary: Summary): Span["start"] {
  return summary.milestones[leg.from]?.first;
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
  leg: Pick<Span, "start" | "end" | "from" | "to" | "doubts"> & {
    dueAt: number | undefined;
    cancelledAt: number | undefined;
  },
): (typeof LEG_FLAGS)[number][] {
  const flags: (typeof LEG_FLAGS)[number][] = [];
  if (leg.to.reversed.length > 0 && leg.start) flags.push("reopened");
  if (leg.from.reversed.length > 0) flags.push("reversed");
  if (leg.start && leg.end && leg.end.time < leg.start.time) flags.push("skewed");
  if (leg.cancelledAt !== undefined) flags.push("late-cancellation");
  if (leg.from.hasConflict || leg.to.hasConflict) flags.push("conflict");
  if (isInDoubt(leg, leg.dueAt)) flags.push("imprecise");
  return [...flags, ...leg.doubts];
}
