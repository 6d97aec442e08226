import { join } from "node:path";
import { startTestGateway, type TestGateway } from "@throughline/collector/gateway/gateway.fixture";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Network, startNetwork } from "./start-network.ts";
import { SYSTEMS } from "./systems.ts";

const SCENARIO = join(import.meta.dirname, "../scenarios/quiet.yaml");
const TIMEOUT = { timeout: 120_000, interval: 200 };

let tower: TestGateway;
let network: Network | undefined;

beforeAll(async () => {
  tower = await startTestGateway();
}, 60_000);
afterAll(async () => {
  await network?.stop();
  await tower.stop();
}, 60_000);

test("systems in processes of their own reach the gateway by their own protocols", { timeout: 240_000 }, async () => {
  const gateway = { url: tower.gateway.url, key: "ingest" };
  network = await startNetwork({ gateway, scenario: SCENARIO, seed: 4, hours: 30, speed: null });
  const said = await network.done;
  expect([...said.keys()].toSorted()).toEqual(SYSTEMS.map(({ id }) => id).toSorted());
  expect([...said].filter(([, count]) => count === 0)).toEqual([]);
  await expect.poll(() => network?.isForwarded(), TIMEOUT).toBe(true);
  const rows = await tower.query<{ type: string; source: string }>(
    "SELECT DISTINCT type, extract(source, '^/[a-z0-9]+') AS source FROM events",
  );
  const heard = new Set(rows.map(({ type, source }) => `${source} ${type}`));
  expect([...EXPECTED].filter((pair) => !heard.has(pair))).toEqual([]);
});

/** One of each protocol at least, with the source that it speaks for. */
const EXPECTED = [
  "/hl7 pharmacy.dispense.recorded",
  "/cabinet pharmacy.stock.decremented",
  "/cabinet pharmacy.stock.below_par",
  "/procurement procurement.requisition.created",
  "/edi procurement.purchase_order.issued",
  "/edi supplier.message.accepted",
  "/edi supplier.purchase_order.acknowledged",
  "/edi supplier.shipment.notified",
  "/edi erp.invoice.received",
  "/epcis receiving.shipment.arrived",
  "/idoc erp.goods_receipt.posted",
  "/erp erp.stock_movement.valued",
  "/jobs operations.job.finished",
];
