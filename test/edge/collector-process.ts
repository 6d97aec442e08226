import { type ChildProcess, spawn } from "node:child_process";
import { findFreePort } from "@throughline/schemas/find-free-port";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ROOT } from "../repository/root.ts";

const SECRET = { mode: 0o600 };
const status = z.object({
  problems: z.array(z.string()),
  spool: z.object({ waitingEntries: z.int() }),
  interfaces: z.array(z.object({ id: z.string(), counts: z.object({ documents: z.int() }) })),
});

/** An edge that reads a directory and listens for HL7 v2, as a process that may be killed. */
export async function configureCollector(folder: string, gatewayUrl: string) {
  writeFileSync(join(folder, "gateway.key"), "a key", SECRET);
  for (const name of ["spool.key", "tokens.key"]) writeFileSync(join(folder, name), "0f".repeat(32), SECRET);
  mkdirSync(join(folder, "drop"));
  const [mllpPort, statusPort] = [await findFreePort(), await findFreePort()];
  const file = join(folder, "edge.yaml");
  writeFileSync(
    file,
    `gateway: { url: "${gatewayUrl}", keyFile: gateway.key }
pack: ${join(ROOT, "config")}
spool: { directory: spool, keyFile: spool.key, maxBytes: 500000000 }
redaction: { keyFile: tokens.key, version: k1 }
listen: { port: ${statusPort} }
interfaces:
  - { id: inventory, format: csv, mappings: [csv-inventory], source: /edge/files, heartbeatEvery: PT10S, from: { kind: directory, path: drop, every: PT0.2S, stableFor: PT0.2S, archive: done } }
  - { id: pharmacy, format: hl7v2, source: /edge/messages, heartbeatEvery: PT10S, from: { kind: mllp, port: ${mllpPort} } }
`,
  );
  const readStatus = async () => status.parse(await (await fetch(`http://127.0.0.1:${statusPort}/status`)).json());
  return { file, mllpPort, drop: join(folder, "drop"), readStatus };
}

/** Starts `bin/throughline-collector run` and waits until it reads. */
export async function startCollector(file: string): Promise<ChildProcess> {
  const child = spawn(join(ROOT, "bin/throughline-collector"), ["run", "--config", file], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  await Promise.race([
    once(child.stdout, "data"),
    once(child, "exit").then(() => Promise.reject(new Error("The collector ended before it was ready."))),
  ]);
  return child;
}

export async function endCollector(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
}

/** An order of the pharmacy, with a number of its own. */
export function toOrderMessage(number: number, now = Date.now()): string {
  const time = `${new Date(now).toISOString().slice(0, 19).replaceAll(/[-:T]/g, "")}+0000`;
  return [
    `MSH|^~\\&|PHARM|north|TOWER|hq|${time}||RDE^O11^RDE_O11|M${number}|P|2.5.1`,
    `PID|1||MRN${number}^^^NORTH^MR||DOE^JANE||19480229|F`,
    "PV1|1|I|ICU-2^R12^B3^NORTH",
    `ORC|NW|O${number}|F${number}||IP||||${time}`,
    `RXE|^^^20260302|0093-4155-73^ATORVASTATIN^NDC|1||EA|||||2|EA|||RX${number}`,
    "",
  ].join("\r");
}

/** Rows of an inventory, each with a lot of its own. */
export function toInventoryFile(first: number, rows: number): string {
  const lines = Array.from(
    { length: rows },
    (_, row) => `00071015523,north,A-1,L${first + row},${row},EA,4,2026-11-20T02:00:00Z`,
  );
  return ["item,site,location,lot,on_hand,unit,par,counted_at", ...lines, ""].join("\n");
}
