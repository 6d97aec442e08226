import { LEG_FLAGS, type LegVerdict, verdict } from "@throughline/schemas/leg";
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
  started_at, ended_at, due_at, at_risk_at, toInt64(excused_ms) AS excused, site, domain, criticality, flags, reason,
  rule_version, evaluated_at, is_removed`;

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
  site: z.string(),
  domain: z.string(),
  criticality: z.enum(CRITICALITIES),
  flags: z.array(z.enum(LEG_FLAGS)),
  reason: z.string(),
  rule_version: z.string(),
  evaluated_at: instant,
  is_removed: z.int(),
});

export type LegRow = z.infer<typeof legRow>;
export type LegKeyRow = Pick<LegRow, "flow" | "leg" | "instance_type" | "instance_id" | "occurrence">;

/** What makes two rows verdicts of the same leg. */
export function toLegKeyText(row: LegKeyRow): string {
  return JSON.stringify([row.flow, row.leg, row.instance_type, row.instance_id, row.occurrence]);
}

/** A row as the leg that it is; what still runs has run until `now`. */
export function toLegVerdict(row: LegRow, now: number): LegVerdict {
  const startedMs = row.started_at === null ? undefined : Date.parse(row.started_at);
  const endedMs = row.ended_at === null ? now : Date.parse(row.ended_at);
  const spent = (until: number) => (startedMs === undefined ? null : until - startedMs - row.excused);
  return {
    flow: row.flow,
    leg: row.leg,
    instance: { type: row.instance_type, id: row.instance_id },
    occurrence: row.occurrence,
    verdict: row.verdict,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    dueAt: row.due_at,
    atRiskAt: row.at_risk_at,
    elapsedMs: spent(endedMs),
    budgetMs: row.due_at === null ? null : spent(Date.parse(row.due_at)),
    site: row.site,
    domain: row.domain,
    criticality: row.criticality,
    flags: row.flags,
    reason: row.reason,
    ruleVersion: row.rule_version,
    evaluatedAt: row.evaluated_at,
  };
}
