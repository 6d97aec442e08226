import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { ROOT } from "../repository/root.ts";
import { dropInventory, startTestEdge, startWayBackTower, type WayBackTower, writeEdge } from "./way-back.fixture.ts";

const WAIT = { timeout: 20_000, interval: 50 };
const listed = <Item extends z.ZodRawShape>(shape: Item) => z.object({ items: z.array(z.object(shape)) });
const waits = listed({
  value: z.string(),
  interface: z.string(),
  site: z.string(),
  documents: z.number(),
  types: z.array(z.string()),
});
const eventRow = z.object({ id: z.string(), revision: z.coerce.number(), item: z.string(), outcome: z.string() });

const ROWS = 60;
const KILLS = 2;

let tower: WayBackTower;
let ada: string;
let bo: string;

beforeAll(async () => {
  tower = await startWayBackTower();
  ada = await tower.createKey({ name: "Ada", roles: ["operator"] });
  bo = await tower.createKey({ name: "Bo", roles: ["operator"] });
}, 60_000);

afterAll(() => tower.stop());

/** The edge as a process of its own. */
async function startCollector(file: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(ROOT, "commands/collector.ts"), "run", "--config", file], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  await Promise.race([
    once(child.stdout, "data"),
    once(child, "exit").then(() => Promise.reject(new Error("It ended before it was ready."))),
  ]);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await once(child, "exit");
}

const listWaits = async () => waits.parse(await tower.call("/mapping-waits", { key: ada })).items;
const approve = (from: string, to: string, more: object = {}) =>
  tower.approveAs(bo, { crosswalk: "item", kind: "item", from, to, reason: "Label of the vial", ...more }, ada);

const counted = (site: string) =>
  tower.query(
    eventRow,
    `SELECT DISTINCT id, revision, object_ids[1] AS item, outcome FROM throughline.events
      WHERE type = 'pharmacy.stock.counted' AND site = '${site}' ORDER BY id, revision`,
  );

const countHeartbeats = async () =>
  (
    await tower.query(
      z.object({ count: z.coerce.number() }),
      "SELECT count() AS count FROM throughline.events WHERE type = 'throughline.feed.heartbeat' AND site = 'NORTH'",
    )
  )[0]?.count ?? 0;

const edgeKey = (site: string) => tower.createKey({ scope: { sites: [site], domains: "*" } });

test("an unknown item waits on the page, is proposed and approved, and its document is mapped again once", async () => {
  const edge = await startTestEdge(tower, await writeEdge(tower, { name: "north", key: await edgeKey("NORTH") }));
  dropInventory(tower, "north", { items: ["0071015523", "1"] });
  await expect
    .poll(listWaits, WAIT)
    .toMatchObject([
      { value: "0071015523", interface: "inventory", site: "NORTH", documents: 1, types: ["pharmacy.stock.counted"] },
    ]);
  expect(await counted("NORTH")).toMatchObject([{ outcome: "failed", revision: 0 }, { item: "1" }]);
  await approve("0071015523", "00071015523");
  await expect.poll(() => counted("NORTH"), WAIT).toHaveLength(3);
  const [failed, mapped] = await counted("NORTH");
  expect(failed).toMatchObject({ revision: 0, item: "0071015523", outcome: "failed" });
  expect(mapped).toMatchObject({ id: failed?.id, revision: 1, item: "00071015523", outcome: "" });
  await expect.poll(listWaits, WAIT).toEqual([]);
  expect(edge.status().waiting.documents).toBe(0);
  // A key for one site sends heartbeats too: they name the site.
  await expect.poll(countHeartbeats, WAIT).toBeGreaterThan(0);
  expect(edge.status().forward.refused).toBe(0);
  const reasons = await tower.query(
    z.object({ reason: z.string() }),
    "SELECT reason FROM throughline.events WHERE revision = 1 LIMIT 1",
  );
  expect(reasons).toEqual([{ reason: expect.stringMatching(/as of version \d+ of the tower$/) }]);
  await edge.stop();
});

