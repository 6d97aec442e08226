import { generateKeyPairSync } from "node:crypto";
import { findFreePort } from "@throughline/schemas/find-free-port";
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startApi } from "@throughline/api/start";
import { readEdgeConfig } from "@throughline/collector/edge/config/read-edge-config";
import { type Edge, startEdge } from "@throughline/collector/edge/run/start-edge";
import { type Gateway, startGateway } from "@throughline/collector/gateway/gateway";
import type { NewAccessKey } from "@throughline/schemas/access";
import { createKeyDirectory } from "@throughline/schemas/clickhouse/key-directory";
import { startLocalEngine } from "@throughline/schemas/clickhouse/local-engine";
import { createWriter, prepareStore } from "@throughline/schemas/clickhouse/store";
import { parseSigningKeys } from "@throughline/schemas/way-back/dsse";
import { pino } from "pino";
import { z } from "zod";
import { loadDocumentPack, loadPack } from "../../commands/pack-files.ts";
import { toWayBackParts } from "../../commands/way-back.ts";
import { ROOT } from "../repository/root.ts";

const EVERYTHING = { sites: "*", domains: "*" } as const;
const silent = pino({ level: "silent" });

export const HEAD = "item,site,location,lot,on_hand,unit,par,counted_at,expires_on,nurse";

