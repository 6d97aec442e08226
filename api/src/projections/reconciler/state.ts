import type { ClickHouseClient } from "@clickhouse/client";
import { listContests } from "../engine/contests.ts";
import { fillSeenIdentities, fillSeenObjects } from "../engine/fill-seen.ts";
import { type SeenKeys, createSeenKeys } from "../engine/seen-keys.ts";
import type { Contest } from "../fact.ts";
import { type Family, type Held, type Rules, createFamilies } from "./family.ts";
import { RECONCILER, type ReconcilerOutcome } from "./plan.ts";

/** All that the reconciler holds in memory; everything in it can be read again from the store. */
export interface ReconcilerState {
  client: ClickHouseClient;
  /** The version of the rules that the families go by. */
  rules: string;
  families: readonly Family[];
  /** The types of events that any family reads; of others only identities are looked at. */
  eventTypes: readonly string[];
  subjectTypes: ReadonlySet<string>;
  cursors: ReconcilerOutcome["cursors"];
  deferred: ReconcilerOutcome["deferred"];
  contested: Map<string, Contest>;
  seenIdentities: SeenKeys;
  seenObjects: SeenKeys;
}

export interface ReconcilerStateOptions {
  client: ClickHouseClient;
  rules: Rules & { version: string };
  held: Held;
  /** The last finished step: nothing after it is taken into the state. */
  last: { batch: number; outcome: ReconcilerOutcome };
}

/** Reads the state of the reconciler as it was after its last finished step. */
export async function openReconcilerState(options: ReconcilerStateOptions): Promise<ReconcilerState> {
  const { client, rules, last } = options;
  const families = createFamilies(rules, options.held);
  const subjectTypes = new Set(families.flatMap((family) => [...family.subjectTypes]));
  const state: ReconcilerState = {
    client,
    rules: rules.version,
    families,
    eventTypes: [...new Set(families.flatMap((family) => [...family.eventTypes]))].toSorted(),
    subjectTypes,
    ...last.outcome,
    contested: await listContests(client, { projector: RECONCILER, before: last.batch + 1 }),
    seenIdentities: createSeenKeys(),
    seenObjects: createSeenKeys(),
  };
  await Promise.all([
    fillSeenIdentities(client, state.seenIdentities, state.cursors),
    fillSeenObjects(client, state.seenObjects, { before: state.cursors, types: [...subjectTypes] }),
  ]);
  return state;
}
