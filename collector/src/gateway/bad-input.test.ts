import { deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EVENT, type TestGateway, startTestGateway } from "./gateway.fixture.ts";

const MIB = 1024 * 1024;
let test: TestGateway;
beforeAll(async () => {
  test = await startTestGateway({ limits: { requestTimeoutMs: 1000 }, objectTypes: new Set(["item", "lot"]) });
});
afterAll(() => test.stop());

let lastSource = 0;
const newSource = () => `urn:bad:${++lastSource}`;
const json = (value: unknown) => JSON.stringify(value);
const countEvents = async (source: string) =>
  (await test.query<{ id: string }>(`SELECT id FROM events WHERE source = '${source}' ORDER BY id`)).map(
    ({ id }) => id,
  );

describe("a body that cannot be taken", () => {
  const gzip = { "content-encoding": "gzip" };
  const good = json(EVENT);
  const type = (contentType: string) => ({ "content-type": contentType });
  const binary = { "ce-specversion": "1.0" };
  const zeros = Buffer.alloc(80 * MIB);
  const bad: {
    what: string;
    body: string | Uint8Array<ArrayBuffer>;
    headers?: object;
    status: number;
    reason: string;
  }[] = [
    { what: "is not JSON", body: "{", status: 400, reason: "is not JSON" },
    { what: "is empty", body: "", status: 400, reason: "is not JSON" },
    { what: "has NaN", body: '{"specversion":"1.0","n":NaN}', status: 400, reason: "is not JSON" },
    { what: "is not UTF-8", body: Buffer.from([34, 0xff, 34]), status: 400, reason: "is not valid UTF-8" },
    {
      what: "has a wrong content type",
      body: good,
      headers: type("text/csv"),
      status: 415,
      reason: "content type must",
    },
    {
      what: "is Latin-1",
      body: good,
      headers: type("application/json; charset=latin1"),
      status: 415,
      reason: "latin1",
    },
    {
      what: "is Brotli",
      body: good,
      headers: { "content-encoding": "br" },
      status: 415,
      reason: "content encoding br",
    },
    { what: "is no gzip", body: good, headers: gzip, status: 400, reason: "is not valid gzip" },
    {
      what: "is half a gzip",
      body: gzipSync(good).subarray(0, 60),
      headers: gzip,
      status: 400,
      reason: "is not valid gzip",
    },
    { what: "is a gzip bomb", body: gzipSync(zeros), headers: gzip, status: 413, reason: "after inflation" },
    {
      what: "is a deflate bomb",
      body: deflateSync(zeros),
      headers: { "content-encoding": "deflate" },
      status: 413,
      reason: "after",
    },
    {
      what: "is a zstd bomb",
      body: zstdCompressSync(zeros),
      headers: { "content-encoding": "zstd" },
      status: 413,
      reason: "after",
    },
    { what: "has 100 MB", body: Buffer.alloc(100_000_000, 32), status: 413, reason: "larger than 16777216 bytes" },
    { what: "has too many events", body: `[${"1,".repeat(100_000)}1]`, status: 413, reason: "More than 100000 events" },
    {
      what: "is no batch",
      body: good,
      headers: type("application/cloudevents-batch+json"),
      status: 400,
      reason: "must be an array",
    },
    {
      what: "is a batch",
      body: `[${good}]`,
      headers: type("application/cloudevents+json"),
      status: 400,
      reason: "must be one event",
    },
    {
      what: "is nested 10,000 deep",
      body: `${"[".repeat(10_000)}${"]".repeat(10_000)}`,
      status: 400,
      reason: "expected object",
    },
    { what: "is nested a million deep", body: "[".repeat(1_000_000), status: 400, reason: "is not JSON" },
    {
      what: "has bad headers",
      body: "{}",
      headers: { ...binary, "ce-id": "%zz" },
      status: 400,
      reason: "percent-encoded",
    },
    {
      what: "has data as a header",
      body: "",
      headers: { ...binary, "ce-data": "x" },
      status: 400,
      reason: "as a header",
    },
  ];
  it.each(bad)("since it $what is answered by name", async ({ body, headers, status, reason }) => {
    const response = await test.send("/v1/events", body, { ...headers });

    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.text()).toContain(reason);
  });

  it.each([
    ["/v1/events", "GET", 405],
    ["/v1/metrics", "POST", 404],
    ["/metrics", "POST", 405],
    ["/%00", "GET", 404],
  ])("sent to %s by %s is answered %i", async (path, method, status) => {
    const response = await fetch(`${test.gateway.url}${path}`, { method, headers: { authorization: "Bearer ingest" } });

    expect(response.status).toBe(status);
  });

  it("that cannot be read is kept whole", async () => {
    const body = `not JSON ${newSource()}`;
    await test.send("/v1/events", body);
    const kept = await test.query(`SELECT bytes, size_bytes, content_type FROM quarantine WHERE bytes = '${body}'`);

    expect(kept).toEqual([{ bytes: body, size_bytes: body.length, content_type: "application/json" }]);
  });

  it("that is larger than what is kept is kept up to there, with its size", async () => {
    const body = `"${"x".repeat(2 * MIB)}`;
    await test.send("/v1/events", body);
    const kept = await test.query(`SELECT length(bytes) AS kept FROM quarantine WHERE size_bytes = ${body.length}`);

    expect(kept).toEqual([{ kept: MIB }]);
  });
});

