import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import { startLocalEngine } from "@throughline/schemas/clickhouse/local-engine";
import { createWriter, prepareStore, type StoreConnection } from "@throughline/schemas/clickhouse/store";
import type { Pack } from "@throughline/schemas/pack/flow";
import { NO_TOLERANCES } from "@throughline/schemas/pack/tolerance";
import { at, orderFlow } from "./legs/order-flow.fixture.ts";
import { type ProjectorOptions, openProjector } from "./projector.ts";

/** Two days after the first events of the order flow: whatever is due has fallen due. */
export const LATER = at("00:00") + 2 * 86_400_000;

/** The order flow twice, so that flows share links, over one source that is complete up to its last arrival. */
export const ORDER_PACK: Pack = {
  flows: new Map([
    ["order", orderFlow],
    ["order-again", { ...orderFlow, id: "order-again" }],
  ]),
  ruleVersions: new Map([
    ["order", "v1"],
    ["order-again", "v1"],
  ]),
  objectTypes: [],
  calendars: new Map(),
  slos: [],
  interfaces: new Map(),
  tolerances: NO_TOLERANCES,
  units: [],
  sources: [{ source: "erp", watermark: "arrival", lag: "PT0S" }],
};

export interface ProjectedStore {
  connection: StoreConnection;
  client: ClickHouseClient;
  /** Projects `ORDER_PACK` until there is nothing to do, as of `LATER` unless told otherwise. */
  project: (options?: Partial<ProjectorOptions>) => Promise<void>;
  close: () => Promise<void>;
}

/** An engine of its own that keeps minutes for ever. */
export async function openProjectedStore(): Promise<ProjectedStore> {
  const directory = mkdtempSync(join(tmpdir(), "throughline-projected-"));
  const engine = await startLocalEngine({ directory, memoryBytes: 2e9 });
  const { connection } = engine;
  await prepareStore(connection);
  const client = createWriter(connection);
  await client.command({ query: "ALTER TABLE leg_minutes REMOVE TTL" });
  return {
    connection,
    client,
    project: async (options = {}) => {
      const projector = await openProjector({ connection, pack: ORDER_PACK, now: () => LATER, ...options });
      while (await projector.advance());
      await projector.close();
    },
    close: async () => {
      await client.close();
      await engine.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
