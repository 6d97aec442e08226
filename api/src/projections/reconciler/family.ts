import type { ClickHouseClient } from "@clickhouse/client";
import type { Pack } from "@throughline/schemas/pack/flow";
import type { Cursors, Deferred, Step } from "../engine/steps.ts";
import type { Arrivals } from "../engine/touch.ts";
import type { Contest } from "../fact.ts";
import { MATCHED_TYPES } from "../matches/match-touch.ts";
import { createMatching, matchTouched, storeMatches } from "../matches/match-step.ts";
import { createReconciling, reconcileTouched, storeReconciliations } from "../reconciliations/reconcile-step.ts";

/** What a step brings to each family. */
export interface FamilyStep {
  client: ClickHouseClient;
  step: Step;
  until: Cursors;
  contested: ReadonlyMap<string, Contest>;
  arrivals: Arrivals;
  /** Keys of objects that no event before this step named: the store holds nothing of them. */
  isFirstNamed: (key: string) => boolean;
}

export interface Findings {
  /** What is left to later steps. */
  deferred: readonly Deferred[];
  /** Stores what was found; `token` makes the tokens of the step's inserts. */
  store: (token: (part: string) => string) => Promise<void>;
}

/** Rows of one kind that are derived from the same events: matches, or reconciliations. */
export interface Family {
  /** The types of events that it reads. */
  eventTypes: ReadonlySet<string>;
  /** The types of objects whose histories it reads. */
  subjectTypes: ReadonlySet<string>;
  evaluate: (input: FamilyStep) => Promise<Findings>;
}

/** What rows are derived by, besides events. */
export type Rules = Pick<Pack, "tolerances" | "units" | "reconciliations">;

/**
 * The families of the reconciler; `maxHeld` facts and rows stay in memory in all. A pack without tolerances matches nothing,
 * one without reconciliations reconciles nothing.
 */
export function createFamilies(rules: Rules, maxHeld: number): Family[] {
  return [createMatches(rules, maxHeld / 2), createReconciliations(rules, maxHeld / 2)].filter(
    (family) => family !== undefined,
  );
}

function createMatches(rules: Rules, maxHeld: number): Family | undefined {
  const matching = createMatching(rules, maxHeld);
  return (
    matching && {
      eventTypes: matching.eventTypes,
      subjectTypes: MATCHED_TYPES,
      evaluate: async (input) => {
        const findings = await matchTouched(matching, input);
        return {
          deferred: findings.deferred,
          store: (token) => storeMatches(input.client, input.step, { findings, token }),
        };
      },
    }
  );
}

function createReconciliations(rules: Rules, maxHeld: number): Family | undefined {
  const reconciling = createReconciling(rules, maxHeld);
  return (
    reconciling && {
      eventTypes: new Set(reconciling.byType.keys()),
      subjectTypes: reconciling.subjectTypes,
      evaluate: async (input) => {
        const findings = await reconcileTouched(reconciling, input);
        return {
          deferred: [],
          store: (token) => storeReconciliations(input.client, input.step, { findings, token }),
        };
      },
    }
  );
}