/** A store, a gateway with the way back and an API over it, and edges that are started and stopped by tests. */
export async function startWayBackTower({ hasPages = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "throughline-way-back-"));
  const engine = await startLocalEngine({ directory: join(folder, "engine"), memoryBytes: 1_500_000_000 });
  await prepareStore(engine.connection);
  const client = createWriter(engine.connection);
  const keys = await createKeyDirectory({ writer: client });
  const pair = generateKeyPairSync("ed25519");
  writeFileSync(join(folder, "tower.pub"), pair.publicKey.export({ type: "spki", format: "pem" }));
  const signing = parseSigningKeys(pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString(), "private");
  const config = preparePack(folder);
  const pack = loadDocumentPack(config);
  const api = await startApi({
    host: "127.0.0.1",
    port: 0,
    connection: engine.connection,
    pack: loadPack(config),
    keys,
    logger: silent,
    ...(hasPages && { uiDirectory: join(ROOT, "ui/dist") }),
  });
  const createKey = async (input: Partial<NewAccessKey>) =>
    (await keys.create({ name: "test", roles: ["ingest"], scope: EVERYTHING, ...input }, "test")).text;
  const openGateway = (port: number): Promise<Gateway> =>
    startGateway({
      host: "127.0.0.1",
      port,
      directory: join(folder, "log"),
      connection: engine.connection,
      authenticate: (bearer) => keys.findPrincipal(bearer),
      logger: silent,
      limits: { lingerMs: 10 },
      wayBack: toWayBackParts(client, { keys: signing, pack }),
    });
  let gateway = await openGateway(await findFreePort());
  const call = createCall(api.url);
  return {
    folder,
    url: api.url,
    config,
    pack,
    port: gateway.port,
    call,
    approveAs: createApproval(call),
    orderAs: createOrdering(call),
    createKey,
    query: async <Row extends z.ZodType>(row: Row, sql: string) =>
      z.array(row).parse(await (await client.query({ query: sql, format: "JSONEachRow" })).json()),
    closeGateway: () => gateway.stop(),
    reopenGateway: async () => void (gateway = await openGateway(gateway.port)),
    stop: async () => {
      await gateway.stop();
      await api.close();
      keys.close();
      await client.close();
      await engine.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Calls the API, and throws when it refuses. */
function createCall(url: string) {
  return async (path: string, { key, body }: { key: string; body?: object }): Promise<unknown> => {
    const response = await fetch(`${url}/api/v1${path}`, {
      ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    });
    const answer: unknown = await response.json();
    if (response.status >= 300) throw new Error(`${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  };
}

/** Proposes a translation as one person, and approves it as another. */
function createApproval(call: ReturnType<typeof createCall>) {
  return async (decider: string, body: object, proposer: string): Promise<void> => {
    const { id, revision } = z
      .object({ id: z.string(), revision: z.number() })
      .parse(await call("/crosswalks", { key: proposer, body }));
    await call("/crosswalks/decisions", { key: decider, body: { verb: "approve", translations: [{ id, revision }] } });
  };
}

/** Asks for a replay as one person, and approves it as another. */
function createOrdering(call: ReturnType<typeof createCall>) {
  return async (decider: string, body: object, asker: string): Promise<void> => {
    const { id, revision } = z
      .object({ id: z.string(), revision: z.number() })
      .parse(await call("/edges/orders", { key: asker, body }));
    await call(`/edges/orders/${id}/approve`, { key: decider, body: { revision } });
  };
}

export type WayBackTower = Awaited<ReturnType<typeof startWayBackTower>>;

/** The shipped pack, in which an item that no crosswalk knows is a mapping failure. */
function preparePack(folder: string): string {
  const config = join(folder, "config");
  cpSync(join(ROOT, "config"), config, { recursive: true });
  const table = { name: "item", title: "Items", kind: "item", missing: "fail", entries: [{ from: "1", to: "1" }] };
  writeFileSync(join(config, "crosswalks", "item.yaml"), JSON.stringify(table));
  return config;
}

export interface EdgeOptions {
  name: string;
  key: string;
  /** Of the tower; another one is a false tower. */
  publicKeyFile?: string;
  raw?: boolean;
  gatewayPort?: number;
}

/** Writes the files of an edge that watches a folder, and returns its configuration's path. */
export async function writeEdge(tower: WayBackTower, options: EdgeOptions): Promise<string> {
  const { name, key, publicKeyFile = join(tower.folder, "tower.pub"), raw = false, gatewayPort } = options;
  const folder = join(tower.folder, name);
  mkdirSync(join(folder, "drop"), { recursive: true });
  writeFileSync(join(folder, "gateway.key"), key, { mode: 0o600 });
  writeFileSync(join(folder, "spool.key"), "a1".repeat(32), { mode: 0o600 });
  const from = { kind: "directory", path: "drop", every: "PT0.05S", stableFor: "PT0.05S", archive: "done" };
  const config = {
    gateway: { url: `http://127.0.0.1:${gatewayPort ?? tower.port}`, keyFile: "gateway.key" },
    pack: tower.config,
    spool: { directory: "spool", keyFile: "spool.key", maxBytes: 20_000_000 },
    listen: { port: await findFreePort() },
    wayBack: { name, site: name.toUpperCase(), publicKeyFile, every: "PT0.1S", stateEvery: "PT0.5S" },
    interfaces: [
      {
        id: "inventory",
        format: "csv",
        mappings: ["csv-inventory"],
        site: name.toUpperCase(),
        heartbeatEvery: "PT1S",
        ...(raw && { raw: { policy: "keep" } }),
        from,
      },
    ],
  };
  const file = join(folder, "edge.yaml");
  writeFileSync(file, JSON.stringify(config));
  return file;
}

export function startTestEdge(tower: WayBackTower, file: string, now: () => number = Date.now): Promise<Edge> {
  return startEdge({ config: readEdgeConfig(file), pack: tower.pack, release: "9.9.9", logger: silent, now });
}

/** Puts a file of counted items into the folder that an edge watches. */
export function dropInventory(
  tower: WayBackTower,
  edge: string,
  { file = "a.csv", items }: { file?: string; items: readonly string[] },
): void {
  const rows = items.map((item, at) => `${item},X,A-${at},L1,${at},EA,4,2026-11-20T02:00:00Z,2027-01-01,Jane Doe`);
  const folder = join(tower.folder, edge);
  writeFileSync(join(folder, `.${file}`), [HEAD, ...rows, ""].join("\n"));
  renameSync(join(folder, `.${file}`), join(folder, "drop", file));
}
