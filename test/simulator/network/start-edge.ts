import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { cpSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "@throughline/schemas/error";
import { z } from "zod";
import { EDGE_PACK, SHIPPED } from "./load-network-pack.ts";
import type { NetworkOutbox } from "./outbox.ts";
import { SYSTEMS } from "./systems.ts";

export interface EdgeOptions {
  folder: string;
  gateway: { url: string; key: string };
  ports: Record<"mllp" | "hook" | "status", number>;
  /** Of webhooks. */
  secret: string;
  outbox: NetworkOutbox | undefined;
}

/** The edge collector of the network, as a process of its own. */
export interface NetworkEdge {
  config: string;
  /** Whether it has brought to the gateway all that was left for it. */
  isForwarded(): Promise<boolean>;
  stop(): Promise<void>;
}

const ROOT = join(import.meta.dirname, "../../..");
const statusPage = z.object({
  spool: z.object({ waitingEntries: z.number() }),
  interfaces: z.array(z.object({ id: z.string(), counts: z.object({ documents: z.number() }) })),
});

/** Configures an edge collector for what the systems speak, starts it, and waits until it reads. */
export async function startNetworkEdge(options: EdgeOptions): Promise<NetworkEdge> {
  const { folder, ports, outbox } = options;
  const config = writeEdge(options);
  const child = spawn(process.execPath, [join(ROOT, "commands/collector.ts"), "run", "--config", config], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  await Promise.race([once(child.stdout, "data"), failWhenEnded(child)]);
  return {
    config,
    isForwarded: async () => {
      const isLeft = ["drop", "jobs"].some((name) =>
        readdirSync(join(folder, name), { recursive: true, withFileTypes: true }).some((entry) => entry.isFile()),
      );
      const rows = (await outbox?.count()) ?? 0;
      const response = await fetch(`http://127.0.0.1:${ports.status}/status`);
      const { spool, interfaces } = statusPage.parse(await response.json());
      const read = interfaces.find(({ id }) => id === "outbox")?.counts.documents ?? 0;
      return !isLeft && read >= rows && spool.waitingEntries === 0;
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

async function failWhenEnded(child: ChildProcess): Promise<never> {
  await once(child, "exit");
  throw new AppError("unavailable", "The edge ended before it was ready.");
}

function writeEdge({ folder, gateway, ports, secret, outbox }: EdgeOptions): string {
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text, { mode: 0o600 });
  write("gateway.key", `${gateway.key}\n`);
  write("spool.key", randomBytes(32).toString("hex"));
  write("tokens.key", randomBytes(32).toString("hex"));
  write("hook.secret", `${secret}\n`);
  for (const { id } of SYSTEMS) mkdirSync(join(folder, "drop", id), { recursive: true });
  mkdirSync(join(folder, "jobs"));
  for (const kind of ["documents", "crosswalks"])
    cpSync(join(SHIPPED, kind), join(folder, "pack", kind), { recursive: true });
  cpSync(join(EDGE_PACK, "documents"), join(folder, "pack/documents"), { recursive: true });
  write("edge.yaml", describeEdge(gateway.url, ports, outbox));
  return join(folder, "edge.yaml");
}

function describeEdge(gateway: string, ports: EdgeOptions["ports"], outbox: NetworkOutbox | undefined): string {
  const drop = (id: string, pattern: string) =>
    `{ kind: directory, path: drop/${id}, pattern: "${pattern}", every: PT0.2S, stableFor: PT0.1S, archive: done/${id} }`;
  const postings = (id: string) =>
    `{ id: ${id}-postings, format: json, mappings: [json-posting], from: ${drop(id, "*.posting.json")} }`;
  const rows =
    outbox === undefined
      ? ["erp", "accounts-payable"].map(postings)
      : [`{ id: outbox, format: json, mappings: [json-posting], from: ${outbox.from} }`];
  const interfaces = [
    `{ id: cabinets, format: hl7v2, from: { kind: mllp, port: ${ports.mllp} } }`,
    `{ id: requisitions, format: json, mappings: [json-procurement], from: { kind: webhook, port: ${ports.hook}, path: /procurement, secretFile: hook.secret } }`,
    `{ id: orders, format: x12, from: ${drop("procurement", "*.edi")} }`,
    `{ id: suppliers, format: x12, from: ${drop("suppliers", "*.edi")} }`,
    `{ id: dock, format: epcis, from: ${drop("dock", "*.epcis.json")} }`,
    `{ id: receipts, format: idoc, from: ${drop("erp", "*.idoc.xml")} }`,
    postings("general-ledger"),
    ...rows,
  ];
  return `gateway: { url: "${gateway}", keyFile: gateway.key }
pack: pack
spool: { directory: spool, keyFile: spool.key, maxBytes: 200000000 }
redaction: { keyFile: tokens.key, version: k1 }
jobs: { directory: jobs }
listen: { port: ${ports.status} }
interfaces:
${interfaces.map((each) => `  - ${each}\n`).join("")}`;
}
