import type { ClickHouseClient } from "@clickhouse/client";
import { createWorkingTimes } from "@throughline/schemas/calendar/working-time";
import type { Pack } from "@throughline/schemas/pack/flow";
import { type Contest, parseIdentity } from "../fact.ts";
import { createFeedRules } from "../feeds/feed-rule.ts";
import { listFactsOfIdentities } from "./read-facts.ts";
import type { FlowModel } from "../legs/flow-model.ts";
import { type Matching, createMatching } from "../matches/match-step.ts";
import { type Reconciling, createReconciling } from "../reconciliations/reconcile-step.ts";
import { listContests } from "./contests.ts";
import { type InstanceCache, createInstanceCache } from "./instances.ts";
import { type LinkIndex, createLinkIndex } from "./links.ts";
import { type RulesInForce, type RuleVersions, toModelsInForce } from "./rule-versions.ts";
import { type SeenKeys, createSeenKeys, fillSeenKeys, toSeenHash } from "./seen-keys.ts";
import { type SnapshotStore, openSnapshotStore } from "./snapshots.ts";
import { openSourceBook } from "./open-source-book.ts";
import type { SourceBook } from "./source-book.ts";
import type { Outcome, Shard } from "./steps.ts";
import { type WakeHorizon, openWakeHorizon } from "./wake-horizon.ts";
import { type WindowBook, openWindowBook } from "./window-book.ts";

/** All that a projector holds in memory; everything in it can be read again from the store. */
export interface ProjectorState {
  client: ClickHouseClient;
  models: readonly FlowModel[];
  rules: RulesInForce;
  shard: Shard;
  cursors: Outcome["cursors"];
  deferred: Outcome["deferred"];
  touches: Outcome["touches"];
  windows: WindowBook;
  contested: Map<string, Contest>;
  sources: SourceBook;
  links: LinkIndex;
  cache: InstanceCache;
  snapshots: SnapshotStore;
  horizon: WakeHorizon;
  seenIdentities: SeenKeys;
  seenObjects: SeenKeys;
  isLinkable: (type: string) => boolean;
  /** What matches invoices; undefined where it is not wanted or no tolerances are configured. */
  matching: Matching | undefined;
  /** What holds two sides against each other; undefined where it is not wanted or nothing is to be reconciled. */
  reconciling: Reconciling | undefined;
}

/** What can be kept up to date beside the legs. Each costs about as much as they do. */
export type BesideLegs = "matches" | "reconciliations";

export interface StateOptions {
  client: ClickHouseClient;
  pack: Pack;
  versions: RuleVersions;
  /** Of the versions, those by which legs are judged. */
  rules: RulesInForce;
  shard: Shard;
  maxHeld: number;
  beside: readonly BesideLegs[];
  /** The last finished step: nothing after it is taken into the state. */
  last: { batch: number; outcome: Outcome };
  now: number;
}

/** Reads the state of a projector as it was after its last finished step. */
export async function openProjectorState(options: StateOptions): Promise<ProjectorState> {
  const { client, pack, shard, last } = options;
  const models = toModelsInForce(options.versions, options.rules);
  const types = new Set(models.flatMap(({ levels }) => [...levels.keys()]));
  const state: ProjectorState = {
    client,
    models,
    rules: options.rules,
    shard,
    ...last.outcome,
    windows: await openWindowBook(client, { models, shard: shard.index, before: last.batch + 1 }),
    contested: await listContests(client, last.batch + 1),
    sources: await openSourceBook(client, {
      ruleOf: createFeedRules(pack.sources, createWorkingTimes(pack.calendars)),
      before: last.batch + 1,
    }),
    links: createLinkIndex(client),
    cache: createInstanceCache(options.maxHeld),
    snapshots: await openSnapshotStore(client),
    horizon: await openWakeHorizon(client, {
      flows: new Set(models.map(({ id }) => id)),
      now: options.now,
      before: last.batch + 1,
    }),
    seenIdentities: createSeenKeys(),
    seenObjects: createSeenKeys(),
    isLinkable: (type) => types.has(type),
    matching: options.beside.includes("matches") ? createMatching(pack, options.maxHeld / 4) : undefined,
    reconciling: options.beside.includes("reconciliations") ? createReconciling(pack, options.maxHeld / 4) : undefined,
  };
  const contested = [...state.contested.keys()].map(parseIdentity);
  for (const { objects } of await listFactsOfIdentities(client, contested, last.outcome.cursors))
    state.links.suspect(objects);
  await fillSeen(state);
  return state;
}

/** What the store held before the cursors; what lies after them counts as new until a step reads it. */
async function fillSeen({ client, cursors, seenIdentities, seenObjects }: ProjectorState) {
  const logs = Object.keys(cursors);
  const values = { logs, ends: logs.map((log) => cursors[log]?.nextPosition ?? 0) };
  const isBefore = "position < transform(log, {logs: Array(String)}, {ends: Array(UInt64)}, toUInt64(0))";
  await fillSeenKeys(client, seenIdentities, {
    caller: "projector.seen-identities",
    sql: `SELECT ${toSeenHash("identity")} FROM event_identities WHERE ${isBefore}`,
    values,
  });
  await fillSeenKeys(client, seenObjects, {
    caller: "projector.seen-objects",
    sql: `SELECT ${toSeenHash("sipHash64(object_type, object_id)")} FROM object_events WHERE ${isBefore}`,
    values,
  });
}
