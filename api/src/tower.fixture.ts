import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NewAccessKey } from "@throughline/schemas/access";
import { createKeyDirectory } from "@throughline/schemas/clickhouse/key-directory";
import { startLocalEngine } from "@throughline/schemas/clickhouse/local-engine";
import { createWriter, prepareStore } from "@throughline/schemas/clickhouse/store";
import { flow, type Pack } from "@throughline/schemas/pack/flow";
import { NO_TOLERANCES } from "@throughline/schemas/pack/tolerance";
import { pino } from "pino";
import { type ApiOptions, startApi } from "./start.ts";

export const ADMINISTRATOR_TOKEN = "the-token-of-the-administrator-of-tests";

const ORDER_FLOW = flow.parse({
  id: "order",
  title: "Order to receipt",
  description: "An order line until it is received.",
  owner: "Procurement",
  domain: "procurement",
  criticality: "high",
  latencyClass: "event",
  anchor: "purchase_order_line",
  links: [
    { from: "purchase_order_line", to: "purchase_order" },
    { from: "purchase_order_line", to: "invoice" },
    { from: "invoice", to: "payment" },
  ],
  milestones: {
    issued: { title: "Sent", system: "eProcurement", events: [{ type: "procurement.purchase_order.issued" }] },
    received: { title: "Received", system: "ERP", events: [{ type: "erp.goods_receipt.posted" }] },
    paid: { title: "Paid", system: "ERP", events: [{ type: "erp.payment.cleared", where: { outcome: ["ok"] } }] },
  },
  legs: [
    {
      id: "receipt",
      title: "Sent to received",
      from: "issued",
      to: "received",
      targets: [{ within: "PT4H" }],
      response: "Call.",
    },
    {
      id: "payment",
      title: "Received to paid",
      from: "received",
      to: "paid",
      targets: [{ within: "PT24H" }],
      response: "Look.",
    },
  ],
});

export const TEST_PACK: Pack = {
  flows: new Map([[ORDER_FLOW.id, ORDER_FLOW]]),
  ruleVersions: new Map([[ORDER_FLOW.id, "v1"]]),
  objectTypes: [
    { type: "purchase_order_line", title: "Order line", qualifiedBy: [] },
    { type: "lot", title: "Lot", qualifiedBy: [] },
  ],
  calendars: new Map(),
  slos: [],
  interfaces: new Map(),
  tolerances: NO_TOLERANCES,
  units: [],
  sources: [
    { source: "/heard/*", watermark: "heartbeat", lag: "PT5M" },
    { source: "*", watermark: "arrival", lag: "PT5M" },
  ],
};

/** A tower of an engine, a store and a listening API, with nothing in it. */
export async function startTower(options: Partial<Pick<ApiOptions, "now" | "pack" | "uiDirectory">> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "throughline-api-"));
  const engine = await startLocalEngine({ directory: folder, memoryBytes: 1_500_000_000 });
  await prepareStore(engine.connection);
  const writer = createWriter(engine.connection);
  const keys = await createKeyDirectory({ writer, administratorToken: ADMINISTRATOR_TOKEN });
  const logged: unknown[] = [];
  const logger = pino({ level: "warn" }, { write: (line) => void logged.push(JSON.parse(line)) });
  const api = await startApi({
    host: "127.0.0.1",
    port: 0,
    connection: engine.connection,
    pack: TEST_PACK,
    keys,
    logger,
    ...options,
  });
  const insert = async (table: string, rows: readonly object[]) => {
    const clickhouse_settings = { date_time_input_format: "best_effort" } as const;
    if (rows.length > 0) await writer.insert({ table, values: rows, format: "JSONEachRow", clickhouse_settings });
  };
  const request = (path: string, init: RequestInit & { key?: string | undefined } = {}) => {
    const { key = ADMINISTRATOR_TOKEN, ...rest } = init;
    const url = path.startsWith("/api/") || path.startsWith("/metrics") ? path : `/api/v1${path}`;
    return fetch(api.url + url, {
      ...rest,
      headers: { ...(key !== "" && { authorization: `Bearer ${key}` }), ...Object(rest.headers) },
    });
  };
  return {
    api,
    engine,
    writer,
    keys,
    logged,
    insert,
    request,
    /** The JSON of an answer that has to be 200. */
    get: async (path: string, key?: string) => {
      const response = await request(path, { key });
      const body: unknown = await response.json();
      if (response.status !== 200)
        throw new Error(`${path}: ${response.status} ${JSON.stringify(response.status < 500 ? body : logged.at(-1))}`);
      return body;
    },
    createKey: async (input: Partial<NewAccessKey>) => {
      const all = { sites: "*", domains: "*" } as const;
      const { text } = await keys.create({ name: "test", roles: ["viewer"], scope: all, ...input }, "test");
      return text;
    },
    close: async () => {
      await api.close();
      keys.close();
      await writer.close();
      await engine.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

export type Tower = Awaited<ReturnType<typeof startTower>>;
