import { calendar } from "@throughline/schemas/calendar/calendar";
import { type Pack, sourceRule } from "@throughline/schemas/pack/flow";
import { interfaceDefinition } from "@throughline/schemas/pack/interface";
import { slo } from "@throughline/schemas/pack/slo";
import { afterAll, beforeAll, expect, test } from "vitest";
import { feedFindings } from "../contract/coverage.ts";
import { interfaceDetail, interfacePage } from "../contract/interface.ts";
import { overview } from "../contract/overview.ts";
import { sloDetail, sloPage } from "../contract/slo.ts";
import { sourcePage } from "../contract/source.ts";
import { recordConfiguration } from "../projections/engine/configuration-versions.ts";
import { readRawRows } from "../projections/engine/read-rows.ts";
import { openProjector } from "../projections/projector.ts";
import { at, toEvent } from "../rows.fixture.ts";
import { startTower, TEST_PACK, type Tower } from "../tower.fixture.ts";
import { INTERFACES } from "./interfaces.fixture.ts";

const FIRST = 100;
const SECOND = 300;
const edi = interfaceDefinition.parse(INTERFACES.find(({ id }) => id === "edi"));
const days = (day: "tuesday" | "friday") =>
  calendar.parse({ id: "days", title: "Days", zone: "UTC", shifts: { [day]: [{ from: "00:00", to: "24:00" }] } });
const objective = (id: string, percent: number) =>
  slo.parse({ id, title: id, flow: "order", legs: ["receipt"], response: "Call.", objective: percent });
const toSources = (lag: string, name: string) => [
  sourceRule.parse({ source: "/edi/A", watermark: "arrival", lag, batches: [{ name, by: "01:00", calendar: "days" }] }),
  ...TEST_PACK.sources,
];

const OLD: Pack = {
  ...TEST_PACK,
  sources: toSources("PT5M", "inventory"),
  slos: [objective("retired", 80), objective("receipts", 90)],
  interfaces: new Map([
    ["edi", edi],
    ["gone", { ...edi, id: "gone" }],
  ]),
  calendars: new Map([["days", days("tuesday")]]),
};
const NEW: Pack = {
  ...OLD,
  sources: [sourceRule.parse({ source: "/other", watermark: "arrival" }), ...toSources("PT9M", "orders")],
  slos: [objective("receipts", 99)],
  interfaces: new Map([["edi", { ...edi, fallback: "Write.", contract: { ...edi.contract, version: "006020" } }]]),
  calendars: new Map([["days", days("friday")]]),
};

let tower: Tower;

beforeAll(async () => {
  tower = await startTower({ now: () => Date.parse(at(900)), pack: NEW });
  const place = { source: "/edi/A", site: "north", domain: "supplier" };
  const times = { first_event_at: at(10), last_event_at: at(10), last_arrived_at: at(10) };
  await tower.insert("source_history", [{ ...place, ...times, until: at(20), last_sequence: -1, is_complete: 0 }]);
  const type = "supplier.purchase_order.acknowledged";
  const extensions = JSON.stringify({ dataschema: "https://x12.example/855/006020" });
  await tower.insert("events", [{ ...toEvent({ position: 1, type, source: "/edi/A", minute: 110 }), extensions }]);
  await start(OLD, FIRST);
  await start(OLD, FIRST + 50);
  await start(NEW, SECOND);
});

afterAll(() => tower.close());

/** A projector that loads a pack at a minute and ends. */
async function start(pack: Pack, minute: number) {
  const { connection } = tower.engine;
  await (await openProjector({ connection, pack, now: () => Date.parse(at(minute)) })).close();
}

const listSlos = async (minute: number) =>
  sloPage.parse(await tower.get(`/slos?asOf=${at(minute)}`)).items.map(({ id, objective: share }) => [id, share]);
const listInterfaces = async (minute: number) =>
  interfacePage
    .parse(await tower.get(`/interfaces?asOf=${at(minute)}`))
    .items.map(({ id, contract, findings }) => [id, contract.version, findings.map(({ kind }) => kind)]);
const findPromise = async (minute: number) => {
  const { items } = sourcePage.parse(await tower.get(`/sources?asOf=${at(minute)}`));
  return items.find(({ source }) => source === "/edi/A")?.promise.lagMs;
};
const listFindings = async (minute: number) =>
  feedFindings.parse(await tower.get(`/sources/findings?asOf=${at(minute)}`)).items.map(({ detail }) => detail);

