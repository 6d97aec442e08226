import type { ClickHouseClient } from "@clickhouse/client";
import type { Pack } from "@throughline/schemas/pack/flow";
import type { Cursors, Deferred, Step } from "../engine/steps.ts";
import type { Arrivals } from "../engine/touch.ts";
import type { Contest, Fact } from "../fact.ts";
import { MATCHED_TYPES } from "../matches/match-touch.ts";
import { listPostponedMatches } from "../matches/postpone-matches.ts";
import { createMatching, matchTouched, storeMatches } from "../matches/match-step.ts";
import { listPostponedSubjects } from "../reconciliations/postpone-subjects.ts";
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
  /** What is left to a later step, of every family. */
  postponed: readonly Deferred[];
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
  /** What a step at this time should leave to a later one, since its history is long and was read of late. */
  listPostponed: (touching: Touching, now: number) => readonly Deferred[];
  evaluate: (input: FamilyStep) => Promise<Findings>;
}

/** What a step would look at. */
export interface Touching {
  facts: readonly Fact[];
  deferred: readonly Deferred[];
}

/** What rows are derived by, besides events. */
export type Rules = Pick<Pack, "tolerances" | "units" | "reconciliations">;

/** How many facts and rows stay in memory in all, and how many facts of one object. */
export interface Held {
  maxHeld: number;
  maxHistory: number;
}

/**
 * The families of the reconciler; `maxHeld` facts and rows stay in memory in all. A pack without tolerances matches nothing,
 * one without reconciliations reconciles nothing.
 */
export function createFamilies(rules: Rules, { maxHeld, maxHistory }: Held): Family[] {
  return [
    createMatches(rules, { maxHeld: maxHeld / 2, maxHistory }),
    createReconciliations(rules, { maxHeld: maxHeld / 2, maxHistory }),
  ].filter((family) => family !== undefined);
}

function createMatches(rules: Rules, held: Held): Family | undefined {
  const matching = createMatching(rules, held);
  return (
    matching && {
      eventTypes: matching.eventTypes,
      subjectTypes: MATCHED_TYPES,
      listPostponed: (touching, now) => listPostponedMatches(matching.cache.long, touching, now),
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

function createReconciliations(rules: Rules, held: Held): Family | undefined {
  const reconciling = createReconciling(rules, held);
  return (
    reconciling && {
      eventTypes: new Set(reconciling.byType.keys()),
      subjectTypes: reconciling.subjectTypes,
      listPostponed: (touching, now) => listPostponedSubjects(reconciling, touching, now),
      evaluate: async (input) => {
        const findings = await reconcileTouched(reconciling, input);
        return {
          deferred: findings.deferred,
          store: (token) => storeReconciliations(input.client, input.step, { findings, token }),
        };
      },
    }
  );
}
