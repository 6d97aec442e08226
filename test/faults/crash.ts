import { join } from "node:path";
import { findFreePort } from "@throughline/schemas/find-free-port";
import { setTimeout as delay } from "node:timers/promises";
import { type LocalEngine, startLocalEngine } from "@throughline/schemas/clickhouse/local-engine";
import { createWriter, prepareStore } from "@throughline/schemas/clickhouse/store";
import { createRandom } from "../bench/load/business-events.ts";
import { type Child, startChild } from "./child.ts";
import { type GatewayOrder, type GatewayReady, gatewayReady } from "./gateway-order.ts";
import { loadReport } from "./load-order.ts";
import { type Check, verifyStore } from "./verify.ts";

export interface CrashOptions {
  /** A folder of its own. */
  directory: string;
  kills: number;
  /** The same seed kills the same processes after the same pauses. */
  seed: number;
  say: (line: string) => void;
}

const KEY = "faults-key-faults-key-faults-key";
const SHORTEST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 900;
const SHARE_OF_CALM = 0.6;
const BATCH_TIMEOUT_MS = 10_000;
const START_TIMEOUT_MS = 60_000;
const DRAIN_TIMEOUT_MS = 120_000;
const GATEWAY = join(import.meta.dirname, "gateway-process.ts");
const LOAD = join(import.meta.dirname, "load-process.ts");

/**
 * Kills the gateway and the engine with SIGKILL at random moments under load, lets them come back, and compares in the end
 * what was acknowledged with what is stored.
 */
export async function runCrashCampaign(options: CrashOptions): Promise<Check[]> {
  const { directory, say } = options;
  const engine = await startLocalEngine({
    directory: join(directory, "engine"),
    memoryBytes: 3_000_000_000,
    maxBackoffMs: 250,
  });
  const client = createWriter(engine.connection);
  const processes: Child[] = [];
  try {
    await prepareStore(engine.connection);
    const order = {
      directory: join(directory, "log"),
      port: await findFreePort(),
      key: KEY,
      connection: engine.connection,
    };
    const gateway = await startGatewayChild(order);
    processes.push(gateway.child);
    const load = startChild(LOAD, { url: gateway.ready.url, key: KEY, connections: 3, batch: 50 });
    processes.push(load);
    const checks = await killAgainAndAgain({ ...options, engine, gateway, order, processes });
    await delay(LONGEST_PAUSE_MS);
    load.send({ stop: true });
    const report = loadReport.parse(await load.next());
    say(`${report.unanswered} requests were not answered; waiting until the store has all that was`);
    await waitForDrain(gateway.ready.url);
    return [...checks, ...(await verifyStore(client, report))];
  } finally {
    for (const child of processes) await child.kill();
    await client.close();
    await engine.stop();
  }
}

interface Campaign extends CrashOptions {
  engine: LocalEngine;
  gateway: RunningGateway;
  order: GatewayOrder;
  processes: Child[];
}

/** One check for each kill: that what was killed came back. */
async function killAgainAndAgain({ kills, seed, say, engine, gateway, order, processes }: Campaign): Promise<Check[]> {
  const random = createRandom(seed);
  const toShare = () => random() / 2 ** 32;
  const checks: Check[] = [];
  const { url } = gateway.ready;
  let running = gateway;
  for (let kill = 1; kill <= kills; kill++) {
    const pauseMs = Math.round(SHORTEST_PAUSE_MS + toShare() * (LONGEST_PAUSE_MS - SHORTEST_PAUSE_MS));
    await delay(pauseMs);
    const choice = Math.floor(toShare() * 5);
    const victims = choice === 4 ? ["engine", "gateway"] : [choice < 2 ? "gateway" : "engine"];
    const startedAt = performance.now();
    if (victims.includes("engine")) killEngine(engine);
    if (victims.includes("gateway")) {
      await running.child.kill();
      running = await startGatewayChild({ ...order, port: gateway.ready.port });
      processes.push(running.child);
    }
    const isBack = await waitFor(() => isAnswering(`${engine.connection.url}/ping`), START_TIMEOUT_MS);
    const name = `kill ${kill}: ${victims.join(" and ")} after ${pauseMs} ms, back after ${Math.round(performance.now() - startedAt)} ms`;
    checks.push({ name, finding: isBack ? "" : "the engine did not come back" });
    say(name);
    if (toShare() < SHARE_OF_CALM) await waitForBatch(url);
  }
  return checks;
}

function killEngine(engine: LocalEngine) {
  const pid = engine.pid();
  if (pid !== undefined) process.kill(pid, "SIGKILL");
}

interface RunningGateway {
  child: Child;
  ready: GatewayReady;
}

async function startGatewayChild(order: GatewayOrder): Promise<RunningGateway> {
  const child = startChild(GATEWAY, order);
  return { child, ready: gatewayReady.parse(await child.next()) };
}

/** Waits until a batch came into the store, so that some kills hit a system at work and others one that recovers. */
async function waitForBatch(url: string) {
  const read = async () => Number(/_batches_total (\d+)/.exec(await readMetrics(url))?.[1] ?? 0);
  const before = await read();
  await waitFor(async () => (await read()) > before, BATCH_TIMEOUT_MS);
}

async function readMetrics(url: string): Promise<string> {
  const response = await fetch(`${url}/metrics`).catch(() => undefined);
  return (await response?.text()) ?? "";
}

async function waitForDrain(url: string) {
  const isDrained = await waitFor(
    async () => /^throughline_gateway_oldest_unwritten_seconds 0$/m.test(await readMetrics(url)),
    DRAIN_TIMEOUT_MS,
  );
  if (!isDrained) throw new Error("The store did not take everything in time");
}

async function waitFor(holds: () => Promise<boolean>, timeoutMs: number): Promise<boolean> {
  const until = performance.now() + timeoutMs;
  while (performance.now() < until) {
    if (await holds()) return true;
    await delay(20);
  }
  return false;
}

async function isAnswering(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(1000) })).ok;
  } catch {
    return false;
  }
}
