import { LEG_FLAGS, type LegMove, type LegVerdict, legMove, verdict } from "@throughline/schemas/leg";
import { type Interval, mergeIntervals, type WorkingTime } from "@throughline/schemas/calendar/working-time";
import { SHOWN_REASON, SHOWN_VERDICT } from "../blindness/shown-verdict.ts";
import { CRITICALITIES } from "@throughline/schemas/pack/flow";
import { instant } from "@throughline/schemas/text";
import { z } from "zod";

/** What tells the legs of `leg_verdicts` apart, in the order of its key. */
export const legKeyShape = {
  flow: z.string(),
  leg: z.string(),
  instance_type: z.string(),
  instance_id: z.string(),
  occurrence: z.int(),
};

/** The columns that a leg is read from; `batch` as text, since it is only compared. */
export const LEG_COLUMNS = `flow, leg, instance_type, instance_id, occurrence, toString(batch) AS batch_text, verdict, dated_at,
  started_at, ended_at, due_at, at_risk_at, toInt64(excused_ms) AS excused, toInt64(budget_ms) AS budget, calendar, site, domain, criticality, supplier, flags, reason, moves,
  rule_version, evaluated_at, is_removed, ${SHOWN_VERDICT} AS shown_verdict, ${SHOWN_REASON} AS shown_reason`;

export const legRow = z.object({
  ...legKeyShape,
  batch_text: z.string(),
  verdict,
  dated_at: instant,
  started_at: instant.nullable(),
  ended_at: instant.nullable(),
  due_at: instant.nullable(),
  at_risk_at: instant.nullable(),
  excused: z.int(),
  budget: z.int(),
  calendar: z.string(),
  site: z.string(),
  domain: z.string(),
  criticality: z.enum(CRITICALITIES),
  supplier: z.string(),
  flags: z.array(z.enum(LEG_FLAGS)),
  reason: z.string(),
  moves: z.string(),
  rule_version: z.string(),
  evaluated_at: instant,
  is_removed: z.int(),
  is_corrected: z.int().default(0),
  shown_verdict: verdict,
  shown_reason: z.string(),
});

export type LegRow = z.infer<typeof legRow>;
export type LegKeyRow = Pick<LegRow, "flow" | "leg" | "instance_type" | "instance_id" | "occurrence">;

/** What makes two rows verdicts of the same leg. */
export function toLegKeyText(row: LegKeyRow): string {
  return JSON.stringify([row.flow, row.leg, row.instance_type, row.instance_id, row.occurrence]);
}

/** The time, and the working time of the calendars that legs are counted by. */
export interface LegClock {
  now: number;
  workingTimes: ReadonlyMap<string, WorkingTime>;
}

/** A row as the leg that it is; what still runs has run until now. Business legs are counted in working time. */
export function toLegVerdict(row: LegRow, clock: LegClock): LegVerdict {
  return {
    flow: row.flow,
    leg: row.leg,
    instance: { type: row.instance_type, id: row.instance_id },
    occurrence: row.occurrence,
    verdict: row.shown_verdict,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    dueAt: row.due_at,
    atRiskAt: row.at_risk_at,
    elapsedMs: toElapsed(row, clock),
    budgetMs: row.due_at === null && row.moves === "" ? null : row.budget,
    calendar: row.calendar,
    site: row.site,
    domain: row.domain,
    criticality: row.criticality,
    supplier: row.supplier,
    flags: row.is_corrected === 1 ? [...row.flags, "corrected"] : row.flags,
    reason: row.shown_reason,
    moves: parseMoves(row),
    ruleVersion: row.rule_version,
    evaluatedAt: row.evaluated_at,
  };
}

const storedMoves = z.array(legMove);

/** What moved the deadline of a leg. */
export function parseMoves({ moves }: Pick<LegRow, "moves">): LegMove[] {
  return moves === "" ? [] : storedMoves.parse(JSON.parse(moves));
}

/** Excused time left out, and never below zero, also where it ended before it started; of a leg that has not ended only what has passed of it by now. */
function toElapsed(row: LegRow, { now, workingTimes }: LegClock): number | null {
  if (row.started_at === null) return null;
  const [from, until] = [Date.parse(row.started_at), row.ended_at === null ? now : Date.parse(row.ended_at)];
  const working = workingTimes.get(row.calendar);
  const between = (span: Interval) =>
    working ? working.between(span.from, span.until) : Math.max(0, span.until - span.from);
  const tookMs = between({ from, until });
  if (row.ended_at !== null || row.moves === "") return tookMs - row.excused;
  const excused = parseMoves(row).map((move) => ({
    from: Math.max(from, Date.parse(move.from)),
    until: Math.min(until, move.until === null ? Infinity : Date.parse(move.until)),
  }));
  return tookMs - mergeIntervals(excused).reduce((sum, span) => sum + between(span), 0);
}
