import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { IDENTIFIERS } from "@throughline/collector/edge/redact/planted-identifiers.fixture";
import { PLANTED_SAMPLES } from "@throughline/collector/edge/redact/planted.fixture";
import { makeTestFolder } from "@throughline/collector/edge/spool/spool.fixture";
import { findFreePort } from "@throughline/schemas/find-free-port";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { ROOT } from "../repository/root.ts";
import { endCollector } from "./collector-process.ts";
import { startGatewayStub } from "./gateway-stub.ts";

const WAIT = { timeout: 60_000, interval: 100 };
const SECRET = { mode: 0o600 };
const planted = Object.values(IDENTIFIERS).flat();
const [first, last] = IDENTIFIERS.names;
const samples = PLANTED_SAMPLES.map((sample, at) => ({ ...sample, id: `sample-${at}` }));
const listening = samples.find(({ format }) => format === "hl7v2");

let folder: string;
let remove: () => void;
beforeEach(() => {
  ({ folder, remove } = makeTestFolder());
});
afterEach(() => remove());

/** An edge with a folder for each sample, and one that listens; mappings of rows go beside those that are shipped. */
async function configure(gatewayUrl: string) {
  writeFileSync(join(folder, "gateway.key"), "a key", SECRET);
  for (const name of ["spool.key", "tokens.key"]) writeFileSync(join(folder, name), "0f".repeat(32), SECRET);
  cpSync(join(ROOT, "config"), join(folder, "pack"), { recursive: true });
  const interfaces = samples.map(({ id, format, mapping }) => {
    mkdirSync(join(folder, id));
    const own = mapping === undefined ? "" : `, mappings: [${id}]`;
    if (mapping !== undefined)
      writeFileSync(join(folder, `pack/documents/${id}.yaml`), mapping.replace(/^name: .*$/m, `name: ${id}`));
    return `{ id: ${id}, format: ${format}${own}, raw: { policy: keep }, from: { kind: directory, path: ${id}, every: PT0.05S, stableFor: PT0.05S, archive: done-${id} } }`;
  });
  const [mllpPort, statusPort] = [await findFreePort(), await findFreePort()];
  const file = join(folder, "edge.yaml");
  writeFileSync(
    file,
    `gateway: { url: "${gatewayUrl}", keyFile: gateway.key }
pack: pack
spool: { directory: spool, keyFile: spool.key, maxBytes: 50000000 }
redaction: { keyFile: tokens.key, version: k1 }
listen: { port: ${statusPort} }
interfaces:
${interfaces.map((each) => `  - ${each}\n`).join("")}  - { id: listening, format: hl7v2, from: { kind: mllp, port: ${mllpPort} } }
`,
  );
  return {
    file,
    mllpPort,
    pages: ["status", "metrics", "healthz"].map((page) => `http://127.0.0.1:${statusPort}/${page}`),
  };
}

/** The sample whole, cut off, and damaged, under names that say who it is about. */
function drop(): void {
  for (const { id, text } of samples)
    for (const [name, content] of Object.entries({
      whole: text,
      half: text.slice(0, text.length / 2),
      tail: text.slice(text.length / 3),
      odd: text.replaceAll(/[0-9]{3}/g, "\u0000$&"),
    })) {
      const path = join(folder, id, `${last}_${first}_${name}`);
      writeFileSync(`${path}.part`, content);
      renameSync(`${path}.part`, path);
    }
}

async function sendFrames(port: number, messages: readonly string[]): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  for (const message of messages) socket.write(`\u000b${message}\u001c\r`, "latin1");
  await once(socket, "data");
  socket.destroy();
}

test("an edge that reads documents full of identifiers says none of them in its output, its pages or its events", async () => {
  const sent: string[] = [];
  const gateway = await startGatewayStub((events) => void sent.push(JSON.stringify(events)));
  const { file, mllpPort, pages } = await configure(gateway.url);
  await gateway.close();
  const child = spawn(join(ROOT, "bin/throughline-collector"), ["run", "--config", file], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => output.push(chunk.toString()));
  await once(child.stdout, "data");
  drop();
  await sendFrames(mllpPort, [`no message of ${first} ${last}`, listening?.text.replaceAll("\n", "\r") ?? ""]);
  await expect.poll(() => samples.flatMap(({ id }) => readdirSync(join(folder, id))), WAIT).toEqual([]);
  await gateway.open();
  const readWaiting = async () =>
    z.object({ spool: z.object({ waitingEntries: z.int() }) }).parse(await (await fetch(pages[0] ?? "")).json()).spool
      .waitingEntries;
  await expect.poll(readWaiting, WAIT).toBe(0);
  const shown = await Promise.all(pages.map(async (page) => (await fetch(page)).text()));
  await endCollector(child, "SIGTERM");
  await gateway.close();
  // Something was said of the frame that is no message, and events of every format left.
  expect(output.join("")).toContain("no HL7 v2 message");
  expect(sent.length).toBeGreaterThan(0);
  const said = [...output, ...shown, ...sent].join("\n").toLowerCase();
  expect(planted.filter((value) => said.includes(value.toLowerCase()))).toEqual([]);
}, 120_000);
