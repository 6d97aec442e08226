import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { parseDocuments } from "@throughline/collector/edge/formats/parse-documents";
import { createDocumentMapper, type DocumentMapper } from "@throughline/collector/edge/map/document-mapper";
import { makeTestFolder } from "@throughline/collector/edge/spool/spool.fixture";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { loadDocumentPack } from "../../../commands/pack-files.ts";
import { createCatalogue } from "../catalogue.ts";
import { createRandom } from "../random.ts";
import { writeInventory } from "./count-inventory.ts";
import { makeLegacyFolders } from "./edge-files.ts";
import { type LegacyTrace, STEPS } from "./legacy-order.ts";
import { toPharmacyOrder } from "./pharmacy-messages.ts";
import { startLegacy } from "./start-legacy.ts";
import { createOrders } from "./trade-orders.ts";

const NOW = Date.parse("2026-03-02T14:00:00Z");
const { items } = createCatalogue({ seed: 1, hospitals: 1, suppliers: 6, items: 60 });
const random = createRandom(1, "legacy-test");
let mapper: DocumentMapper;
let folder: string;
let remove: () => void;

beforeAll(() => {
  const own = makeTestFolder();
  mapper = createDocumentMapper(loadDocumentPack(makeLegacyFolders(own.folder).pack), {});
  own.remove();
});
beforeEach(() => {
  ({ folder, remove } = makeTestFolder());
});
afterEach(() => remove());

async function map(format: "x12" | "json" | "hl7v2" | "csv", text: string) {
  const mapped: Record<"events" | "objects" | "problems", string[]> = { events: [], objects: [], problems: [] };
  for await (const { document, findings, position } of parseDocuments(format, [Buffer.from(text)], {})) {
    mapped.problems.push(...findings.map(({ code, reason }) => `${code}: ${reason}`));
    if (document === undefined) continue;
    const { events, unmapped } = mapper.map(document, { digest: "d".repeat(64), ordinal: position.ordinal });
    mapped.problems.push(...unmapped.map(({ reason }) => reason));
    for (const { type, data } of events) {
      mapped.events.push(type);
      if (typeof data !== "object" || data === null) continue;
      if (data.error !== undefined) mapped.problems.push(`${type}: ${data.error.message ?? ""}`);
      mapped.objects.push(...(data.objects ?? []).map((object) => `${object.type} ${object.id}`));
    }
  }
  return mapped;
}

async function playOrder(): Promise<LegacyTrace[]> {
  const left: LegacyTrace[] = [];
  const file = join(folder, "orders.json");
  const leave = async (trace: LegacyTrace) => void left.push(trace);
  // A demo that is stopped and started again each time.
  for (let at = NOW; at <= NOW + 180_000; at += 5000) await createOrders(file, { items, random, leave }).tick(at);
  return left;
}

test("an order of the legacy systems goes its way in documents and rows that edges understand, over restarts", async () => {
  const traces = (await playOrder()).filter((trace) => JSON.stringify(trace).includes(String(NOW / 1000)));
  expect(traces).toHaveLength(STEPS.length);
  const mapped = await Promise.all(
    traces.map((trace) =>
      trace.kind === "x12" ? map("x12", trace.text) : map("json", `${JSON.stringify(trace.row)}\n`),
    ),
  );
  expect(mapped.flatMap(({ problems }) => problems)).toEqual([]);
  expect(mapped.flatMap(({ events }) => events)).toEqual([
    "procurement.purchase_order.issued",
    "supplier.message.accepted",
    "supplier.purchase_order.acknowledged",
    "supplier.shipment.notified",
    "receiving.shipment.arrived",
    "receiving.goods_receipt.recorded",
    "erp.goods_receipt.posted",
    "supplier.invoice.issued",
    "erp.invoice.received",
    "erp.invoice.matched",
    "erp.invoice.posted",
    "erp.invoice.cleared",
  ]);
  const objects = new Set(mapped.flatMap(({ objects: of }) => of));
  const ofType = (type: string) => [...objects].filter((each) => each.startsWith(`${type} `));
  for (const type of ["purchase_order_line", "shipment", "goods_receipt", "invoice", "item"])
    expect(ofType(type)).toHaveLength(1);
});

test("a message of the pharmacy and the nightly inventory are understood too, and nights are counted once", async () => {
  const message = await map("hl7v2", toPharmacyOrder({ items, random, now: NOW }));
  expect(message).toMatchObject({ events: ["pharmacy.order.encoded"], problems: [] });
  const { inventory, root } = makeLegacyFolders(folder);
  const to = { folder: inventory, noteFile: join(root, "counted") };
  expect(writeInventory(to, { items, random, now: NOW })).toBeGreaterThan(50);
  expect(writeInventory(to, { items, random, now: NOW + 3_600_000 })).toBe(0);
  expect(writeInventory(to, { items, random, now: NOW + 86_400_000 })).toBeGreaterThan(50);
  const [file = ""] = readdirSync(inventory);
  const counted = await map("csv", readFileSync(join(inventory, file), "utf8"));
  expect(counted.problems).toEqual([]);
  expect(new Set(counted.events)).toEqual(new Set(["pharmacy.stock.counted"]));
});

test("real edge collectors bring all of it to the gateway, and nothing of a patient", async () => {
  const received = z.array(z.looseObject({ source: z.string(), type: z.string() }));
  const sources = new Set<string>();
  let text = "";
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = gunzipSync(Buffer.concat(chunks)).toString();
      text += body;
      const events = received.parse(JSON.parse(body));
      for (const { source, type } of events) if (!type.startsWith("throughline.")) sources.add(source);
      response.writeHead(202).end(JSON.stringify({ accepted: events.length, refused: 0 }));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = z.object({ port: z.int() }).parse(server.address());
  const legacy = await startLegacy({ folder, gatewayUrl: `http://127.0.0.1:${port}`, key: "a key", seed: 1 });
  try {
    const expected = ["/legacy/inventory", "/legacy/orders", "/legacy/pharmacy"];
    await expect.poll(() => expected.filter((source) => !sources.has(source)), { timeout: 60_000 }).toEqual([]);
    expect(text).not.toMatch(/MRN\d|DOE\^|SHAW|JANE/);
  } finally {
    await legacy.stop();
    server.closeAllConnections();
    server.close();
  }
}, 120_000);
