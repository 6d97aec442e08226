import type { ClickHouseClient } from "@clickhouse/client";
import { createWorkingTimes } from "@throughline/schemas/calendar/working-time";
import type { Pack } from "@throughline/schemas/pack/flow";
import { type Contest, parseIdentity } from "../fact.ts";
import { createFeedRules } from "../feeds/feed-rule.ts";
import { listFactsOfIdentities } from "./read-facts.ts";
import type { FlowModel } from "../legs/flow-model.ts";
import { listContests } from "./contests.ts";
import { type InstanceCache, createInstanceCache } from "./instances.ts";
import { type ItemUnitStore, createItemUnitStore } from "./item-units.ts";
import { LEGS, type Outcome, type Plan } from "./leg-plan.ts";
import { type LinkIndex, createLinkIndex } from "./links.ts";
import { type RulesInForce, type RuleVersions, toModelsInForce } from "./rule-versions.ts";
import { fillSeenIdentities, fillSeenObjects } from "./fill-seen.ts";
import { type SeenKeys, createSeenKeys } from "./seen-keys.ts";
import { type SnapshotStore, openSnapshotStore } from "./snapshots.ts";
import { openSourceBook } from "./open-source-book.ts";
import type { SourceBook } from "./source-book.ts";
import type { Shard } from "./steps.ts";
import { type WakeHorizon, openWakeHorizon } from "./wake-horizon.ts";
import { type WindowBook, openWindowBook } from "./window-book.ts";

/** All that the projector of the legs holds in memory; everything in it can be read again from the store. */
export interface ProjectorState {
  client: ClickHouseClient;
  models: readonly FlowModel[];
  rules: RulesInForce;
  shard: Shard;
  cursors: Outcome["cursors"];
  deferred: Outcome["deferred"];
  touches: Outcome["touches"];
  restated: Outcome["restated"];
  readUntil: Outcome["readUntil"];
  windows: WindowBook;
  contested: Map<string, Contest>;
  sources: SourceBook;
  links: LinkIndex;
  cache: InstanceCache;
  snapshots: SnapshotStore;
  itemUnits: ItemUnitStore;
  horizon: WakeHorizon;
  seenIdentities: SeenKeys;
  seenObjects: SeenKeys;
  isLinkable: (type: string) => boolean;
}

export interface StateOptions {
  client: ClickHouseClient;
  pack: Pack;
  versions: RuleVersions;
  /** Of the versions, those by which legs are judged. */
  rules: RulesInForce;
  shard: Shard;
  maxHeld: number;
  maxWaiting: number | undefined;
  /** By source, the watermark up to which a step that was interrupted woke legs. */
  floors?: Plan["sourceWatermarks"] | undefined;
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
    contested: await listContests(client, { projector: LEGS, before: last.batch + 1 }),
    sources: await openSourceBook(client, {
      ruleOf: createFeedRules(pack.sources, createWorkingTimes(pack.calendars)),
      before: last.batch + 1,
    }),
    links: createLinkIndex(client),
    cache: createInstanceCache(options.maxHeld),
    snapshots: await openSnapshotStore(client),
    itemUnits: createItemUnitStore(client),
    horizon: await openWakeHorizon(client, {
      flows: new Set(models.map(({ id }) => id)),
      now: options.now,
      before: last.batch + 1,
      maxWaiting: options.maxWaiting,
      floors: options.floors,
    }),
    seenIdentities: createSeenKeys(),
    seenObjects: createSeenKeys(),
    isLinkable: (type) => types.has(type),
  };
  const contested = [...state.contested.keys()].map(parseIdentity);
  for (const { objects } of await listFactsOfIdentities(client, contested, last.outcome.cursors))
    state.links.suspect(objects);
  await Promise.all([
    fillSeenIdentities(client, state.seenIdentities, state.cursors),
    fillSeenObjects(client, state.seenObjects, { before: state.cursors }),
  ]);
  return state;
}
