import type { KeyDirectory } from "@throughline/schemas/clickhouse/key-directory";
import type { Pack } from "@throughline/schemas/pack/flow";
import type { Context } from "hono";
import type { Logger } from "pino";
import type { AppendRows } from "../actions/append-rows.ts";
import type { Audit } from "../actions/record-audit.ts";
import type { CheckpointStore } from "../actions/store-checkpoint.ts";
import type { StoreConfirmation } from "../actions/store-confirmation.ts";
import type { StoreExcuse } from "../actions/store-excuse.ts";
import type { StoreMatchAct } from "../actions/store-match-act.ts";
import type { Configurations } from "../configuration/configurations.ts";
import type { DeadManState } from "../deadman/dead-man.ts";
import type { FlowLinks } from "../journeys/flow-links.ts";
import type { MilestoneFinder } from "../journeys/milestones.ts";
import type { Asker, StoreReader } from "../queries/ask.ts";
import type { LegClock } from "../queries/leg-row.ts";
import type { Gate } from "./authenticate.ts";
import type { ApiEnv } from "./env.ts";
import type { ExportGate } from "./list-response.ts";
import type { Metrics } from "./metrics.ts";
import type { NoticeHub } from "./notice-hub.ts";

/** All that the routes are made of. */
export interface ApiDeps {
  reader: StoreReader;
  pack: Pack;
  links: FlowLinks;
  findMilestones: MilestoneFinder;
  workingTimes: LegClock["workingTimes"];
  /** What was agreed, now and at earlier moments. */
  configurations: Configurations;
  keys: KeyDirectory;
  gate: Gate;
  audit: Audit;
  storeExcuse: StoreExcuse;
  storeMatchAct: StoreMatchAct;
  storeCheckpoint: CheckpointStore;
  storeConfirmation: StoreConfirmation;
  append: AppendRows;
  notices: NoticeHub;
  exports: ExportGate;
  metrics: Metrics;
  /** How the sending of signs of life goes; undefined where nobody is told. */
  deadMan: () => Readonly<DeadManState> | undefined;
  /** Whether matches and reconciliations are kept. */
  hasReconciler: boolean;
  logger: Logger;
  now: () => number;
}

/** On whose behalf a request asks the store. */
export function toAsker(c: Context<ApiEnv>): Asker {
  return { scope: c.get("principal").scope, signal: c.req.raw.signal };
}
