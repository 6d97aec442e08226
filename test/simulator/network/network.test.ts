import { expect, test } from "vitest";
import { createAgent } from "./agents/agent.ts";
import { openProcurementService } from "./agents/procurement-saas.ts";
import { createWorld } from "./agents/world.ts";
import {
  readAcknowledgement,
  readGoodsMovement,
  readInvoice,
  readOrder,
  readShipNotice,
} from "./native/read-documents.ts";
import { parseScenario } from "./scenario.ts";
import { FROM, type PlayedNetwork, playNetwork, readScenario } from "./play-network.fixture.ts";

const DAYS = 6;
const HEAD = "title: One\nnetwork: { hospitals: 2, suppliers: 4, items: 30, pace: 0.6 }\nfaults:\n";
const quiet = await playNetwork(readScenario("quiet.yaml"), { seed: 5, hours: DAYS * 24 });

const isSet = (set: string) => (text: string) => text.includes(`~ST*${set}*`);
const textsOf = ({ words }: PlayedNetwork, system: string, is: (text: string) => boolean = () => true) =>
  words.filter((word) => word.system === system && is(word.text)).map(({ text }) => text);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

test("the same seed is the same network, another seed another one", async () => {
  const again = await playNetwork(readScenario("quiet.yaml"), { seed: 5, hours: 48 });
  const until = again.words.at(-1)?.at ?? 0;
  expect(again.words).toEqual(quiet.words.slice(0, again.words.length));
  expect(until).toBeGreaterThan(0);
  const other = await playNetwork(readScenario("quiet.yaml"), { seed: 6, hours: 48 });
  expect(other.words.slice(0, 100)).not.toEqual(again.words.slice(0, 100));
});

test("nothing is done to a network on quiet days", () => {
  expect(quiet.faults).toEqual([]);
});

test("every supplier answers what the order says that came to it, and ships and bills that", () => {
  const orders = textsOf(quiet, "procurement").map(readOrder);
  const ordered = new Map(orders.flatMap(({ id, lines }) => lines.map((line) => [`${id}/${line.number}`, line.packs])));
  expect(ordered.size).toBeGreaterThan(20);
  const answered = textsOf(quiet, "suppliers", isSet("855")).flatMap((text) => readAcknowledgement(text).lines);
  expect(answered.filter(({ orderLine }) => !ordered.has(orderLine))).toEqual([]);
  expect(answered.length).toBeGreaterThan(ordered.size * 0.9);
  const shipped = textsOf(quiet, "suppliers", isSet("856")).flatMap((text) => {
    const { order, parcels } = readShipNotice(text);
    return parcels.map(({ line, packs }) => [`${order}/${line}`, packs] as const);
  });
  for (const [line, parts] of Map.groupBy(shipped, ([of]) => of))
    expect(sum(parts.map(([, packs]) => packs))).toBeLessThanOrEqual(ordered.get(line) ?? 0);
  const billed = textsOf(quiet, "suppliers", isSet("810")).flatMap((text) => readInvoice(text).lines);
  expect(billed.length).toBeGreaterThan(20);
  expect(billed.filter(({ orderLine, quantity }) => quantity > (ordered.get(orderLine) ?? 0))).toEqual([]);
});

test("the dock receives what ship notices say, when they say it, and the ERP posts just that", () => {
  const notices = textsOf(quiet, "suppliers", isSet("856")).map(readShipNotice);
  const expected = new Map(notices.map(({ shipment, expectedAt }) => [shipment, expectedAt]));
  const arrivals = quiet.words.filter(({ system }) => system === "dock");
  expect(arrivals.length).toBeGreaterThan(10);
  for (const { at, objects } of arrivals) expect(at).toBe(expected.get(objects[0]?.[1] ?? ""));
  const sent = new Set(
    notices.flatMap(({ order, parcels }) => parcels.map(({ line, packs }) => `${order}/${line} ${packs}`)),
  );
  const posted = quiet.words
    .filter(({ format }) => format === "idoc")
    .map(({ text }) => readGoodsMovement(text))
    .map(({ orderLine, packs }) => `${orderLine} ${packs}`);
  expect(posted.length).toBeGreaterThan(20);
  expect(posted.filter((line) => !sent.has(line))).toEqual([]);
});

test("shelves that were filled fall and are ordered for again, and no stock is taken that is not there", async () => {
  const lively = await playNetwork(`${HEAD.replace("0.6", "3")}  []\n`, { seed: 5, hours: DAYS * 24 });
  const told = lively.words.filter(({ format }) => format === "sdk").map(({ text }) => text);
  const kinds = new Set(told.map((text) => /"type":"(pharmacy[^"]*)"/.exec(text)?.[1] ?? ""));
  expect([...kinds].toSorted()).toEqual([
    "pharmacy.crosswalk.published",
    "pharmacy.stock.available",
    "pharmacy.stock.below_par",
    "pharmacy.stock.decremented",
    "pharmacy.stock.refilled",
  ]);
  expect(told.some((text) => text.includes("below_par") && text.includes('/002"'))).toBe(true);
  expect(told.filter((text) => text.includes('"value":"-'))).toEqual([]);
});

test("accounts payable matches what was received, and waits for the rest", () => {
  const rows = quiet.words.filter(({ system }) => system === "accounts-payable");
  const events = Map.groupBy(rows, ({ text }) => /"event":"([^"]*)"/.exec(text)?.[1]);
  expect((events.get("invoice.matched") ?? []).length).toBeGreaterThan(20);
  expect((events.get("invoice.posted") ?? []).length).toBeGreaterThan(20);
  const posted = new Set(
    quiet.words.filter(({ format }) => format === "idoc").map(({ text }) => readGoodsMovement(text).orderLine),
  );
  const early = (events.get("invoice.matched") ?? []).filter(({ objects }) => !posted.has(objects[1]?.[1] ?? ""));
  expect(early).toEqual([]);
});

