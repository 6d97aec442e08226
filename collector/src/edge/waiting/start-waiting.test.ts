import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crosswalk } from "@throughline/schemas/pack/crosswalk";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { parseDocuments } from "../formats/parse-documents.ts";
import type { NativeDocument } from "../formats/document.ts";
import { createCrosswalkSet } from "../map/crosswalk-set.ts";
import { createDocumentMapper } from "../map/document-mapper.ts";
import { loadShippedPack } from "../run/edge.fixture.ts";
import { openSpool, type Spool } from "../spool/open-spool.ts";
import { toUseRecord } from "../uses/use-record.ts";
import { type Held, startWaiting, type Waiting } from "./start-waiting.ts";

const SECRET = Buffer.alloc(32, 7);
const pack = loadShippedPack();
const mappings = pack.mappings.filter(({ name }) => name === "x12-850");
const told = z.looseObject({
  source: z.string(),
  id: z.string(),
  type: z.string(),
  data: z.looseObject({
    revision: z.number().optional(),
    outcome: z.string().optional(),
    objects: z.array(z.object({ type: z.string(), id: z.string() })).optional(),
    attributes: z
      .looseObject({ value: z.string().optional(), documents: z.number().optional(), lost: z.number().optional() })
      .optional(),
  }),
});

let folder = "";
let spool: Spool;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "throughline-waiting-"));
  spool = await openSpool({ directory: join(folder, "events"), secret: SECRET, maxBytes: 10_000_000 });
});

afterEach(async () => {
  await spool.close();
  rmSync(folder, { recursive: true });
});

const open = (of: Pick<Spool, "append"> = spool) =>
  startWaiting({
    directory: join(folder, "waiting"),
    secret: SECRET,
    maxBytes: 1_000_000,
    maxAgeMs: 86_400_000,
    spool: of,
    logger: pino({ level: "silent" }),
    now: () => Date.UTC(2026, 2, 2),
  });

/** A mapper of purchase orders that knows these items and no other. */
function createMapper(known: Readonly<Record<string, string>>) {
  const entries = Object.entries({ none: "none", ...known }).map(([from, to]) => ({ from, to }));
  const set = createCrosswalkSet([crosswalk.parse({ name: "item", title: "Items", kind: "item", entries })]);
  return { set, mapper: createDocumentMapper({ ...pack, mappings }, {}, set) };
}

function register(
  waiting: Waiting,
  known: Readonly<Record<string, string>>,
  kept: ReadonlyMap<string, NativeDocument> = new Map(),
): void {
  const { set, mapper } = createMapper(known);
  waiting.register("edi", {
    map: ({ document, context }, revision) => mapper.map({ ...document, id: document.id }, { ...context, revision }),
    mapAsUsed: ({ document, context, used }) =>
      createMapper(Object.fromEntries(used.map(({ value, to }) => [value, to]))).mapper.map(
        { ...document, id: document.id },
        context,
      ),
    visitKept: async (identities, visit) => {
      for (const identity of identities) {
        const document = kept.get(identity);
        if (document !== undefined) await visit(identity, 0, document);
      }
    },
    translate: ({ table, value, day, site }) => {
      const result = set.translate(table, value, { time: day, site });
      return result.kind === "found" ? result.value : undefined;
    },
    number: () => 1,
    knows: set.knows,
    version: () => set,
    reason: () => "The crosswalks were completed",
    kindOf: () => "item",
  });
}

/** An order of two lines, as it was taken while neither item was known. */
async function takeOrder(known: Readonly<Record<string, string>> = {}): Promise<Held> {
  const text = [
    "ISA*00*          *00*          *ZZ*MERCY          *ZZ*CARDINAL       *260302*0914*U*00401*000000007*0*P*>",
    "GS*PO*MERCY*CARDINAL*20260302*0914*7*X*004010",
    "ST*850*0001",
    "BEG*00*SA*4500012345**20260302",
    "PO1*1*10*EA*12.50**ND*A1",
    "PO1*2*5*EA*3.00**ND*A2",
    "CTT*2",
    "SE*6*0001",
    "GE*1*7",
    "IEA*1*000000007",
  ].join("~\n");
  const { mapper } = createMapper(known);
  for await (const { document } of parseDocuments("x12", [Buffer.from(`${text}~`)], {})) {
    if (document === undefined) continue;
    const context = { digest: "d".repeat(64), ordinal: 0 };
    const { events, unknown, used } = mapper.map(document, context);
    return { document, context, raw: undefined, events, unknown, used };
  }
  throw new Error("There is no order.");
}

