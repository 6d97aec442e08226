import { type ChildProcess, spawn } from "node:child_process";
import { findFreePort } from "@throughline/schemas/find-free-port";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "@throughline/schemas/error";
import { z } from "zod";
import { DAY, HOUR } from "../demand.ts";
import { EDGE_PACK, SHIPPED } from "./load-network-pack.ts";
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
}

export interface Network {
  /** Resolves when every system has said all, with how many things each said. */
  done: Promise<Map<string, number>>;
  /** Whether the edge has brought all of it to the gateway. */
  isForwarded(): Promise<boolean>;
  stop(): Promise<void>;
}

const ROOT = join(import.meta.dirname, "../../..");
const LEAD_DAYS = 3;

/** Starts an edge collector and each system of the network, each a process of its own. */
export async function startNetwork(options: NetworkOptions): Promise<Network> {
  const folder = mkdtempSync(join(tmpdir(), "throughline-network-"));
  const ports = { mllp: await findFreePort(), hook: await findFreePort(), status: await findFreePort() };
  const secret = `whsec_${randomBytes(24).toString("base64")}`;
  const edgeConfig = writeEdge(folder, { options, ports, secret });
  const edge = spawn(process.execPath, [join(ROOT, "commands/collector.ts"), "run", "--config", edgeConfig], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  await Promise.race([once(edge.stdout, "data"), failWhenEnded(edge, "The edge")]);
  const startsAt = Date.now();
  const tellFrom = options.speed === null ? startsAt - options.hours * HOUR : toBeginning(options, startsAt);
  const children = SYSTEMS.map(({ id }) => {
    const order: SystemOrder = {
      system: id,
      scenario: options.scenario,
      seed: options.seed,
      from: Math.floor((tellFrom - LEAD_DAYS * DAY) / HOUR) * HOUR,
      tellFrom,
      tellUntil: tellFrom + options.hours * HOUR,
      startsAt,
      speed: options.speed,
      place: {
        drop: join(folder, "drop", id),
        mllpPort: ports.mllp,
        hook: { url: `http://127.0.0.1:${ports.hook}/procurement`, secret },
        gateway: options.gateway,
        edgeConfig,
      },
    };
    const args = [join(ROOT, "test/simulator/network/system-process.ts"), JSON.stringify(order)];
    return { id, child: spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] }) };
  });
  const done = Promise.all(children.map(async ({ id, child }) => [id, await readSaid(id, child)] as const));
  return {
    done: done.then((said) => new Map(said)),
    isForwarded: () => isForwarded(ports.status, folder),
    stop: async () => {
      await Promise.all([edge, ...children.map(({ child }) => child)].map(end));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** So that the last of it is told when it happens. */
function toBeginning({ hours, speed }: NetworkOptions, startsAt: number): number {
  return Math.round(startsAt - hours * HOUR * (1 - 1 / (speed ?? 1)));
}

function writeEdge(
  folder: string,
  {
    options,
    ports,
    secret,
  }: { options: NetworkOptions; ports: Record<"mllp" | "hook" | "status", number>; secret: string },
): string {
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text, { mode: 0o600 });
  write("gateway.key", `${options.gateway.key}\n`);
  write("spool.key", randomBytes(32).toString("hex"));
  write("tokens.key", randomBytes(32).toString("hex"));
  write("hook.secret", `${secret}\n`);
  for (const { id, protocol } of SYSTEMS)
    if (protocol === "directory") mkdirSync(join(folder, "drop", id), { recursive: true });
  mkdirSync(join(folder, "jobs"));
  for (const kind of ["documents", "crosswalks"])
    cpSync(join(SHIPPED, kind), join(folder, "pack", kind), { recursive: true });
  cpSync(join(EDGE_PACK, "documents"), join(folder, "pack/documents"), { recursive: true });
  write("edge.yaml", describeEdge(options.gateway.url, ports));
  return join(folder, "edge.yaml");
}

function describeEdge(gateway: string, ports: Record<"mllp" | "hook" | "status", number>): string {
  const drop = (id: string, pattern: string) =>
    `{ kind: directory, path: drop/${id}, pattern: "${pattern}", every: PT0.2S, stableFor: PT0.1S, archive: done/${id} }`;
  return `gateway: { url: "${gateway}", keyFile: gateway.key }
pack: pack
spool: { directory: spool, keyFile: spool.key, maxBytes: 200000000 }
redaction: { keyFile: tokens.key, version: k1 }
jobs: { directory: jobs }
listen: { port: ${ports.status} }
interfaces:
  - { id: cabinets, format: hl7v2, from: { kind: mllp, port: ${ports.mllp} } }
  - { id: requisitions, format: json, mappings: [json-procurement], from: { kind: webhook, port: ${ports.hook}, path: /procurement, secretFile: hook.secret } }
  - { id: orders, format: x12, from: ${drop("procurement", "*.edi")} }
  - { id: suppliers, format: x12, from: ${drop("suppliers", "*.edi")} }
  - { id: dock, format: epcis, from: ${drop("dock", "*.epcis.json")} }
  - { id: receipts, format: idoc, from: ${drop("erp", "*.idoc.xml")} }
  - { id: postings, format: json, mappings: [json-posting], from: ${drop("erp", "*.posting.json")} }
`;
}

const statusPage = z.object({
  spool: z.object({ waitingEntries: z.number() }),
  interfaces: z.array(z.object({ failure: z.string().optional() })),
});

async function isForwarded(port: number, folder: string): Promise<boolean> {
  const waiting = ["drop", "jobs"].some((name) =>
    readdirSync(join(folder, name), { recursive: true, withFileTypes: true }).some((entry) => entry.isFile()),
  );
  const response = await fetch(`http://127.0.0.1:${port}/status`);
  const { spool } = statusPage.parse(await response.json());
  return !waiting && spool.waitingEntries === 0;
}

/** How many things a system said, as it tells at its end; throws what it complained of when it failed. */
async function readSaid(id: string, child: ChildProcess): Promise<number> {
  const texts = { stdout: "", stderr: "" };
  child.stdout?.on("data", (chunk: Buffer) => (texts.stdout += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (texts.stderr += chunk.toString()));
  const [code] = await once(child, "close");
  if (code !== 0)
    throw new AppError("unavailable", `The system ${id} ended with ${String(code)}: ${texts.stderr.slice(0, 2000)}`);
  return Number(texts.stdout);
}

async function failWhenEnded(child: ChildProcess, name: string): Promise<never> {
  await once(child, "exit");
  throw new AppError("unavailable", `${name} ended before it was ready.`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}