test("two edges of two sites are told what is theirs, and nothing of the other's", async () => {
  const south = await startTestEdge(tower, await writeEdge(tower, { name: "south", key: await edgeKey("SOUTH") }));
  const west = await startTestEdge(tower, await writeEdge(tower, { name: "west", key: await edgeKey("WEST") }));
  dropInventory(tower, "south", { items: ["77"] });
  dropInventory(tower, "west", { items: ["77"] });
  await expect.poll(listWaits, WAIT).toHaveLength(2);
  await approve("77", "SOUTHS", { site: "SOUTH" });
  await expect.poll(() => counted("SOUTH"), WAIT).toMatchObject([{ revision: 0 }, { revision: 1, item: "SOUTHS" }]);
  await expect.poll(() => west.status().wayBack?.version, WAIT).toBe(south.status().wayBack?.version);
  expect(await counted("WEST")).toMatchObject([{ revision: 0, item: "77" }]);
  const told = await fetch(`http://127.0.0.1:${tower.port}/v1/edge?interface=inventory`, {
    headers: { authorization: `Bearer ${await edgeKey("WEST")}` },
  });
  const { payload } = z.object({ payload: z.string() }).parse(await told.json());
  const manifest = z
    .object({ parts: z.object({ crosswalks: z.string() }) })
    .parse(JSON.parse(Buffer.from(payload, "base64").toString()));
  const part = (key: string) =>
    fetch(`http://127.0.0.1:${tower.port}/v1/edge/part?digest=${manifest.parts.crosswalks}`, {
      headers: { authorization: `Bearer ${key}` },
    });
  expect((await part(await edgeKey("SOUTH"))).status).toBe(404);
  expect((await fetch(`http://127.0.0.1:${tower.port}/v1/edge`)).status).toBe(401);
  expect((await part(await tower.createKey({ roles: ["viewer"] }))).status).toBe(403);
  await south.stop();
  await west.stop();
});

test("what is not signed by a key that is trusted here is refused, and the tower is told once", async () => {
  const stranger = join(tower.folder, "stranger.pub");
  writeFileSync(stranger, generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }));
  const file = await writeEdge(tower, { name: "east", key: await edgeKey("EAST"), publicKeyFile: stranger });
  const edge = await startTestEdge(tower, file);
  await expect.poll(() => edge.status().wayBack?.failure, WAIT).toBe("no key that is trusted here has signed it");
  expect(edge.status().problems).toContainEqual(expect.stringContaining("The tower cannot be asked"));
  const edges = listed({ edge: z.string(), kind: z.string(), reason: z.string(), version: z.number() });
  await expect
    .poll(async () => edges.parse(await tower.call("/edges?site=EAST", { key: ada })).items, WAIT)
    .toEqual([{ edge: "east", kind: "refused", reason: "no key that is trusted here has signed it", version: 0 }]);
  expect(edge.status().wayBack?.version).toBe(0);
  await edge.stop();
});

test("an edge that was away for days catches up, and one that was stopped goes on with what was in force", async () => {
  const key = await edgeKey("HILL");
  const file = await writeEdge(tower, { name: "hill", key });
  const edge = await startTestEdge(tower, file);
  await expect.poll(() => edge.status().wayBack?.version, WAIT).toBeGreaterThan(0);
  await tower.closeGateway();
  dropInventory(tower, "hill", { items: ["91", "92"] });
  await expect.poll(() => edge.status().waiting.documents, WAIT).toBe(2);
  await edge.stop();
  await approve("91", "HILL-91");
  await approve("92", "HILL-92");
  await tower.reopenGateway();
  const later = await startTestEdge(tower, file, () => Date.now() + 3 * 86_400_000);
  await expect.poll(() => later.status().waiting.documents, WAIT).toBe(0);
  const isDone = async () => (await counted("HILL")).filter(({ revision }) => revision === 1).map(({ item }) => item);
  await expect.poll(isDone, WAIT).toEqual(["HILL-91", "HILL-92"]);
  await later.stop();
  await tower.closeGateway();
  const offline = await startTestEdge(tower, file);
  dropInventory(tower, "hill", { file: "b.csv", items: ["91"] });
  await expect.poll(() => offline.status().interfaces[0]?.counts.documents, WAIT).toBe(1);
  expect(offline.status().waiting.documents).toBe(0);
  await offline.stop();
  await tower.reopenGateway();
}, 60_000);

