import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Quarantined, quarantinedDetail, quarantinePage } from "../contract/quarantine.ts";
import { at, readPages } from "../rows.fixture.ts";
import { startTower, type Tower } from "../tower.fixture.ts";

const BYTES = Buffer.from([0, 255, 39, 92, 10, 123]);
const NOW = Date.parse(at(600));
let tower: Tower;
let south: string;

beforeAll(async () => {
  tower = await startTower({ now: () => NOW });
  south = await tower.createKey({ scope: { sites: ["south"], domains: "*" } });
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
  await tower.writer.command({
    query:
      "CREATE TABLE exported (arrived_at DateTime64(3, 'UTC'), position String, source String, size_bytes Int64) ENGINE = Memory",
  });
  await tower.writer.exec({
    query: "INSERT INTO exported FORMAT Parquet",
    values: Readable.from([Buffer.from(await parquet.arrayBuffer())]),
    clickhouse_settings: { input_format_skip_unknown_fields: 1 },
  });
  const stored = await tower.writer.query({
    query:
      "SELECT toUnixTimestamp64Milli(arrived_at) AS at, position, source, size_bytes AS size FROM exported ORDER BY at DESC, position",
    format: "JSONEachRow",
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
  });
  const wanted = rows.map(({ arrivedAt, position, source, sizeBytes }) => ({
    at: Date.parse(arrivedAt),
    position,
    source,
    size: sizeBytes,
  }));
  expect(await stored.json()).toEqual(wanted.toSorted((a, b) => b.at - a.at || (a.position < b.position ? -1 : 1)));
});
