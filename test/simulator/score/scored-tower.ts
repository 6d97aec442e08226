import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { ClickHouseClient } from "@clickhouse/client";
import type { SteppedProjector } from "@throughline/api/projections/engine/keep-up";
import { openProjector } from "@throughline/api/projections/projector";
import { openReconciler } from "@throughline/api/projections/reconciler";
import { startApi } from "@throughline/api/start";
import { startGateway } from "@throughline/collector/gateway/gateway";
import { createKeyDirectory } from "@throughline/schemas/clickhouse/key-directory";
import { startLocalEngine } from "@throughline/schemas/clickhouse/local-engine";
import { listMigrations, type Migration } from "@throughline/schemas/clickhouse/migrate";
import { createWriter, prepareStore } from "@throughline/schemas/clickhouse/store";
import { AppError } from "@throughline/schemas/error";
import type { Pack } from "@throughline/schemas/pack/flow";
import { pino } from "pino";
import { z } from "zod";
import { createGatewayClient, type GatewayClient } from "../gateway-client.ts";

const TOKEN = "the-token-of-the-administrator-of-scores";
const COMMITTED_WITHIN_MS = 180_000;
const POLL_MS = 4;
/** Long enough that what several requests bring is written together, and short enough to be waited for. */
const LINGER_MS = 60;
const page = z.object({ items: z.array(z.unknown()), nextCursor: z.string().nullable() });

/** A whole tower that lives by a clock of its own: what it is told of a day is evaluated on that day. */
export interface ScoredTower {
  client: GatewayClient;
  setTime(now: number): void;
  /** Evaluates what was sent, `events` and `refused` in all since the start, and what has fallen due by the time that was set. */
  evaluate(sent: { events: number; refused: number }): Promise<void>;
  /** All items of a list of the API, by its pages. */
  list(path: string): Promise<unknown[]>;
  get(path: string): Promise<unknown>;
  close(): Promise<void>;
}

/** Starts engine, gateway, projectors and API, empty. */
export async function startScoredTower(pack: Pack, startsAt: number): Promise<ScoredTower> {
  let time = startsAt;
  const now = () => time;
  const folder = mkdtempSync(join(tmpdir(), "throughline-score-"));
  const engine = await startLocalEngine({ directory: join(folder, "engine"), memoryBytes: 1_500_000_000 });
  const { connection } = engine;
  await prepareStore(connection, listMigrations().map(toUnsynced));
  const writer = createWriter(connection);
  const keys = await createKeyDirectory({ writer, administratorToken: TOKEN });
  const logger = pino({ level: "silent" });
  const place = { host: "127.0.0.1", port: 0, connection, logger };
  const gateway = await startGateway({
    ...place,
    directory: join(folder, "gateway"),
    authenticate: (bearer) => keys.findPrincipal(bearer),
    limits: { lingerMs: LINGER_MS },
    now,
  });
  const projectors = [await openProjector({ connection, pack, now }), await openReconciler({ connection, pack, now })];
  const api = await startApi({ ...place, pack, keys, now });
  const get = (path: string) => readJson(`${api.url}/api/v1${path}`);
  return {
    client: createGatewayClient({ gatewayUrl: gateway.url, key: TOKEN, signal: new AbortController().signal }),
    setTime: (to) => {
      time = to;
    },
    evaluate: async ({ events, refused }) => {
      await waitForCommits(writer, events + refused);
      await Promise.all(projectors.map(keepUp));
    },
    get,
    list: async (path) => {
      const items: unknown[] = [];
      for (let cursor: string | null = ""; cursor !== null;) {
        const next: z.infer<typeof page> = page.parse(
          await get(
            `${path}${path.includes("?") ? "&" : "?"}limit=1000${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
          ),
        );
        items.push(...next.items);
        cursor = next.nextCursor;
      }
      return items;
    },
    close: async () => {
      await api.close();
      for (const projector of projectors) await projector.close();
      await gateway.stop();
      keys.close();
      await writer.close();
      await engine.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The same tables without a sync of each insert: this store need not survive its machine. */
function toUnsynced(migration: Migration): Migration {
  return { ...migration, sql: migration.sql.replaceAll("{{durable}}", "non_replicated_deduplication_window = 1000") };
}

async function keepUp({ advance }: SteppedProjector): Promise<void> {
  while (await advance());
}

async function waitForCommits(writer: ClickHouseClient, count: number): Promise<void> {
  const endsAt = Date.now() + COMMITTED_WITHIN_MS;
  for (;;) {
    const found = await writer.query({ query: "SELECT sum(events + quarantined) AS n FROM commits", format: "JSON" });
    const { data } = z.object({ data: z.array(z.object({ n: z.coerce.number() })) }).parse(await found.json());
    if ((data[0]?.n ?? 0) >= count) return;
    if (Date.now() > endsAt) throw new AppError("unavailable", "The gateway did not write in time what it had taken.");
    await delay(POLL_MS);
  }
}

async function readJson(url: string): Promise<unknown> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${TOKEN}` } });
  if (!response.ok) throw new AppError("internal", `${url} answered ${response.status}: ${await response.text()}`);
  return response.json();
}
