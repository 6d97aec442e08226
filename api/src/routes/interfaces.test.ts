import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apiUsePage, interfaceDetail, interfacePage } from "../contract/interface.ts";
import { at, readPages, toEvent } from "../rows.fixture.ts";
import { INTERFACES, toCall } from "./interfaces.fixture.ts";
import { startTower, TEST_PACK, type Tower } from "../tower.fixture.ts";

const NOW = Date.parse(at(600));
const FROM = at(0);
const RANGE = `from=${FROM}&to=${at(600)}`;

let tower: Tower;
let south: string;

beforeAll(async () => {
  const interfaces = new Map(INTERFACES.map((entry) => [entry.id, entry]));
  tower = await startTower({ now: () => NOW, pack: { ...TEST_PACK, interfaces } });
  south = await tower.createKey({ scope: { sites: ["south"], domains: "*" } });
  const ack = "supplier.purchase_order.acknowledged";
  const versioned = (version: string) => ({
    extensions: JSON.stringify({ dataschema: `https://x12.example/855/${version}` }),
  });
  const events = [
    { ...toEvent({ position: 1, type: ack, source: "/edi/A", minute: 10 }), ...versioned("005010") },
    { ...toEvent({ position: 2, type: ack, source: "/edi/A", minute: 20, site: "south" }), ...versioned("006020") },
    { ...toEvent({ position: 3, type: ack, source: "/edi/B", minute: 90 }), ...versioned("006020") },
    { ...toEvent({ position: 4, type: ack, source: "/edi/B", minute: 110 }), ...versioned("008010") },
    { ...toEvent({ position: 5, type: ack, source: "/edi/B", minute: 115 }), ...versioned("009010") },
    { ...toEvent({ position: 6, type: "supplier.other.sent", source: "/edi/B", minute: 590 }), ...versioned("1") },
    {
      ...toEvent({
        position: 7,
        type: "test.file.received",
        source: "/f",
        minute: 500,
        attributes: { schema_version: 3 },
      }),
    },
  ];
  await tower.insert("events", events);
  // The same event again, as after a lost answer.
  await tower.insert("events", [{ ...events[1], position: 8, arrived_at: at(500) }]);
  const calls = [
    toCall(1, { minute: 595, client: "procurement" }),
    toCall(2, { minute: 596, client: "procurement", left: 3 }),
    toCall(3, { minute: 597, client: "procurement", status: 429, left: 0, retry: "120" }),
    toCall(4, { minute: 597, client: "pharmacy", status: 401 }),
    toCall(5, { minute: 598, client: "pharmacy", status: 403, site: "south" }),
    toCall(6, { minute: 598, client: "old", route: "/v1/items/{ndc}" }),
  ];
  await tower.insert("otel_traces", calls);
  await tower.insert("otel_traces", calls.slice(0, 2));
});

afterAll(() => tower.close());

const list = async (query = RANGE, key?: string) =>
  interfacePage.parse(await tower.get(`/interfaces?${query}`, key)).items;
const detail = async (id: string, query = RANGE, key?: string) =>
  interfaceDetail.parse(await tower.get(`/interfaces/${id}?${query}`, key));

describe("the catalogue", () => {
  test("says of each interface whether traffic comes as agreed", async () => {
    expect((await list()).map(({ id, cadence }) => [id, cadence.state, cadence.lastTrafficAt, cadence.dueAt])).toEqual([
      ["api", "kept", at(598), at(658)],
      ["edi", "late", at(115), at(175)],
      ["never", "unseen", null, null],
      ["seldom", "on-demand", at(500), null],
    ]);
  });

  test("counts each event and each call of the range once", async () => {
    const counted = async (query: string) => (await list(query)).map(({ id, events, calls }) => [id, events, calls]);
    expect(await counted(RANGE)).toEqual([
      ["api", 0, 6],
      ["edi", 5, 0],
      ["never", 0, 0],
      ["seldom", 1, 0],
    ]);
    expect(await counted(`from=${at(60)}&to=${at(120)}`)).toEqual([
      ["api", 0, 0],
      ["edi", 3, 0],
      ["never", 0, 0],
      ["seldom", 0, 0],
    ]);
  });

  test("pages by id, filters and leaves as a table", async () => {
    const all = await readPages({
      tower,
      path: `/interfaces?${RANGE}&limit=1`,
      parse: (body) => interfacePage.parse(body),
    });
    expect(all.map(({ id }) => id)).toEqual(["api", "edi", "never", "seldom"]);
    for (const [query, ids] of [
      ["state=late&state=unseen", ["edi", "never"]],
      ["finding=certificate", ["api"]],
      ["criticality=critical", ["edi"]],
      ["system=Suppliers", ["edi"]],
      ["q=item", ["api"]],
      ["owner=Nobody", []],
    ] as const)
      expect([query, (await list(`${RANGE}&${query}`)).map(({ id }) => id)]).toEqual([query, ids]);
    const csv = await (await tower.request(`/interfaces?${RANGE}&format=csv`)).text();
    expect(csv.split("\r\n")[2]).toMatch(/^edi,Acknowledgements,Suppliers,B,HTTPS,X12 855,005010,/);
  });

  test("refuses what it does not know", async () => {
    expect((await tower.request("/interfaces/none")).status).toBe(404);
    expect((await tower.request("/interfaces?state=fine")).status).toBe(400);
    expect((await tower.request(`/interfaces?from=${at(5)}&to=${at(5)}&limit=x`)).status).toBe(400);
    expect((await tower.request("/interfaces", { key: "" })).status).toBe(401);
    const sender = await tower.createKey({ roles: ["ingest"] });
    expect((await tower.request("/interfaces", { key: sender })).status).toBe(403);
  });
});

