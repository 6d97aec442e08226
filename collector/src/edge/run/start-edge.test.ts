import { copyFileSync, readdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import { findFreePort } from "@throughline/schemas/find-free-port";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { startTestGateway, type TestGateway } from "../../gateway/gateway.fixture.ts";
import { parseEdgeConfig, readEdgeConfig } from "../config/read-edge-config.ts";
import { makeTestFolder } from "../spool/spool.fixture.ts";
import { GOLDEN, INVENTORY, loadShippedPack, sendMllp, writeEdgeFiles } from "./edge.fixture.ts";
import { type Edge, startEdge } from "./start-edge.ts";

const pack = loadShippedPack();
let tower: TestGateway;
let folder: string;
let remove: () => void;
let edge: Edge | undefined;
let logged: string[];

beforeAll(async () => {
  tower = await startTestGateway();
});
afterAll(() => tower.stop());
beforeEach(() => {
  ({ folder, remove } = makeTestFolder());
  logged = [];
});
afterEach(async () => {
  await edge?.stop();
  edge = undefined;
  remove();
});

async function start(
  interfaces: readonly string[],
): Promise<{ edge: Edge; rewrite: (each: readonly string[]) => Promise<void> }> {
  const toText = writeEdgeFiles(folder, tower.gateway.url);
  const port = await findFreePort();
  const file = join(folder, "edge.yaml");
  const write = (each: readonly string[]) => {
    writeFileSync(file, toText(each, port));
    return readEdgeConfig(file);
  };
  const logger = pino({ base: null }, { write: (line) => void logged.push(line) });
  const started = await startEdge({ config: write(interfaces), pack, logger, now: Date.now });
  edge = started;
  return { edge: started, rewrite: async (each) => started.reload(write(each), pack) };
}

const settle = async (own: Edge, events: number) => {
  await expect.poll(() => own.status().interfaces[0]?.counts.events, { timeout: 10_000 }).toBe(events);
  await expect.poll(() => own.status().spool.waitingEntries, { timeout: 10_000 }).toBe(0);
};
const count = async (where: string) => {
  const [row] = await tower.query<{ count: number; ids: number }>(
    `SELECT count() AS count, uniqExact(id) AS ids FROM throughline.events WHERE ${where}`,
  );
  return row;
};

describe("an edge that watches a directory", () => {
  test("brings each file to the gateway once, whatever its name, and archives it", async () => {
    const { edge: own } = await start([INVENTORY]);
    const drop = join(folder, "drop");
    copyFileSync(join(GOLDEN, "csv/inventory.csv"), join(drop, "a.csv"));
    await expect.poll(() => own.status().interfaces[0]?.counts.documents, { timeout: 10_000 }).toBeGreaterThan(0);
    const { events = 0 } = own.status().interfaces[0]?.counts ?? {};
    await settle(own, events);
    const first = await count("source = '/files/north' AND type = 'pharmacy.stock.counted'");
    expect(first?.count).toBeGreaterThan(0);
    expect(await count("source = '/files/north' AND type = 'throughline.feed.batch'")).toEqual({ count: 1, ids: 1 });
    copyFileSync(join(GOLDEN, "csv/inventory.csv"), join(drop, "same-again.csv"));
    await expect.poll(() => readdirSync(drop), { timeout: 10_000 }).toEqual([]);
    await settle(own, events);
    expect(await count("source = '/files/north' AND type = 'pharmacy.stock.counted'")).toEqual(first);
    expect(readdirSync(join(folder, "done"))).toHaveLength(2);
    expect(logged.join("")).not.toMatch(/a\.csv|same-again/);
  });

  test("waits until a file does not change any more, and reads one that was rewritten", async () => {
    const left = INVENTORY.replace(", archive: done", "")
      .replace("/files/north", "/files/left")
      .replace("PT0.1S", "PT0.4S");
    const { edge: own } = await start([left]);
    const path = join(folder, "drop/grows.csv");
    const text = readFileSync(join(GOLDEN, "csv/inventory.csv"), "utf8");
    const lines = text.trimEnd().split("\n");
    for (let rows = 1; rows <= lines.length; rows++) {
      writeFileSync(path, `${lines.slice(0, rows).join("\n")}\n`);
      const { completeAt } = own.status().interfaces[0] ?? {};
      await expect.poll(() => Date.now() > Date.parse(completeAt ?? "1970") + 60).toBe(true);
      expect(own.status().interfaces[0]?.counts.documents).toBe(0);
    }
    await expect.poll(() => own.status().interfaces[0]?.counts.documents, { timeout: 10_000 }).toBeGreaterThan(0);
    const { documents: whole = 0 } = own.status().interfaces[0]?.counts ?? {};
    renameSync(path, join(folder, "drop/renamed.csv"));
    utimesSync(join(folder, "drop/renamed.csv"), new Date(), new Date());
    writeFileSync(path, `${lines[0] ?? ""}\n${lines[1]?.replace(/\d\d:/, "09:") ?? ""}\n`);
    await expect.poll(() => own.status().interfaces[0]?.counts.documents, { timeout: 10_000 }).toBe(whole + 1);
  });

  test("says that it is alive and how far it is complete, numbered without gaps", async () => {
    await start([INVENTORY.replace("/files/north", "/files/beats")]);
    const read = () =>
      tower.query<{ sequence: number; attributes: string }>(
        "SELECT sequence, toString(attributes) AS attributes FROM throughline.events WHERE source = '/files/beats' ORDER BY sequence",
      );
    await expect.poll(async () => (await read()).length, { timeout: 10_000, interval: 200 }).toBeGreaterThanOrEqual(2);
    const rows = await read();
    expect(rows.map(({ sequence }) => sequence)).toEqual(rows.map((_, at) => at + 1));
    expect(rows[0]?.attributes).toContain("watermark");
    copyFileSync(join(GOLDEN, "csv/latin.csv"), join(folder, "drop/latin.csv"));
    const readWindows = async () =>
      (await read()).flatMap(({ attributes }) => /"window_sums":\[([^\]]*)\]/.exec(attributes)?.[1] ?? []);
    await expect.poll(readWindows, { timeout: 10_000, interval: 200 }).toHaveLength(1);
    expect((await readWindows())[0]).toMatch(/^"on_hand 1 \d+ [A-Z]+"/);
  });
});

