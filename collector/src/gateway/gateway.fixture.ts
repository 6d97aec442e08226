import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ADMINISTRATOR, type Principal } from "@throughline/schemas/access";
import type { ClickHouseClient } from "@clickhouse/client";
import { type LocalEngine, startLocalEngine } from "@throughline/schemas/clickhouse/local-engine";
import { createWriter, prepareStore } from "@throughline/schemas/clickhouse/store";
import { pino } from "pino";
import { expect } from "vitest";
import { type Gateway, type GatewayOptions, startGateway } from "./gateway.ts";

const EVERYTHING: Principal["scope"] = { sites: "*", domains: "*" };

/** Who sends with which key. */
const SENDERS: Record<string, Principal> = {
  admin: ADMINISTRATOR,
  ingest: { id: "k1", name: "Interface engine", roles: ["ingest"], scope: EVERYTHING },
  viewer: { id: "k2", name: "Viewer", roles: ["viewer"], scope: EVERYTHING },
  north: { id: "k3", name: "North", roles: ["ingest"], scope: { sites: ["north"], domains: ["erp"] } },
};

type Body = string | Uint8Array<ArrayBuffer>;

export interface TestGateway {
  gateway: Gateway;
  engine: LocalEngine;
  client: ClickHouseClient;
  directory: string;
  send(path: string, body: Body, headers?: Record<string, string>): Promise<Response>;
  /** Rows of a query about this gateway's log, when the store has all that is acknowledged. */
  query<T>(sql: string): Promise<T[]>;
  stop(): Promise<void>;
}

export const silent = pino({ level: "silent" });

/** A gateway over a real engine of its own. */
export async function startTestGateway(options: Partial<GatewayOptions> = {}): Promise<TestGateway> {
  const directory = mkdtempSync(join(tmpdir(), "throughline-gateway-"));
  const engine = await startLocalEngine({ directory: join(directory, "engine"), memoryBytes: 2_000_000_000 });
  await prepareStore(engine.connection);
  const client = createWriter(engine.connection);
  const gateway = await startGateway({
    host: "127.0.0.1",
    port: 0,
    directory: join(directory, "log"),
    connection: engine.connection,
    authenticate: async (bearer) => SENDERS[bearer],
    logger: silent,
    ...options,
    limits: { lingerMs: 10, ...options.limits },
  });
  return {
    gateway,
    engine,
    client,
    directory,
    send: (path, body, headers = {}) => send(gateway, path, { body, headers }),
    query: async <T>(sql: string) => {
      await expect.poll(() => readOldestUnwritten(gateway), { timeout: 10_000, interval: 20 }).toBe(0);
      const clickhouse_settings = { output_format_json_quote_64bit_integers: 0 as const };
      return (await client.query({ query: sql, format: "JSONEachRow", clickhouse_settings })).json<T>();
    },
    stop: async () => {
      await gateway.stop();
      await client.close();
      await engine.stop();
      rmSync(directory, { recursive: true });
    },
  };
}

export async function send(gateway: Gateway, path: string, request: { body: Body; headers?: Record<string, string> }) {
  return fetch(`${gateway.url}${path}`, {
    method: "POST",
    body: request.body,
    headers: { authorization: "Bearer ingest", "content-type": "application/json", ...request.headers },
  });
}

async function readOldestUnwritten(gateway: Gateway): Promise<number> {
  const response = await fetch(`${gateway.url}/metrics`);
  return Number(/^throughline_gateway_oldest_unwritten_seconds (\S+)$/m.exec(await response.text())?.[1]);
}

export const EVENT = { specversion: "1.0", id: "1", source: "urn:erp", type: "erp.goods_receipt.posted" };
