import { join } from "node:path";
import { type RunningApi, startApi } from "@throughline/api/start";
import { createKeyDirectory } from "@throughline/schemas/clickhouse/key-directory";
import { createWriter, type StoreConnection } from "@throughline/schemas/clickhouse/store";
import { pino } from "pino";
import { loadPack } from "../../commands/pack-files.ts";
import type { BenchContext } from "./harness.ts";

const ADMINISTRATOR_TOKEN = "bench-administrator-bench-administrator";

/** An API over a store, and how to ask it. */
export interface BenchApi {
  api: RunningApi;
  /** The parsed answer to a GET below `/api/v1`. Throws on any status but 200. */
  get: (path: string) => Promise<unknown>;
}

export async function startBenchApi(context: BenchContext, connection: StoreConnection): Promise<BenchApi> {
  const writer = createWriter(connection);
  context.defer(() => writer.close());
  const keys = await createKeyDirectory({ writer, administratorToken: ADMINISTRATOR_TOKEN });
  context.defer(() => keys.close());
  const api = await startApi({
    host: "127.0.0.1",
    port: 0,
    connection,
    pack: loadPack(join(import.meta.dirname, "../../config")),
    keys,
    logger: pino({ level: "warn" }, pino.destination(2)),
  });
  context.defer(() => api.close());
  return {
    api,
    get: async (path) => {
      const response = await fetch(`${api.url}/api/v1${path}`, {
        headers: { authorization: `Bearer ${ADMINISTRATOR_TOKEN}` },
      });
      const body: unknown = await response.json();
      if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(body)}`);
      return body;
    },
  };
}