describe("an edge that listens for HL7 v2", () => {
  const message = readFileSync(join(GOLDEN, "hl7v2/rds.hl7"), "latin1").replaceAll(/\r?\n/g, "\r");
  const listen = (port: number, more = "") =>
    `{ id: pharmacy, format: hl7v2, source: /hl7/${port}, from: { kind: mllp, port: ${port}${more} } }`;

  test("acknowledges what is on disk, and brings it to the gateway without what leads to a patient", async () => {
    const port = await findFreePort();
    const { edge: own } = await start([listen(port)]);
    expect(await sendMllp(port, message)).toContain("\rMSA|AA|");
    await expect.poll(() => own.status().interfaces[0]?.counts.documents).toBeGreaterThan(0);
    await settle(own, own.status().interfaces[0]?.counts.events ?? -1);
    expect((await count(`source = '/hl7/${port}'`))?.count).toBeGreaterThan(0);
    const pages = await Promise.all(["status", "metrics", "healthz"].map((page) => fetch(`${own.url}/${page}`)));
    const texts = await Promise.all(pages.map((page) => page.text()));
    const patient = /^PID\|[^\r]*/m.exec(message)?.[0].split("|")[3] ?? "no patient";
    expect([...texts, ...logged].join("")).not.toContain(patient);
    expect(pages.map(({ status }) => status)).toEqual([200, 200, 200]);
    // What was left out is told by kinds of fields alone.
    expect(own.status().interfaces[0]?.redacted.identity).toBeGreaterThan(0);
    expect(texts[1]).toMatch(
      /throughline_edge_interface_redacted_fields\{interface="pharmacy",class="identity"\} [1-9]/,
    );
  });

  test("stands in line without changing a byte either way", async () => {
    const received: Buffer[] = [];
    const receiver = createServer((socket) => {
      socket.on("data", (chunk) => {
        received.push(chunk);
        socket.write("\u000bMSH|^~\\&|its own answer\rMSA|AR|1\r\u001c\r");
      });
    }).listen(0, "127.0.0.1");
    await once(receiver, "listening");
    const { port: target } = z.object({ port: z.int() }).parse(receiver.address());
    const port = await findFreePort();
    const { edge: own } = await start([listen(port, `, relay: { host: 127.0.0.1, port: ${target} }`)]);
    expect(await sendMllp(port, message)).toBe("\u000bMSH|^~\\&|its own answer\rMSA|AR|1\r\u001c\r");
    expect(Buffer.concat(received).toString("latin1")).toBe(`\u000b${message}\u001c\r`);
    await expect.poll(() => own.status().interfaces[0]?.counts.documents).toBeGreaterThan(0);
    await own.stop();
    edge = undefined;
    receiver.close();
  });
});