test("answers as of a moment by what was configured then, and by the present from the change on", async () => {
  expect(await findPromise(SECOND - 1)).toBe(300_000);
  expect(await findPromise(SECOND)).toBe(540_000);
  expect(await listSlos(SECOND - 1)).toEqual([
    ["retired", 80],
    ["receipts", 90],
  ]);
  expect(await listSlos(SECOND)).toEqual([["receipts", 99]]);
  const ask = async (minute: number) => sloDetail.parse(await tower.get(`/slos/receipts?asOf=${at(minute)}`)).slo;
  expect((await ask(FIRST)).objective).toBe(90);
  expect((await ask(SECOND + 100)).objective).toBe(99);
  expect((await tower.request(`/slos/retired?asOf=${at(FIRST)}`)).status).toBe(200);
  expect((await tower.request(`/slos/retired?asOf=${at(SECOND)}`)).status).toBe(404);
});

test("holds feeds to the batches and calendars of then", async () => {
  expect(await listFindings(SECOND - 1)).toEqual([
    "inventory of 2026-03-10: missing",
    "inventory of 2026-03-03: missing",
  ]);
  expect(await listFindings(SECOND)).toEqual(["orders of 2026-03-06: missing"]);
});

test("shows the catalogue of then, and what of its traffic was drift by the contract of then", async () => {
  expect(await listInterfaces(FIRST + 5)).toEqual([
    ["edi", "005010", ["unseen"]],
    ["gone", "005010", ["unseen"]],
  ]);
  expect(await listInterfaces(FIRST + 15)).toEqual([
    ["edi", "005010", ["version-drift"]],
    ["gone", "005010", ["version-drift"]],
  ]);
  expect(await listInterfaces(SECOND)).toEqual([["edi", "006020", ["cadence"]]]);
  const then = interfaceDetail.parse(await tower.get(`/interfaces/edi?asOf=${at(FIRST + 15)}`));
  expect(then).toMatchObject({ fallback: "Call.", events: 1, cadence: { state: "kept" } });
  expect(interfaceDetail.parse(await tower.get(`/interfaces/edi?asOf=${at(SECOND)}`)).fallback).toBe("Write.");
  expect((await tower.request(`/interfaces/gone?asOf=${at(SECOND)}`)).status).toBe(404);
  expect((await tower.request("/interfaces/gone")).status).toBe(404);
});

test("refuses a moment before the first configuration, and says since when it is known", async () => {
  const feeds = ["/sources?", "/sources/findings?", "/sources/detail?source=/edi/A&"];
  for (const path of [
    ...feeds,
    "/slos?",
    "/slos/receipts?",
    "/interfaces?",
    "/interfaces/edi?",
    "/interfaces/edi/calls?",
  ]) {
    const response = await tower.request(`${path}asOf=${at(FIRST - 1)}`);
    expect([path, response.status]).toEqual([path, 400]);
    const detail = `What was configured is not known before ${at(FIRST)}.`;
    expect(await response.json()).toMatchObject({ detail, errors: [{ path: "/query/asOf" }] });
  }
  const freshness = async (minute: number) =>
    overview.parse(await tower.get(`/overview?asOf=${at(minute)}`)).freshness?.feeds.value;
  expect([await freshness(FIRST - 1), await freshness(FIRST)]).toEqual([undefined, 1]);
});

test("stores what changed once, however many processes load it at once, and what is gone", async () => {
  const rows = () =>
    readRawRows(tower.writer, {
      caller: "test",
      sql: `SELECT toUnixTimestamp64Milli(since), groupArray(kind || ' ' || id || if(is_removed, ' gone', '')) FROM
        (SELECT * FROM configuration_versions WHERE kind IN ('pack', 'slo') ORDER BY since, kind, id) GROUP BY since ORDER BY since`,
    });
  const before = [
    [Date.parse(at(FIRST)), ["pack ", "slo receipts", "slo retired"]],
    [Date.parse(at(SECOND)), ["pack ", "slo receipts", "slo retired gone"]],
  ];
  expect(await rows()).toEqual(before);
  const load = () => recordConfiguration(tower.writer, OLD, Date.parse(at(SECOND + 100)));
  await Promise.all([load(), load(), load()]);
  await load();
  expect(await rows()).toEqual([...before, [Date.parse(at(SECOND + 100)), ["pack ", "slo receipts", "slo retired"]]]);
});

test("refuses a configuration that another release wrote", async () => {
  const row = { since: at(SECOND + 200), place: 0, is_removed: 0 };
  await tower.insert("configuration_versions", [
    { ...row, kind: "pack", id: "", version: "other", body: "" },
    { ...row, kind: "slo", id: "receipts", version: "other", body: '{"id":"receipts"}' },
  ]);
  const response = await tower.request(`/slos?asOf=${at(SECOND + 201)}`);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    detail: "What was configured then was stored by a release that this one does not know.",
  });
});
