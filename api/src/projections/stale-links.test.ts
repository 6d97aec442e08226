import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import { type LocalEngine, startLocalEngine } from "@throughline/schemas/clickhouse/local-engine";
import { createWriter, prepareStore } from "@throughline/schemas/clickhouse/store";
import type { Pack } from "@throughline/schemas/pack/flow";
import { NO_TOLERANCES } from "@throughline/schemas/pack/tolerance";
import { afterAll, beforeAll, expect, it } from "vitest";
import { listCurrentLegs } from "./engine/leg-store.ts";
import { at, createFact, orderFlow, orderModel, received } from "./legs/order-flow.fixture.ts";
import { openProjector } from "./projector.ts";
import { storeBatch } from "./stored-facts.fixture.ts";

const pack: Pack = {
  flows: new Map([["order", orderFlow]]),
  ruleVersions: new Map([["order", "v1"]]),
  objectTypes: [],
  calendars: new Map(),
  slos: [],
  interfaces: new Map(),
  tolerances: NO_TOLERANCES,
  units: [],
  sources: [{ source: "erp", watermark: "arrival", lag: "PT0S" }],
};
const directory = mkdtempSync(join(tmpdir(), "throughline-links-"));
let engine: LocalEngine;
let client: ClickHouseClient;

beforeAll(async () => {
  engine = await startLocalEngine({ directory, memoryBytes: 2e9 });
  await prepareStore(engine.connection);
  client = createWriter(engine.connection);
});
afterAll(async () => {
  await client.close();
  await engine.stop();
  rmSync(directory, { recursive: true, force: true });
});

it.each([{ isRestarted: false }, { isRestarted: true }])(
  "follows no link that only a superseded statement declared (restarted: $isRestarted)",
  async ({ isRestarted }) => {
    const name = (text: string) => `${text}-${isRestarted}`;
    const line = (id: string) => ({ type: "purchase_order_line", id: name(id) });
    const shipment = (id: string) => ({ type: "shipment", id: name(id) });
    const sent = { type: "supplier.shipment.sent", id: name("asn"), time: at("09:00") };
    const wrong = createFact({ ...sent, objects: [line("wrong"), shipment("s1")] });
    const right = createFact({ ...sent, revision: 1, objects: [line("right"), shipment("s2")] });
    const receipt = received(at("12:00"), "10", { objects: [shipment("s1")] });
    const log = name("log");
    const open = () => openProjector({ connection: engine.connection, pack, now: () => at("13:00") });
    let projector = await open();
    for (const [index, fact] of [wrong, right, receipt].entries()) {
      await storeBatch(client, [fact], { log, batch: index + 1, first: index + 1 });
      while (await projector.advance());
      if (!isRestarted) continue;
      await projector.close();
      projector = await open();
    }
    await projector.close();
    const instanceIds = [name("wrong"), name("right")];
    const legs = await listCurrentLegs(client, orderModel, { instanceIds, before: Number.MAX_SAFE_INTEGER });
    expect(legs.map(({ leg, instanceId }) => `${instanceId} ${leg}`)).toEqual([`${name("right")} shipment`]);
  },
);
