import type { UnitEquation } from "@throughline/schemas/exact/units";
import type { FlowLeg } from "@throughline/schemas/pack/flow";
import type { Fact } from "../fact.ts";
import { type Deadline, type WorkingTimes, toDeadlineRule } from "./deadline.ts";
import { type ChangeModel, type Era, type VersionEra, isInEra } from "./eras.ts";
import { type FieldCondition, toConditions } from "./matchers.ts";

/** A leg between two milestones with the rules that it has had. */
export interface LegModel {
  id: string;
  from: string;
  to: string;
  isStartOptional: boolean;
  criticality: string | undefined;
  /** True when changes start it anew, so that it may have several occurrences. */
  canRestart: boolean;
  /** True when any of its rules ends it by quantity. */
  isByQuantity: boolean;
  /** Oldest first; in a time without any there was no such leg. */
  rules: readonly LegRules[];
}

/** What a leg is judged by that starts in an era. */
export interface LegRules extends Era {
  ruleVersion: string;
  /** The first whose conditions the starting event meets sets the deadline. */
  targets: readonly { conditions: readonly FieldCondition[]; toDeadline: (fact: Fact) => Deadline }[];
  underTolerancePercent: number | undefined;
  /** Factors that hold for any item. */
  standardUnits: readonly UnitEquation[];
  /** True when the law sets its target, which no excuse and no pause moves. */
  isStatutory: boolean;
}

/** The rules of a leg that starts at an event time; undefined when there was no such leg then. */
export function findRules(leg: LegModel, startedAt: number): LegRules | undefined {
  return leg.rules.findLast((rules) => isInEra(rules, startedAt));
}

/** The leg of a row: of several ways that one has led, that which was in force when it started. */
export function findLeg(
  { legs }: { legs: readonly LegModel[] },
  row: { leg: string; startedAt: number | undefined; endedAt: number | undefined },
): LegModel | undefined {
  const startedAt = row.startedAt ?? row.endedAt ?? Infinity;
  const ways = legs.filter(({ id }) => id === row.leg);
  return ways.find((leg) => findRules(leg, startedAt) !== undefined) ?? ways[0];
}

/**
 * The legs of a flow in the order of its newest version, behind them those that only earlier ones have. A leg that once
 * led between other milestones is there once for each of its ways; what leads to or from a milestone that is gone is not.
 */
export function toLegModels(
  eras: readonly VersionEra[],
  { workingTimes, changes }: { workingTimes: WorkingTimes; changes: readonly ChangeModel[] },
): LegModel[] {
  const milestones = eras.at(-1)?.flow.milestones ?? {};
  const written = eras.toReversed().flatMap((era) => era.flow.legs.map((leg) => ({ era, leg })));
  const kept = written.filter(({ leg }) => leg.from in milestones && leg.to in milestones);
  const ways = Map.groupBy(kept, ({ leg }) => JSON.stringify([leg.id, leg.from, leg.to]));
  return [...ways.values()].flatMap(([newest, ...earlier]) => {
    if (newest === undefined) return [];
    const { id, from, to, isStartOptional, criticality } = newest.leg;
    const rules = [newest, ...earlier].map(({ era, leg }) => toLegRules(era, leg, workingTimes)).toReversed();
    return {
      id,
      from,
      to,
      isStartOptional,
      criticality,
      canRestart: changes.some(({ legs }) => legs.has(id)),
      isByQuantity: rules.some(({ underTolerancePercent }) => underTolerancePercent !== undefined),
      rules,
    };
  });
}

function toLegRules(
  { from, until, ruleVersion, units }: VersionEra,
  leg: FlowLeg,
  workingTimes: WorkingTimes,
): LegRules {
  return {
    from,
    until,
    ruleVersion,
    targets: leg.targets.map((target) => ({
      conditions: toConditions(target.where),
      toDeadline: toDeadlineRule(target, { atRiskShare: leg.atRiskPercent / 100, workingTimes }),
    })),
    underTolerancePercent: leg.completion?.underTolerancePercent,
    standardUnits: units,
    isStatutory: leg.statutory !== undefined,
  };
}