test("an order sends kept documents again, once, with the ids that they had, and says what came of it", async () => {
  const file = await writeEdge(tower, { name: "lake", key: await edgeKey("LAKE"), raw: true });
  const edge = await startTestEdge(tower, file);
  const from = new Date(Date.now() - 60_000).toISOString();
  dropInventory(tower, "lake", { items: ["1", "1", "1"] });
  await expect.poll(() => counted("LAKE"), WAIT).toHaveLength(3);
  const before = await counted("LAKE");
  const to = new Date(Date.now() + 60_000).toISOString();
  const order = { interface: "inventory", site: "LAKE", target: { kind: "range", from, to }, reason: "Lost at noon" };
  await tower.orderAs(bo, order, ada);
  await tower.orderAs(bo, { ...order, target: { kind: "kept", ids: ["inventory/none"] } }, ada);
  const orders = listed({
    state: z.string(),
    edge: z.string(),
    documents: z.number(),
    events: z.number(),
    said: z.string(),
    fetchedAt: z.string().nullable(),
  });
  await expect
    .poll(async () => orders.parse(await tower.call("/edges/orders?interface=inventory", { key: ada })).items, WAIT)
    .toMatchObject([
      { state: "refused", edge: "lake", documents: 0, events: 0, said: "not kept here any more: inventory/none" },
      { state: "done", edge: "lake", documents: 3, events: 3, said: "", fetchedAt: expect.any(String) },
    ]);
  const arrivals = await tower.query(
    z.object({ count: z.coerce.number() }),
    "SELECT count() AS count FROM throughline.events WHERE site = 'LAKE' AND type = 'pharmacy.stock.counted'",
  );
  expect(arrivals).toEqual([{ count: 6 }]);
  expect(await counted("LAKE")).toEqual(before);
  const states = listed({ condition: z.string(), release: z.string(), interfaces: z.array(z.string()) });
  const well = [{ condition: "well", release: "9.9.9", interfaces: ["inventory"] }];
  expect(states.parse(await tower.call("/edges?site=LAKE", { key: ada })).items).toEqual(well);
  await edge.stop();
});

test("a replaced translation maps again what is kept, whatever kills the edge meanwhile, and tells of what is not", async () => {
  const items = Array.from({ length: ROWS }, () => "1");
  const file = await writeEdge(tower, { name: "reef", key: await edgeKey("REEF"), raw: true });
  let child = await startCollector(file);
  dropInventory(tower, "reef", { file: "a.csv", items });
  await expect.poll(async () => (await counted("REEF")).length, WAIT).toBe(ROWS);
  await approve("1", "ONE", { site: "REEF" });
  const listAgain = async () => (await counted("REEF")).filter(({ revision }) => revision > 0);
  const folder = join(tower.folder, "reef", "spool", "waiting");
  const isMapping = () => readdirSync(folder).some((name) => name.endsWith(".waiting"));
  for (let life = 0, looks = 1; life < KILLS; life++) {
    const isDone = async () => looks++ % 50 === 0 && (await listAgain()).length === ROWS;
    await expect.poll(async () => isMapping() || (await isDone()), { ...WAIT, interval: 5 }).toBe(true);
    await kill(child);
    child = await startCollector(file);
  }
  await expect.poll(async () => (await listAgain()).length, WAIT).toBe(ROWS);
  const again = await listAgain();
  expect(new Set(again.map(({ id, item }) => `${id} ${item}`)).size).toBe(ROWS);
  expect(again.every(({ item, outcome }) => item === "ONE" && outcome === "")).toBe(true);
  // Only its raw documents are gone: its archive has them no more either.
  await kill(child);
  rmSync(join(tower.folder, "reef", "spool", "raw"), { recursive: true });
  rmSync(join(tower.folder, "reef", "done"), { recursive: true });
  child = await startCollector(file);
  const [wrong] = z
    .object({ items: z.array(z.object({ id: z.string() })) })
    .parse(await tower.call("/crosswalks?from=1&state=approved", { key: ada })).items;
  await approve("1", "UNO", { site: "REEF", replaces: wrong?.id });
  const detail = z.object({
    replacements: z.array(z.object({ replaced: z.string(), documents: z.number(), lost: z.number() })),
  });
  await expect
    .poll(async () => detail.parse(await tower.call(`/crosswalks/${wrong?.id}`, { key: ada })).replacements, WAIT)
    .toEqual([
      { replaced: "ONE", documents: 0, lost: ROWS },
      { replaced: "1", documents: ROWS, lost: 0 },
    ]);
  expect((await listAgain()).length).toBe(ROWS);
  await kill(child);
}, 120_000);

test("what waits lies sealed at the edge, in files of their own", async () => {
  const edge = await startTestEdge(tower, await writeEdge(tower, { name: "cove", key: await edgeKey("COVE") }));
  dropInventory(tower, "cove", { items: ["55512345"] });
  await expect.poll(() => edge.status().waiting.documents, WAIT).toBe(1);
  await edge.stop();
  const folder = join(tower.folder, "cove", "spool", "waiting");
  const names = readdirSync(folder).filter((name) => name.endsWith(".waiting"));
  expect(names).toHaveLength(1);
  expect(readFileSync(join(folder, names[0] ?? "")).includes("55512345")).toBe(false);
});
