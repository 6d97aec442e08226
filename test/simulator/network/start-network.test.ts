import { join } from "node:path";
import { interfaceSummary } from "@throughline/api/contract/interface";
import { startApi } from "@throughline/api/start";
import { startTestGateway, type TestGateway } from "@throughline/collector/gateway/gateway.fixture";
import { createKeyDirectory } from "@throughline/schemas/clickhouse/key-directory";
import { createWriter } from "@throughline/schemas/clickhouse/store";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { loadPack } from "../../../commands/pack-files.ts";
import { SHIPPED } from "./load-network-pack.ts";
import { type Network, startNetwork } from "./start-network.ts";
import { SYSTEMS } from "./systems.ts";

const SCENARIO = join(import.meta.dirname, "../scenarios/broken-ways.yaml");
const TELL_FROM = Date.parse("2026-03-19T12:00:00Z");
const TIMEOUT = { timeout: 120_000, interval: 200 };
const TOKEN = "the-token-of-the-administrator-of-networks";

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
  network = await startNetwork({ gateway, scenario: SCENARIO, seed: 4, hours: 30, speed: null, tellFrom: TELL_FROM });
  const { said, truth } = await network.done;
  expect([...said.keys()]).toEqual(SYSTEMS.map(({ id }) => id));
  expect([...said].filter(([, count]) => count === 0)).toEqual([]);
  expect(new Set(truth.map(({ kind }) => kind))).toEqual(
    new Set(["lost", "doubled", "out-of-order", "corrupted", "outage"]),
  );
  await expect.poll(() => network?.isForwarded(), TIMEOUT).toBe(true);
  const rows = await tower.query<{ type: string; source: string }>(
    "SELECT DISTINCT type, extract(source, '^/[a-z0-9]+') AS source FROM events",
  );
  const heard = new Set(rows.map(({ type, source }) => `${source} ${type}`));
  expect([...EXPECTED].filter((pair) => !heard.has(pair))).toEqual([]);
});

test("what came twice is there twice with the same identity, and nothing else is", async () => {
  const [row] = await tower.query<{ copies: string; identities: string }>(
    "SELECT count() AS copies, uniqExact(source, id) AS identities FROM events WHERE type NOT LIKE 'throughline.%'",
  );
  expect(Number(row?.copies)).toBeGreaterThan(Number(row?.identities));
});

test("the interface catalogue shows that eProcurement asked to wait", { timeout: 60_000 }, async () => {
  const { connection } = tower.engine;
  const keys = await createKeyDirectory({ writer: createWriter(connection), administratorToken: TOKEN });
  const api = await startApi({
    host: "127.0.0.1",
    port: 0,
    connection,
    logger: pino({ level: "silent" }),
    pack: loadPack(SHIPPED),
    keys,
  });
  try {
    const readFindings = async () => {
      const response = await fetch(`${api.url}/api/v1/interfaces?limit=1000`, {
        headers: { authorization: `Bearer ${TOKEN}` },
      });
      const { items } = z.object({ items: z.array(interfaceSummary) }).parse(await response.json());
      return items.find(({ id }) => id === "cabinet-below-par")?.findings.map(({ kind }) => kind);
    };
    await expect.poll(readFindings, TIMEOUT).toContain("throttled");
  } finally {
    await api.close();
    keys.close();
  }
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
  "/erp erp.invoice.posted",
  "/erp erp.journal_entry.posted",
  "/jobs operations.job.finished",
];