async function drain() {
  const events: z.infer<typeof told>[] = [];
  for (let batch = await spool.read(500); batch !== undefined; batch = await spool.read(500)) {
    events.push(...batch.entries.map((text) => told.parse(JSON.parse(text))));
    await spool.advance(batch);
  }
  return {
    waits: events.flatMap(({ type, data }) =>
      type === "throughline.mapping.waiting" ? [`${data.attributes?.value} ${data.attributes?.documents}`] : [],
    ),
    replaced: events.flatMap(({ type, data }) =>
      type === "throughline.mapping.replaced"
        ? [`${data.attributes?.value} ${data.attributes?.documents} ${data.attributes?.lost}`]
        : [],
    ),
    revised: events.filter(({ type }) => !type.startsWith("throughline.")),
  };
}

/** Notes that orders were told by these crosswalks; gives them by the names of their files. */
async function noteOrders(waiting: Waiting, known: Readonly<Record<string, string>>, count: number) {
  const kept = new Map<string, NativeDocument>();
  const { document, raw, used } = await takeOrder(known);
  const records = Array.from({ length: count }, (_, at) => {
    const context = { digest: String(at).padStart(64, "0"), ordinal: 0 };
    kept.set(context.digest, { ...document, id: `order-${at}` });
    return toUseRecord({ context, raw }, { interface: "edi", revision: 0, uses: used, at: "2026-03-02T00:00:00Z" });
  });
  await waiting.noteUses("edi", records);
  return kept;
}

test("what waits is told by value, and told again only when it changed, also after a restart", async () => {
  const waiting = await open();
  const order = await takeOrder();
  expect(order.unknown.map(({ table, value }) => `${table} ${value}`)).toEqual(["item A1", "item A2"]);
  await waiting.hold("edi", [order]);
  await waiting.hold("edi", [order]);
  await waiting.look();
  expect((await drain()).waits).toEqual(["A1 1", "A2 1"]);
  await waiting.look();
  await waiting.stop();
  const again = await open();
  await again.look();
  expect(again.state().documents).toBe(1);
  expect(await drain()).toEqual({ waits: [], replaced: [], revised: [] });
  await again.stop();
});

test("a document is mapped again line by line as values become known, each time only what changed", async () => {
  const waiting = await open();
  await waiting.hold("edi", [await takeOrder()]);
  await waiting.look();
  await drain();
  register(waiting, { A1: "ONE" });
  await waiting.look();
  const first = await drain();
  expect(first.waits).toEqual(["A1 0"]);
  expect(first.revised.map(({ data }) => data.revision)).toEqual(first.revised.map(() => 1));
  expect(JSON.stringify(first.revised)).toContain("ONE");
  await waiting.look();
  expect(await drain()).toEqual({ waits: [], replaced: [], revised: [] });
  register(waiting, { A1: "ONE", A2: "TWO" });
  await waiting.look();
  const second = await drain();
  expect(second.waits).toEqual(["A2 0"]);
  expect(second.revised.map(({ data }) => data.revision)).toEqual(second.revised.map(() => 2));
  expect(second.revised.every(({ data }) => data.outcome !== "failed")).toBe(true);
  expect(waiting.state().documents).toBe(0);
  await waiting.stop();
});

