import { join } from "node:path";
import { setPriority } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { type LocalEngine, startLocalEngine } from "@throughline/schemas/clickhouse/local-engine";
import { createWriter, prepareStore } from "@throughline/schemas/clickhouse/store";
import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { RECONCILER_PRIORITY } from "../../commands/supervise.ts";
import { type Child, startChild } from "../faults/child.ts";
import { type GatewayReady, gatewayReady } from "../faults/gateway-order.ts";
import type { BenchContext } from "./harness.ts";
import { type LoadOrder, loadResult } from "./load/order.ts";

const KEY = "bench-key-bench-key-bench-key-32";
const POLL_MS = 100;
const GIVE_UP_MS = 600_000;
const ENGINE_MEMORY_BYTES = 4 * 1024 ** 3;

/** Engine, gateway and load generator, each a process of its own. */
export interface BenchTower {
  engine: LocalEngine;
  client: ClickHouseClient;
  gateway: GatewayReady & { pid: number };
  /** A key that may send. */
  key: string;
  /** Sends and says what came of it. */
  load(order: Omit<LoadOrder, "url" | "key">): Promise<ReturnType<typeof loadResult.parse>>;
}

export async function startBenchTower(context: BenchContext): Promise<BenchTower> {
  const engine = await startLocalEngine({
    directory: join(context.directory, "engine"),
    memoryBytes: ENGINE_MEMORY_BYTES,
  });
  context.defer(() => engine.stop());
  await prepareStore(engine.connection);
  const client = createWriter(engine.connection);
  context.defer(() => client.close());
  const gateway = startChild(join(import.meta.dirname, "../faults/gateway-process.ts"), {
    directory: join(context.directory, "log"),
    port: 0,
    key: KEY,
    connection: engine.connection,
  });
  context.defer(() => gateway.kill());
  const ready = gatewayReady.parse(await gateway.next());
  return {
    engine,
    client,
    gateway: { ...ready, pid: gateway.process.pid ?? 0 },
    key: KEY,
    load: (order) => runLoad(context, { ...order, url: ready.url, key: KEY }),
  };
}

/** The projections of a tower, each a process of its own, by their ids. */
export interface BenchProjections {
  projector: number;
  /** Undefined where it was left out. */
  reconciler: number | undefined;
}

/** Starts the projections, both unless `--reconciler off`; none with `--projector off`. */
export async function startBenchProjections(
  context: BenchContext,
  engine: LocalEngine,
): Promise<BenchProjections | undefined> {
  if (context.options.get("projector") === "off") return undefined;
  const projector = await startBenchProjection(context, engine, "projector");
  if (context.options.get("reconciler") === "off") return { projector, reconciler: undefined };
  const reconciler = await startBenchProjection(context, engine, "reconciler");
  setPriority(reconciler, RECONCILER_PRIORITY);
  return { projector, reconciler };
}

async function startBenchProjection(context: BenchContext, engine: LocalEngine, role: "projector" | "reconciler") {
  const child = startChild(join(import.meta.dirname, "projector-process.ts"), {
    role,
    configDirectory: join(import.meta.dirname, "../../config"),
    connection: engine.connection,
  });
  context.defer(() => child.kill());
  await child.next();
  return child.process.pid ?? 0;
}

async function runLoad(context: BenchContext, order: LoadOrder) {
  const generator: Child = startChild(join(import.meta.dirname, "load/generator.ts"), order);
  context.defer(() => generator.kill());
  const result = loadResult.parse(await generator.next());
  await generator.kill();
  return result;
}

/** Rows of a log that the store has confirmed, and the position up to which it has. */
export async function readCommitted(client: ClickHouseClient) {
  const result = await client.query({
    query: "SELECT sum(events) AS events, sum(spans) AS spans, max(last_position) AS position FROM commits",
    format: "JSONEachRow",
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
  });
  const [row] = await result.json<{ events: number; spans: number; position: number }>();
  return row ?? { events: 0, spans: 0, position: 0 };
}

/** How many events the legs were evaluated of. */
export async function readProjected(client: ClickHouseClient): Promise<number> {
  const result = await client.query({
    query: "SELECT sum(accepted + duplicates + superseded + conflicts) AS events FROM source_activity",
    format: "JSONEachRow",
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
  });
  return (await result.json<{ events: number }>())[0]?.events ?? 0;
}

const reconcilerPlan = z.object({ cursors: z.record(z.string(), z.object({ nextPosition: z.number() })) });

/** How many events of the logs the reconciler has passed. */
export async function readReconciled(client: ClickHouseClient): Promise<number> {
  const result = await client.query({
    query: `SELECT body FROM projection_steps WHERE projector = 'reconciler' AND phase = 'commit' ORDER BY batch DESC LIMIT 1`,
    format: "JSONEachRow",
  });
  const [row] = await result.json<{ body: string }>();
  if (row === undefined) return 0;
  const { cursors } = reconcilerPlan.parse(JSON.parse(row.body));
  return Object.values(cursors).reduce((sum, { nextPosition }) => sum + nextPosition, 0);
}

/** Seconds until a condition holds; infinite when it does not within ten minutes. */
export async function waitUntil(holds: () => Promise<boolean>): Promise<number> {
  const startedAt = performance.now();
  while (!(await holds())) {
    if (performance.now() - startedAt > GIVE_UP_MS) return Number.POSITIVE_INFINITY;
    await delay(POLL_MS);
  }
  return (performance.now() - startedAt) / 1000;
}
