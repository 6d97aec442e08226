import type { StoryRules } from "../contract/leg-story.ts";
import type { VerdictRow } from "../queries/list-verdicts-of-leg.ts";
import type { StoredRules } from "../queries/list-rule-versions.ts";

/**
 * The rules by which the verdicts of a leg were given, in the order of their first use: of each version what it asked of
 * this leg. Of a version that came back the one counts that was in force when the leg began.
 */
export function listLegRules(
  rows: readonly VerdictRow[],
  { stored, current }: { stored: readonly StoredRules[]; current: string | undefined },
): StoryRules[] {
  const firsts = new Map(rows.toReversed().map((row) => [row.rule_version, row]));
  return [...firsts.values()].toReversed().flatMap((row) => {
    const same = stored.filter(({ ruleVersion }) => ruleVersion === row.rule_version);
    const began = row.started_at ?? row.ended_at ?? row.dated_at;
    const rules = same.findLast(({ since }) => since <= began) ?? same[0];
    const leg = rules?.flow.legs.find(({ id }) => id === row.leg);
    if (rules === undefined || leg === undefined) return [];
    const { targets, atRiskPercent, completion } = leg;
    const isCurrent = rules.ruleVersion === current;
    return [
      {
        ruleVersion: rules.ruleVersion,
        since: rules.since,
        isCurrent,
        targets,
        atRiskPercent,
        ...(completion && { completion }),
      },
    ];
  });
}
