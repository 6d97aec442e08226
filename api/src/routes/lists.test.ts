import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { overview } from "../contract/overview.ts";
import { type Quarantined, quarantinedDetail, quarantinePage } from "../contract/quarantine.ts";
import { sourcePage } from "../contract/source.ts";
import { at, readPages } from "../rows.fixture.ts";
import { startTower, type Tower } from "../tower.fixture.ts";

const NOW = Date.parse(at(600));
const BYTES = Buffer.from([0, 255, 39, 92, 10, 123]);
let tower: Tower;
let south: string;

beforeAll(async () => {
  tower = await startTower({ now: () => NOW });
  south = await tower.createKey({ scope: { sites: ["south"], domains: "*" } });
  await tower.insert("source_states", [
    state("/heard/a", { site: "north", arrivedMinute: 595 }),
    {
      ...state("/heard/a", { site: "", arrivedMinute: 598 }),
      domain: "throughline",
      last_heartbeat_at: at(598),
      watermark_at: at(560),
    },
    state("/plain", { site: "north", arrivedMinute: 590 }),
    state("/plain", { site: "south", arrivedMinute: 580 }),
    state("/quiet", { site: "south", arrivedMinute: 400 }),
    { ...state("/import/x", { site: "north", arrivedMinute: 100 }), is_complete: 1 },
  ]);
  await tower.insert("source_activity", [
    activity("/heard/a", "north", { minute: 590, accepted: 5 }),
    activity("/plain", "north", { minute: 590, accepted: 7 }),
    activity("/plain", "south", { minute: 595, accepted: 11 }),
    activity("/plain", "south", { minute: 595, accepted: -1 }),
    activity("/quiet", "south", { minute: 30, accepted: 100 }),
  ]);
  await tower.insert(
    "quarantine",
    Array.from({ length: 25 }, (_, index) => refused(index)),
  );
  await tower.writer.command({
    query: `INSERT INTO quarantine SELECT * REPLACE (100 AS position, unhex('${BYTES.toString("hex")}') AS bytes, 6 AS size_bytes,
      SHA256(unhex('${BYTES.toString("hex")}')) AS digest) FROM (SELECT * FROM quarantine WHERE position = 1)`,
  });
});

afterAll(() => tower.close());

function state(source: string, of: { site: string; arrivedMinute: number }) {
  const last = at(of.arrivedMinute);
  return {
    source,
    site: of.site,
    domain: "erp",
    first_event_at: at(0),
    last_event_at: last,
    last_arrived_at: last,
    last_sequence: -1,
    is_complete: 0,
    types: ["erp.invoice.received"],
  };
}

function activity(source: string, site: string, { minute, accepted }: { minute: number; accepted: number }) {
  return {
    source,
    site,
    domain: "erp",
    minute: at(minute),
    accepted,
    duplicates: 0,
    superseded: 0,
    conflicts: 0,
    failed: 1,
  };
}

function refused(index: number) {
  return {
    log: index % 2 === 0 ? "g1" : "g2",
    position: index,
    arrived_at: at(Math.floor(index / 4)),
    route: "/v1/events",
    actor: "=cmd|'/c calc'!A1",
    source: index === 3 ? "it's {x:String} \\" : "/erp",
    site: index % 3 === 0 ? "south" : "north",
    domain: "erp",
    content_type: "application/json",
    code: index % 5 === 0 ? "too_large" : "invalid_event",
    issues: JSON.stringify([{ path: `/data/${index}`, message: 'must be "text", not a number' }]),
    bytes: "{}",
    size_bytes: 2,
    digest: "d".repeat(32),
  };
}

const readQuarantine = (path: string, key?: string) =>
  readPages<Quarantined>({
    tower,
    path,
    parse: (body) => quarantinePage.parse(body),
    ...(key !== undefined && { key }),
  });
const sources = async (path = "/sources", key?: string) => sourcePage.parse(await tower.get(path, key)).items;

test("says of each feed how far it is complete and since when it is silent", async () => {
  expect(await sources()).toMatchObject([
    {
      source: "/heard/a",
      state: "reporting",
      completeTo: at(560),
      watermarkAt: at(560),
      lastHeartbeatAt: at(598),
      silentSince: null,
    },
    { source: "/import/x", state: "complete", completeTo: at(600) },
    {
      source: "/plain",
      state: "reporting",
      completeTo: at(595),
      watermarkAt: null,
      sites: ["north", "south"],
      accepted: 17,
    },
    { source: "/quiet", state: "silent", silentSince: at(400), completeTo: at(400) },
  ]);
});

