import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { findFreePort } from "@throughline/schemas/find-free-port";
import { DAY, HOUR } from "../demand.ts";
import type { TruthRow } from "../truth.ts";
import type { Fault } from "./agents/agent.ts";
import { conduct } from "./conduct.ts";
import { startOutbox } from "./outbox.ts";
import { listPlannedFaults } from "./planned-faults.ts";
import { parseScenario } from "./scenario.ts";
import { startNetworkEdge } from "./start-edge.ts";
import { type RunningSystem, startSystem } from "./start-system.ts";
import type { SystemOrder } from "./system-process.ts";
import { SYSTEMS } from "./systems.ts";

export interface NetworkOptions {
  gateway: { url: string; key: string };
  scenario: string;
  seed: number;
  /** How many hours of trade are told of; none of them lies in the future when it is told. */
  hours: number;
  /** How much faster than the real clock; null for as fast as can be. */
  speed: number | null;
  /** Unix milliseconds from which on it is told; without it, so that the last of it is told when it happens. */
  tellFrom?: number;
}

export interface Network {
  /** Resolves when every system has said all: how many things each said, and what was done to them. */
  done: Promise<{ said: Map<string, number>; truth: TruthRow[] }>;
  /** Whether the edge has brought all of it to the gateway. */
  isForwarded(): Promise<boolean>;
  stop(): Promise<void>;
}

const LEAD_DAYS = 3;
/** What is awaited from now on, in real time. */
const LONGEST_NAP_MS = 2 ** 30;

/** Starts an edge collector, a database with the outbox of the ERP, and each system of the network, each a process of its own. */
export async function startNetwork(options: NetworkOptions): Promise<Network> {
  const folder = mkdtempSync(join(tmpdir(), "throughline-network-"));
  const stopping = new AbortController();
  const outbox = await startOutbox();
  const ports = { mllp: await findFreePort(), hook: await findFreePort(), status: await findFreePort() };
  const secret = `whsec_${randomBytes(24).toString("base64")}`;
  const edge = await startNetworkEdge({ folder, gateway: options.gateway, ports, secret, outbox }).catch(
    async (error: unknown) => {
      await outbox?.stop();
      throw error;
    },
  );
  const startsAt = Date.now();
  const tellFrom = options.tellFrom ?? toBeginning(options, startsAt);
  const order: Omit<SystemOrder, "system"> = {
    scenario: options.scenario,
    seed: options.seed,
    from: Math.floor((tellFrom - LEAD_DAYS * DAY) / HOUR) * HOUR,
    tellFrom,
    place: {
      drop: join(folder, "drop"),
      mllpPort: ports.mllp,
      hook: { url: `http://127.0.0.1:${ports.hook}/procurement`, secret },
      gateway: options.gateway,
      edgeConfig: edge.config,
      outbox: outbox?.url ?? null,
      ports: { "procurement-saas": await findFreePort() },
    },
  };
  const starts = SYSTEMS.map(({ id }) =>
    startSystem({ ...order, system: id, place: { ...order.place, drop: join(folder, "drop", id) } }),
  );
  const awaitTime = async (at: number) => {
    if (options.speed === null || at < tellFrom) return;
    const waitMs = startsAt + (at - tellFrom) / options.speed - Date.now();
    if (waitMs > 0) await delay(Math.min(waitMs, LONGEST_NAP_MS), undefined, { signal: stopping.signal });
  };
  const until = tellFrom + options.hours * HOUR;
  const scenario = parseScenario({ path: options.scenario, text: readFileSync(options.scenario, "utf8") });
  const planned = listPlannedFaults(scenario, { from: order.from, until });
  const done = lead(starts, { until, awaitTime, signal: stopping.signal }, planned);
  return {
    done,
    isForwarded: () => edge.isForwarded(),
    stop: async () => {
      stopping.abort();
      for (const started of await Promise.allSettled(starts))
        if (started.status === "fulfilled") await started.value.stop();
      await done.catch(() => undefined);
      await edge.stop();
      await outbox?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function lead(
  starts: readonly Promise<RunningSystem>[],
  led: Parameters<typeof conduct>[1],
  planned: readonly Fault[],
): Promise<{ said: Map<string, number>; truth: TruthRow[] }> {
  const systems = await Promise.all(starts);
  const struck = await conduct(systems, led);
  const faults = [...planned, ...struck].toSorted((a, b) => a.onset.localeCompare(b.onset));
  const said = new Map<string, number>();
  for (const system of systems) said.set(system.id, await system.finish());
  return {
    said,
    truth: faults.map((fault, index) => ({ id: `fault-${String(index + 1).padStart(5, "0")}`, ...fault })),
  };
}

/** So that the last of it is told when it happens. */
function toBeginning({ hours, speed }: NetworkOptions, startsAt: number): number {
  return Math.round(startsAt - hours * HOUR * (1 - 1 / (speed ?? Infinity)));
}