describe("versions", () => {
  test("that were not agreed are drift, with their count and times; an approved change allows its own", async () => {
    const { versions, findings } = await detail("edi");
    expect(versions.map(({ version, place, isAgreed, count }) => [version, place, isAgreed, count])).toEqual([
      ["005010", "dataschema", true, 1],
      ["006020", "dataschema", false, 2],
      ["008010", "dataschema", true, 1],
      ["009010", "dataschema", false, 1],
    ]);
    expect(findings).toMatchObject([
      { kind: "cadence", severity: "critical", change: null },
      { kind: "version-drift", subject: "006020", count: 2, firstSeenAt: at(20), lastSeenAt: at(90), change: null },
      { kind: "version-drift", subject: "009010", count: 1, lastSeenAt: at(115), change: "To 8010" },
    ]);
  });

  test("that are seen outside of the range only are listed and no finding", async () => {
    const { versions, findings } = await detail("edi", `from=${at(0)}&to=${at(60)}`);
    expect(versions.map(({ version, count }) => [version, count])).toEqual([
      ["005010", 1],
      ["006020", 1],
      ["008010", 0],
      ["009010", 0],
    ]);
    expect(findings.map(({ subject }) => subject)).toEqual(["", "006020"]);
  });

  test("of a route and of an attribute are read", async () => {
    const { versions } = await detail("api");
    expect(versions.map(({ version, place, isAgreed, count }) => [version, place, isAgreed, count])).toEqual([
      ["2", "route", true, 5],
      ["1", "route", false, 1],
    ]);
    expect((await detail("seldom")).versions).toMatchObject([{ version: "3", place: "attribute", isAgreed: true }]);
  });
});

describe("the use of an API", () => {
  test("is told by client, version and status, with what was left of its limit", async () => {
    const { use, failed, refused, throttled, leastHeadroomPercent } = await detail("api");
    expect({ failed, refused, throttled, leastHeadroomPercent }).toEqual({
      failed: 3,
      refused: 2,
      throttled: 1,
      leastHeadroomPercent: 0,
    });
    expect(use.map(({ client, version, status, calls }) => [client, version, status, calls])).toEqual([
      ["procurement", "2", 200, 2],
      ["old", "1", 200, 1],
      ["pharmacy", "2", 401, 1],
      ["pharmacy", "2", 403, 1],
      ["procurement", "2", 429, 1],
    ]);
    expect(use[0]).toMatchObject({ rateLimit: 100, leastHeadroomPercent: 3, longestRetryAfterSeconds: null });
    expect(use[4]).toMatchObject({ leastHeadroomPercent: 0, longestRetryAfterSeconds: 120, isThrottled: true });
  });

  test("is a finding where clients are refused, throttled or near their limit, and where a certificate ends", async () => {
    const { findings, certificates } = await detail("api");
    expect(findings.map(({ kind, subject, count, severity }) => [kind, subject, count, severity])).toEqual([
      ["version-drift", "1", 1, "high"],
      ["certificate", "CN=items.example", null, "high"],
      ["authentication", "pharmacy", 2, "high"],
      ["throttled", "procurement", 1, "high"],
      ["rate-limit", "procurement", null, "standard"],
    ]);
    expect(certificates).toMatchObject([{ side: "server", daysLeft: 9, notAfter: "2026-03-20T00:00:00Z" }]);
  });

  test("adds up hour by hour", async () => {
    const { hours, calls } = await detail("api");
    expect(hours).toEqual([
      {
        at: `${at(540).slice(0, 19)}Z`,
        events: 0,
        calls: 6,
        failed: 3,
        refused: 2,
        throttled: 1,
        leastHeadroomPercent: 0,
      },
    ]);
    expect(calls).toBe(6);
  });

  test("is a list that pages and leaves as a table", async () => {
    const path = `/interfaces/api/calls?${RANGE}&limit=2`;
    const rows = await readPages({ tower, path, parse: (body) => apiUsePage.parse(body) });
    expect(rows.map(({ calls }) => calls)).toEqual([2, 1, 1, 1, 1]);
    const lines = (await (await tower.request(`/interfaces/api/calls?${RANGE}&format=ndjson`)).text()).trim();
    expect(lines.split("\n")).toHaveLength(5);
  });
});