test("counts what a feed sent in the range only", async () => {
  const [, , plain, quiet] = await sources(`/sources?from=${at(591)}&to=${at(600)}`);
  expect([plain?.accepted, quiet?.accepted]).toEqual([10, 0]);
});

test("says how many feeds are complete to what time, and links to them", async () => {
  const { freshness, throughput } = overview.parse(await tower.get(`/overview?from=${at(540)}&to=${at(600)}`));
  expect(freshness).toMatchObject({
    feeds: { value: 4 },
    complete: { value: 3 },
    silent: { value: 1 },
    completeTo: at(560),
  });
  for (const { value, href } of [freshness.feeds, freshness.complete, freshness.silent])
    expect(await sources(href)).toHaveLength(value);
  expect(throughput.total.value).toBe(22);
  const linked = await sources(throughput.total.href);
  expect(linked.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(22);
  expect(throughput.points.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(22);
});

test("shows a scoped key the feeds of its sites with what they sent there", async () => {
  expect((await sources("/sources", south)).map(({ source, sites, accepted }) => [source, sites, accepted])).toEqual([
    ["/plain", ["south"], 10],
    ["/quiet", ["south"], 100],
  ]);
  const { freshness } = overview.parse(await tower.get("/overview", south));
  expect(freshness.feeds.value).toBe(2);
});

test("pages through feeds by name", async () => {
  const all = await readPages({ tower, path: "/sources?limit=1", parse: (body) => sourcePage.parse(body) });
  expect(all.map(({ source }) => source)).toEqual(["/heard/a", "/import/x", "/plain", "/quiet"]);
});

test("says how long what was stored has waited for its evaluation", async () => {
  await tower.insert("commits", [commit(1, 500), commit(2, 590), commit(3, 595)]);
  await tower.insert("projection_steps", [
    { projector: "legs", shard: 0, batch: 1, phase: "commit", now: at(510), body: "{}", recorded_at: at(510) },
  ]);
  const { projection } = overview.parse(await tower.get("/overview"));
  expect(projection).toEqual({ lagMs: 600_000, pendingSince: at(590), evaluatedAt: at(510) });
});

function commit(batch: number, minute: number) {
  const counts = { events: 1, spans: 0, logs: 0, quarantined: 0 };
  return { log: "g1", batch, first_position: batch, last_position: batch, committed_at: at(minute), ...counts };
}

test("lists what was refused, newest first, each once while more arrives", async () => {
  let position = 1000;
  const read = await readPages<Quarantined>({
    tower,
    path: "/quarantine?limit=4",
    parse: (body) => quarantinePage.parse(body),
    between: () =>
      tower.insert("quarantine", [{ ...refused(1), position: ++position, arrived_at: at(500 + position) }]),
  });
  expect(read).toHaveLength(26);
  expect(new Set(read.map(({ log, position: place }) => `${log}/${place}`)).size).toBe(26);
  expect(read.map(({ arrivedAt }) => arrivedAt)).toEqual(
    read
      .map(({ arrivedAt }) => arrivedAt)
      .toSorted()
      .toReversed(),
  );
});

test("narrows what was refused by where it came from and why", async () => {
  expect(await readQuarantine("/quarantine?code=too_large&site=south")).toHaveLength(2);
  const hostile = await readQuarantine(`/quarantine?source=${encodeURIComponent("it's {x:String} \\")}`);
  expect(hostile).toMatchObject([
    { position: "3", issues: [{ path: "/data/3", message: 'must be "text", not a number' }] },
  ]);
  expect(await readQuarantine(`/quarantine?q=${encodeURIComponent("/DATA/7")}`)).toHaveLength(1);
});

test("gives the bytes of what was refused to operators, and records it", async () => {
  const operator = await tower.createKey({ roles: ["operator"] });
  const found = quarantinedDetail.parse(await tower.get("/quarantine/g2/100", operator));
  expect(Buffer.from(found.bytes, "base64")).toEqual(BYTES);
  expect(found.digest).toBe(createHash("sha256").update(BYTES).digest("hex"));
  const result = await tower.writer.query({
    query: "SELECT target FROM audit_log WHERE action = 'quarantine.read'",
    format: "JSONEachRow",
  });
  expect(await result.json()).toEqual([{ target: "g2/100" }]);
});

test("shows a scoped key what its sites were refused", async () => {
  const read = await readQuarantine("/quarantine?to=2026-03-10T08:00:00Z", south);
  expect(new Set(read.map(({ site }) => site))).toEqual(new Set(["south"]));
  const operator = await tower.createKey({ roles: ["operator"], scope: { sites: ["south"], domains: "*" } });
  expect((await tower.request("/quarantine/g2/1", { key: operator })).status).toBe(404);
  expect((await tower.request("/quarantine/g2/3", { key: operator })).status).toBe(200);
});

test("gives any list as CSV, NDJSON or Parquet, by parameter or Accept", async () => {
  const path = "/quarantine?code=too_large&to=2026-03-10T08:00:00Z";
  const rows = await readQuarantine(path);
  const csv = await tower.request(path, { headers: { accept: "text/csv" } });
  expect(csv.headers.get("content-disposition")).toBe('attachment; filename="quarantine.csv"');
  const lines = (await csv.text()).split("\r\n");
  expect(lines).toHaveLength(rows.length + 2);
  expect(lines[1]).toContain(",'=cmd|'/c calc'!A1,");
  const ndjson = await (await tower.request(`${path}&format=ndjson`)).text();
  expect(
    ndjson
      .trim()
      .split("\n")
      .map((line): unknown => JSON.parse(line)),
  ).toEqual(rows);
  const parquet = await tower.request(path, { headers: { accept: "application/vnd.apache.parquet" } });
  const bytes = Buffer.from(await parquet.arrayBuffer());
  expect([bytes.subarray(0, 4).toString(), bytes.subarray(-4).toString()]).toEqual(["PAR1", "PAR1"]);
});

test("says what is wrong with each parameter", async () => {
  const wrong: [string, string][] = [
    ["/legs?limit=0", "/query/limit"],
    ["/legs?limit=1001", "/query/limit"],
    ["/legs?verdict=LATE", "/query/verdict/0"],
    ["/legs?from=yesterday", "/query/from"],
    ["/legs?from=2026-02-31T00:00:00Z", "/query/from"],
    ["/legs?from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z", "/query/from"],
    ["/overview?from=1990-01-01T00:00:00Z", "/query/from"],
    ["/legs?verdicts=MET", "/query/verdicts"],
    ["/legs?q=a&q=b", "/query/q"],
    ["/legs?q=%00", "/query/q"],
    ["/journeys", "/query/key"],
    ["/journeys?key=", "/query/key"],
    ["/traces/xyz", "/path/id"],
    ["/quarantine/g1/-1", "/path/position"],
    ["/legs?format=xlsx", "/query/format"],
  ];
  for (const [path, place] of wrong) {
    const response = await tower.request(path);
    expect([path, response.status, response.headers.get("content-type")]).toEqual([
      path,
      400,
      "application/problem+json",
    ]);
    expect(await response.json()).toMatchObject({
      type: "urn:throughline:problem:invalid_request",
      title: "Bad Request",
      status: 400,
      code: "invalid_request",
      errors: [{ path: place }],
    });
  }
});

test("survives characters of any language of queries in every parameter", async () => {
  const hostile = [
    "'",
    "\\",
    "\\'",
    "'; DROP TABLE events; --",
    "{key:String}",
    "${x}",
    "%",
    "_",
    "\t\n",
    "\u{1f48a}",
    "*",
    "NULL",
    "\u0001",
  ];
  const paths = [
    "/legs?flow=",
    "/legs?q=",
    "/legs?instanceId=",
    "/legs?site=",
    "/overview?site=",
    "/flows?domain=",
    "/sources?q=",
    "/sources?source=",
    "/quarantine?q=",
    "/quarantine?actor=",
    "/quarantine?route=",
    "/journeys?key=xx",
    "/journeys/lot/",
    "/flows/",
    "/quarantine/",
  ];
  for (const path of paths)
    for (const text of hostile) {
      const whole = path + encodeURIComponent(text) + (path === "/quarantine/" ? "/1" : "");
      expect([whole, (await tower.request(whole)).status < 500]).toEqual([whole, true]);
    }
});

test("gives its description and its figures, and says so where there is nothing", async () => {
  expect(await tower.get("/openapi.json")).toMatchObject({ openapi: "3.1.0", servers: [{ url: "/api/v1" }] });
  expect(await (await tower.request("/api/docs")).text()).toContain("swagger-ui-bundle.js");
  for (const file of ["swagger-ui-bundle.js", "swagger-ui.css", "start.js"]) {
    const response = await tower.request(`/api/docs/${file}`);
    expect([file, response.status, (await response.text()).length > 50]).toEqual([file, 200, true]);
  }
  const metrics = await (await tower.request("/metrics")).text();
  expect(metrics).toContain('throughline_api_request_seconds_count{method="GET",route="/api/v1/legs",status="400"}');
  const nothing = await tower.request("/nothing");
  expect([nothing.status, await nothing.json()]).toMatchObject([
    404,
    { code: "not_found", requestId: expect.any(String) },
  ]);
  expect((await tower.request("/legs", { method: "POST" })).status).toBe(404);
});