test("what was valued is in the batch of the next night, once", () => {
  const movementOf = (text: string) => /"movement":"([^"]*)"/.exec(text)?.[1] ?? "";
  const valued = textsOf(quiet, "erp", (text) => text.includes("stock_movement.valued")).map(movementOf);
  const closed = textsOf(quiet, "general-ledger", (text) => text.includes("posting_batch.closed")).map(movementOf);
  expect(closed.length).toBeGreaterThan(100);
  expect(new Set(closed).size).toBe(closed.length);
  expect(closed).toEqual(expect.arrayContaining(valued.slice(0, 50)));
});

test("eProcurement says what is left of its limit, and when to come again beyond it", () => {
  const world = createWorld(parseScenario({ path: "s.yaml", text: readScenario("quiet.yaml") }), {
    seed: 5,
    from: FROM,
  });
  const call = () => Promise.reject(new Error("nobody is called"));
  const agent = createAgent("procurement-saas", { from: FROM, call }, (desk) => openProcurementService(desk, world));
  const [item] = world.catalogue.items;
  const wanted = {
    replenishment: "r",
    site: "north",
    location: "ED",
    item: item?.id ?? "",
    packs: 1,
    isCritical: false,
  };
  const ask = (at: number) => agent.answer({ path: "/v1/below-par", body: JSON.stringify(wanted) }, at);
  const taken = Array.from({ length: 6 }, (_, index) => ask(FROM + index));
  expect(taken.map(({ status, headers }) => [status, headers["x-ratelimit-remaining"]])).toEqual(
    [5, 4, 3, 2, 1, 0].map((left) => [202, String(left)]),
  );
  expect(ask(FROM + 600_000)).toMatchObject({ status: 429, headers: { "retry-after": "3000" } });
  expect(ask(FROM + 3_600_000).status).toBe(202);
  expect(agent.answer({ path: "/", body: "" }, FROM).status).toBe(404);
});

test("eProcurement takes nothing while it is down, and is asked again", async () => {
  const outage = `${HEAD}  - { kind: outage, after: PT24H, lasts: PT20H, of: /procurement/north }\n`;
  const { words } = await playNetwork(outage, { seed: 5, hours: 60 });
  const created = words.filter(
    ({ system, source }) => system === "procurement-saas" && source === "/procurement/north",
  );
  const hours = created.map(({ at }) => (at - FROM) / 3_600_000);
  expect(hours.filter((hour) => hour > 25 && hour < 43)).toEqual([]);
  const fallen = words.filter(({ text, source }) => source === "/cabinet/north" && text.includes("stock.below_par"));
  const asked = new Set(created.flatMap(({ objects }) => objects.map(([, id]) => id)));
  expect(fallen.filter(({ at, objects }) => at < FROM + 50 * 3_600_000 && !asked.has(objects[0]?.[1] ?? ""))).toEqual(
    [],
  );
});

test.each(["wrong-vendor", "wrong-item"] as const)(
  "a line with a %s is refused, and ordered again where it is delivered",
  async (kind) => {
    const text = `${HEAD}  - { kind: ${kind}, after: PT24H, lasts: PT48H, share: 0.5 }\n`;
    const { words, faults } = await playNetwork(text, { seed: 5, hours: 120 });
    expect(faults.length).toBeGreaterThan(2);
    const played = { words, faults };
    const answers = textsOf(played, "suppliers", isSet("855")).flatMap((answer) => readAcknowledgement(answer).lines);
    const code = kind === "wrong-vendor" ? "R1" : "R2";
    const refused = answers.filter(({ status }) => status === code).map(({ orderLine }) => orderLine);
    expect(refused.toSorted()).toEqual(faults.map(({ objects }) => objects[0]?.id ?? "").toSorted());
  },
);

test.each(["lost", "doubled", "out-of-order", "corrupted"] as const)(
  "documents of every format are %s on their way, and business goes on",
  async (kind) => {
    const text = `${HEAD}  - { kind: ${kind}, after: PT12H, lasts: PT72H, share: 0.2 }\n`;
    const struck = await playNetwork(text, { seed: 5, hours: 96 });
    const usual = await playNetwork(HEAD.replace("faults:\n", "faults: []\n"), { seed: 5, hours: 96 });
    expect(new Set(struck.faults.map((fault) => fault.kind))).toEqual(new Set([kind]));
    const native = (format: string) => !["sdk", "job", "row"].includes(format);
    const count = (words: PlayedNetwork["words"]) => words.filter(({ format }) => native(format)).length;
    const expected = { lost: -1, doubled: 1, "out-of-order": 0, corrupted: 0 }[kind];
    expect(count(struck.words) - count(usual.words)).toBe(expected * struck.faults.length);
    const safe = ({ words }: PlayedNetwork) =>
      words.filter(({ format }) => !native(format)).map(({ text: own }) => own);
    expect(safe(struck)).toEqual(safe(usual));
    const damaged = new Set(struck.words.filter(({ text: own }) => own.endsWith("\u0000")).map(({ format }) => format));
    const formats = kind === "corrupted" ? ["x12", "hl7v2", "json", "epcis", "idoc"] : [];
    expect(damaged).toEqual(new Set(formats));
  },
);