test("shows a scoped key, and a narrowed page, what belongs to their sites only, and says so", async () => {
  for (const shown of [await list(RANGE, south), await list(`${RANGE}&site=south`)])
    expect(shown.map(({ id, events, calls, isPartial }) => [id, events, calls, isPartial])).toEqual([
      ["api", 0, 1, true],
      ["edi", 1, 0, true],
      ["never", 0, 0, true],
      ["seldom", 0, 0, true],
    ]);
  expect((await list(`${RANGE}&site=north`, south)).map(({ events, calls }) => events + calls)).toEqual([0, 0, 0, 0]);
  expect((await detail("api", `${RANGE}&domain=erp`)).calls).toBe(6);
  expect((await detail("api", `${RANGE}&domain=pharmacy`)).calls).toBe(0);
});

describe("as of a moment", () => {
  const seen = async (minute: number, from = 0) => {
    const { versions, cadence } = await detail("edi", `asOf=${at(minute)}&from=${at(from)}&to=${at(600)}`);
    return [cadence.state, versions.map(({ version, count }) => [version, count])];
  };

  test("only what had arrived by then is counted, whenever it happened", async () => {
    const type = "supplier.purchase_order.acknowledged";
    const late = toEvent({ position: 20, type, source: "/edi/B", minute: 30 });
    const extensions = JSON.stringify({ dataschema: "https://x12.example/855/010010" });
    await tower.insert("events", [{ ...late, arrived_at: at(400), extensions }]);
    const known = [
      ["005010", 1],
      ["006020", 2],
    ];
    const rest = [
      ["008010", 1],
      ["009010", 1],
    ];
    expect(await seen(5)).toEqual(["unseen", []]);
    expect(await seen(95)).toEqual(["kept", known]);
    expect(await seen(150)).toEqual(["kept", [...known, ...rest]]);
    expect(await seen(399)).toEqual(["late", [...known, ...rest]]);
    expect(await seen(400)).toEqual(["late", [...known, ["010010", 1], ...rest]]);
    // Of what lies before the range the time of the events decides: it is listed, and counts for nothing.
    const earlier = [known[0]?.with(1, 0), known[1]?.with(1, 1), ["010010", 0]];
    expect(await seen(95, 60)).toEqual(["kept", earlier]);
  });

  test("calls are those that had begun, and of the reader's own sites", async () => {
    const count = async (minute: number, key?: string) => {
      const { calls, hours, use } = await detail("api", `asOf=${at(minute)}`, key);
      expect(hours.reduce((sum, hour) => sum + hour.calls, 0)).toBe(calls);
      expect(use.reduce((sum, row) => sum + row.calls, 0)).toBe(calls);
      return calls;
    };
    expect([await count(500), await count(595.5), await count(597), await count(598)]).toEqual([0, 1, 4, 6]);
    expect([await count(597, south), await count(598, south)]).toEqual([0, 1]);
    const page = apiUsePage.parse(await tower.get(`/interfaces/api/calls?asOf=${at(597)}`));
    expect(page.items.reduce((sum, { calls }) => sum + calls, 0)).toBe(4);
  });

  test("certificates are those that had been seen, with the days that they had left", async () => {
    const certificatesAt = async (minute: number) => (await detail("api", `asOf=${at(minute)}`)).certificates;
    expect(await certificatesAt(594)).toEqual([]);
    expect(await certificatesAt(595.5)).toMatchObject([{ daysLeft: 9, firstSeenAt: at(595), lastSeenAt: at(595.5) }]);
  });

  test("the present is what a moment now is answered with", async () => {
    const strip = (items: Awaited<ReturnType<typeof list>>) => items.map(({ href: _href, ...rest }) => rest);
    const then = await list(`${RANGE}&asOf=${at(600)}`);
    expect(strip(then)).toEqual(strip(await list()));
    expect(then[0]?.href).toContain("asOf=");
  });
});