test("a crash before the events are in the spool repeats them word by word, whatever crosswalks say by then", async () => {
  const broken = await open({ append: () => Promise.reject(new Error("killed")) });
  await broken.hold("edi", [await takeOrder()]);
  register(broken, { A1: "ONE", A2: "TWO" });
  await expect(broken.look()).rejects.toThrow("killed");
  await broken.stop();
  const after = await open();
  register(after, { A1: "OTHER", A2: "OTHER" });
  await after.look();
  const { revised } = await drain();
  expect(JSON.stringify(revised)).not.toContain("OTHER");
  const said = new Set(revised.map(({ source, id, data }) => `${source} ${id} ${data.revision}`));
  expect(said.size).toBe(revised.length);
  await after.look();
  expect((await drain()).revised).toEqual([]);
  expect(after.state().documents).toBe(0);
  await after.stop();
});

test("documents that used a replaced translation are mapped again as far as they are kept, and told of otherwise", async () => {
  const waiting = await open();
  const first = { A1: "WRONG", A2: "TWO" };
  const kept = await noteOrders(waiting, first, 4);
  register(waiting, first, kept);
  await waiting.look();
  expect(await drain()).toEqual({ waits: [], replaced: [], revised: [] });
  kept.delete("3".padStart(64, "0"));
  register(waiting, { A1: "RIGHT", A2: "TWO" }, kept);
  await waiting.look();
  const { replaced, revised } = await drain();
  expect(replaced).toEqual(["A1 3 1"]);
  expect(new Set(revised.map(({ id }) => id.split("/")[0]))).toEqual(new Set(["order-0", "order-1", "order-2"]));
  // The line with the other item says what it said.
  expect(JSON.stringify(revised)).not.toContain("TWO");
  expect(revised.every(({ data }) => data.revision === 1)).toBe(true);
  expect(JSON.stringify(revised)).toContain("RIGHT");
  await waiting.stop();
  const again = await open();
  register(again, { A1: "RIGHT", A2: "TWO" }, kept);
  await again.look();
  expect(await drain()).toEqual({ waits: [], replaced: [], revised: [] });
  register(again, { A1: "BETTER", A2: "TWO" }, kept);
  await again.look();
  const third = await drain();
  expect(third.replaced).toEqual(["A1 3 0"]);
  expect(third.revised.every(({ data }) => data.revision === 2)).toBe(true);
  expect(again.state().documents).toBe(0);
  await again.stop();
});

test("a crash while documents are mapped again loses none and doubles none", async () => {
  const first = { A1: "WRONG", A2: "TWO" };
  const second = { A1: "RIGHT", A2: "TWO" };
  let left = 2;
  const broken = await open({
    append: async (drafts) => {
      if (left-- <= 0) throw new Error("killed");
      await spool.append(drafts);
    },
  });
  const kept = await noteOrders(broken, first, 5);
  register(broken, second, kept);
  await expect(broken.look()).rejects.toThrow("killed");
  await broken.stop();
  const after = await open();
  register(after, second, kept);
  await after.look();
  await after.look();
  const { replaced, revised } = await drain();
  expect(replaced).toEqual(["A1 5 0"]);
  const said = revised.map(({ source, id, data }) => `${source} ${id} ${data.revision}`);
  expect(said.toSorted()).toEqual([...new Set(said)].toSorted());
  expect(new Set(revised.map(({ id }) => id.split("/")[0])).size).toBe(5);
  expect(after.state().documents).toBe(0);
  await after.stop();
});

test("at the bound the oldest give way, and it is said how many", async () => {
  const waiting = await startWaiting({
    directory: join(folder, "small"),
    secret: SECRET,
    maxBytes: 9000,
    maxAgeMs: 86_400_000,
    spool,
    logger: pino({ level: "silent" }),
    now: Date.now,
  });
  const order = await takeOrder();
  for (let ordinal = 0; ordinal < 10; ordinal++)
    await waiting.hold("edi", [{ ...order, context: { ...order.context, ordinal } }]);
  const { documents, dropped, sizeBytes } = waiting.state();
  expect(sizeBytes).toBeLessThanOrEqual(9000);
  expect(documents + dropped).toBe(10);
  expect(dropped).toBeGreaterThan(0);
  await waiting.stop();
});