describe("a changed configuration", () => {
  test("is taken while it runs; one that cannot be is refused, and the old one goes on", async () => {
    const port = await findFreePort();
    const { edge: own, rewrite } = await start([INVENTORY]);
    const second = `{ id: second, format: hl7v2, from: { kind: mllp, port: ${port} } }`;
    await rewrite([INVENTORY, second]);
    expect(own.status().interfaces.map(({ id }) => id)).toEqual(["inventory", "second"]);
    await rewrite([second]);
    expect(own.status().interfaces.map(({ id }) => id)).toEqual(["second"]);
    await expect(rewrite([second.replace("hl7v2", "nothing")])).rejects.toMatchObject({
      code: "invalid_configuration",
    });
    own.noteRejected("It is wrong.");
    expect(own.status().problems).toEqual(["A changed configuration was refused. It is wrong."]);
    expect((await fetch(`${own.url}/healthz`)).status).toBe(503);
    expect(await sendMllp(port, "MSH|^~\\&|A|B|C|D|20260101||ZZZ|7|P|2.5\r")).toContain("MSA|AA|7");
    await expect.poll(() => own.status().kept).toBe(1);
  });

  test("that cannot start leaves what ran before running", async () => {
    const [port, taken] = [await findFreePort(), createServer().listen(0, "127.0.0.1")];
    await once(taken, "listening");
    const address = taken.address();
    const occupied = typeof address === "object" && address !== null ? address.port : 0;
    const toListener = (id: string, at: number) => `{ id: ${id}, format: hl7v2, from: { kind: mllp, port: ${at} } }`;
    const { edge: own, rewrite } = await start([toListener("second", port)]);
    await expect(rewrite([toListener("third", await findFreePort()), toListener("second", occupied)])).rejects.toThrow(
      "EADDRINUSE",
    );
    expect(own.status().interfaces.map(({ id }) => id)).toEqual(["second"]);
    expect(await sendMllp(port, "MSH|^~\\&|A|B|C|D|20260101||ZZZ|8|P|2.5\r")).toContain("MSA|AA|8");
    taken.close();
  });

  test("the example is one that is taken", () => {
    const config = readEdgeConfig(join(GOLDEN, "../../../../docs/examples/edge.yaml"));
    expect(config.interfaces.map(({ id }) => id)).toEqual(["nightly-inventory", "supplier-edi", "pharmacy"]);
  });

  test("the example of brokers and databases is one that is taken, with paths from its folder", () => {
    const examples = join(GOLDEN, "../../../../docs/examples");
    const { interfaces } = readEdgeConfig(join(examples, "edge-brokers.yaml"));
    expect(interfaces.map(({ from }) => from.kind)).toEqual([
      "amqp",
      "nats",
      "postgres",
      "postgres-replication",
      "sftp",
    ]);
    expect(interfaces[0]?.from).toMatchObject({ passwordFile: join(examples, "rabbit.password") });
  });

  test.each([
    ["gateway: { url: 'ftp://x', keyFile: k }", /edge\.yaml:1:\d+: .*https/],
    ["interfaces: 1", /interfaces must be a list/],
    ["nonsense: 1", /"nonsense" is not a key/],
    ["interfaces:\n  - { id: a, format: hl7v2, from: { kind: pigeon } }", /edge\.yaml:2:\d+: kind/],
    [
      "interfaces:\n  - { id: a, format: json, from: { kind: amqp, url: 'amqp://me:secret@host', queue: q } }",
      /edge\.yaml:2:\d+: url must not hold a user name or password/,
    ],
  ])("says where %s is wrong", (text, expected) => {
    const result = parseEdgeConfig("edge.yaml", text);
    const shown = result.ok ? "" : result.issues.map((i) => `${i.file}:${i.line}:${i.column}: ${i.message}`).join("\n");
    expect(shown).toMatch(expected);
  });
});
