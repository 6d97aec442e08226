import { DECIDED_VERDICTS } from "@throughline/schemas/leg";
import type { LEG_CHANGES, StoryStep } from "../contract/leg-story.ts";
import type { VerdictRow } from "../queries/list-verdicts-of-leg.ts";

type Change = (typeof LEG_CHANGES)[number];

const READ: Record<Change, (row: VerdictRow) => unknown> = {
  verdict: (row) => (row.is_removed === 1 ? null : row.verdict),
  startedAt: (row) => row.started_at,
  endedAt: (row) => row.ended_at,
  dueAt: (row) => row.due_at,
  atRiskAt: (row) => row.at_risk_at,
  budgetMs: (row) => row.budget,
  excusedMs: (row) => row.excused,
  calendar: (row) => row.calendar,
  site: (row) => row.site,
  supplier: (row) => row.supplier,
  criticality: (row) => row.criticality,
  flags: (row) => row.flags.join(),
  reason: (row) => row.reason,
  ruleVersion: (row) => row.rule_version,
};

/** What a verdict says otherwise than the one before it. */
export function listLegChanges(before: VerdictRow | undefined, row: VerdictRow): Change[] {
  if (before === undefined) return [];
  const names: Change[] = [];
  for (const [name, read] of Object.entries(READ)) if (isChange(name) && read(before) !== read(row)) names.push(name);
  return names;
}

/** True when a verdict takes the place of one that had been decided. */
export function isCorrection(before: VerdictRow | undefined, row: VerdictRow): boolean {
  if (before === undefined || before.is_removed === 1 || !DECIDED_VERDICTS.has(before.verdict)) return false;
  return row.is_removed === 1 || row.verdict !== before.verdict;
}

/** A verdict as a step of its leg's story, without what brought it. */
export function toPlainStep(row: VerdictRow, before: VerdictRow | undefined): Omit<StoryStep, "cause"> {
  return {
    verdict: row.is_removed === 1 ? null : row.verdict,
    evaluatedAt: row.evaluated_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    dueAt: row.due_at,
    atRiskAt: row.at_risk_at,
    budgetMs: row.due_at === null ? null : row.budget,
    excusedMs: row.excused,
    site: row.site,
    flags: row.flags,
    reason: row.reason,
    ruleVersion: row.rule_version,
    changed: listLegChanges(before, row),
    isCorrection: isCorrection(before, row),
  };
}

function isChange(name: string): name is Change {
  return Object.hasOwn(READ, name);
}