describe("an event that cannot be taken", () => {
  const deep = `${"[".repeat(10_000)}${"]".repeat(10_000)}`;
  const objects = (count: number) => Array.from({ length: count }, (_, index) => ({ type: "item", id: String(index) }));
  it.each<[string, unknown, string]>([
    ["null", null, ""],
    ["a number", 1, ""],
    ["an id of 10 KB", { ...EVENT, id: "x".repeat(10_240) }, "/id"],
    ["a lone surrogate", { ...EVENT, subject: "a\ud800" }, "/subject"],
    ["a NUL", { ...EVENT, subject: "a\0" }, "/subject"],
    ["the year 0001", { ...EVENT, time: "0001-01-01T00:00:00Z" }, "/time"],
    ["the year 9999", { ...EVENT, time: "9999-12-31T23:59:59Z" }, "/time"],
    ["a time in the future", { ...EVENT, time: new Date(Date.now() + 660_000).toISOString() }, "/time"],
    ["a time without zone", { ...EVENT, time: "2026-03-01T09:00:00" }, "/time"],
    ["100,000 objects", { ...EVENT, data: { objects: objects(100_000) } }, "/data/objects"],
    ["an unknown object type", { ...EVENT, data: { objects: [{ type: "unicorn", id: "1" }] } }, "/data/objects/0/type"],
    ["2^63", { ...EVENT, data: { attributes: { n: 2 ** 63 } } }, "/data/attributes/n"],
    ["infinity", { ...EVENT, data: { attributes: { n: "INFINITY" } } }, "/data/attributes/n"],
    ["deep nesting", { ...EVENT, data: { attributes: { n: "DEEP" } } }, "/data/attributes/n"],
    ["a deep extension", { ...EVENT, deep: "DEEP" }, "/deep"],
    [
      "more data than fits",
      {
        ...EVENT,
        data: {
          attributes: Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`a${index}`, "x".repeat(8192)])),
        },
      },
      "/data",
    ],
    [
      "__proto__",
      JSON.parse('{"specversion":"1.0","id":"1","source":"a","type":"a.b.c","data":{"__proto__":{"objects":[]}}}'),
      "/data",
    ],
  ])("because of %s is refused with its path, and those beside it are stored", async (_, bad, path) => {
    const source = newSource();
    const body = json([{ ...EVENT, source, id: "a" }, bad, { ...EVENT, source, id: "b" }])
      .replace('"INFINITY"', "1e999")
      .replace('"DEEP"', deep);
    const response = await test.send("/v1/events", body);

    expect(response.status).toBe(400);
    const problem = await response.json();
    expect(problem).toMatchObject({ accepted: 2, refused: 1 });
    expect(problem).toMatchObject({
      errors: expect.arrayContaining([expect.objectContaining({ path: expect.stringMatching(`^/1${path}`) })]),
    });
    expect(await countEvents(source)).toEqual(["a", "b"]);
  });

  it("in a line that is not JSON is refused alone", async () => {
    const source = newSource();
    const lines = [json({ ...EVENT, source, id: "a" }), "{", json({ ...EVENT, source, id: "b" })].join("\n");
    const response = await test.send("/v1/events", lines, { "content-type": "application/x-ndjson" });

    expect(await response.json()).toMatchObject({ accepted: 2, refused: 1, errors: [{ path: "/1" }] });
    expect(await countEvents(source)).toEqual(["a", "b"]);
  });

  it("is refused with all the others of a body that has nothing else", async () => {
    const response = await test.send("/v1/events", `[${"1,".repeat(49_999)}1]`);
    const problem = await response.json();

    expect(problem).toMatchObject({ accepted: 0, refused: 50_000 });
    expect(problem).toHaveProperty("errors.length", 1000);
  });

  it("is kept under a code of its own when the clock of its source is ahead", async () => {
    const source = newSource();
    await test.send(
      "/v1/events",
      json({ ...EVENT, source, time: new Date(Date.now() + 3 * 86_400_000).toISOString() }),
    );
    const kept = await test.query(`SELECT code FROM quarantine WHERE source = '${source}'`);
    expect(kept).toEqual([{ code: "clock_ahead" }]);
  });

  it("takes the time that is just within how far clocks may differ", async () => {
    const response = await test.send(
      "/v1/events",
      json({ ...EVENT, time: new Date(Date.now() + 590_000).toISOString() }),
    );

    expect(response.status).toBe(202);
  });

  it("keeps 1,000 objects of one event", async () => {
    const source = newSource();
    expect((await test.send("/v1/events", json({ ...EVENT, source, data: { objects: objects(1000) } }))).status).toBe(
      202,
    );
    const rows = await test.query(
      `SELECT count() AS rows FROM object_events WHERE position IN (SELECT position FROM events WHERE source = '${source}')`,
    );

    expect(rows).toEqual([{ rows: 1000 }]);
  });
});
