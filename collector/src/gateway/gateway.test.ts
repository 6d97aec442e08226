import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EVENT, type TestGateway, startTestGateway } from "./gateway.fixture.ts";

let test: TestGateway;
beforeAll(async () => {
  test = await startTestGateway();
});
afterAll(() => test.stop());

let lastSource = 0;
/** A source that no other test sends from. */
const newSource = () => `urn:test:${++lastSource}`;

const readEvents = (source: string) =>
  test.query<Record<string, unknown>>(
    `SELECT * EXCEPT (log, position, arrived_at, digest), lower(hex(digest)) AS digest FROM events WHERE source = '${source}' ORDER BY position`,
  );

const AWKWARD =
  'O\'Reilly "q" \\ {{MergeTree}} ${x} {name: String} %s `t` -- ; DROP TABLE events\n\t\u0001 Ä 処 🏥 </script>';

describe("events", () => {
  it("of which only the day is known have its first moment as their time, and say how much later it may have been", async () => {
    const source = newSource();
    const days = [{ precision: "day", zone: "America/Chicago" }, { precision: "day" }, {}].map((data, index) => ({
      ...EVENT,
      source,
      id: `${index}`,
      time: "2026-03-08T12:00:00-06:00",
      data,
    }));
    await test.send("/v1/events", JSON.stringify(days), { "content-type": "application/cloudevents-batch+json" });
    expect((await readEvents(source)).map((row) => [row["time"], row["imprecise_ms"]])).toEqual([
      ["2026-03-08 06:00:00.000", 23 * 3_600_000 - 1],
      ["2026-03-08 06:00:00.000", 24 * 3_600_000 - 1],
      ["2026-03-08 18:00:00.000", 0],
    ]);
  });

  it("come into the store with every attribute, unharmed", async () => {
    const source = newSource();
    const response = await test.send(
      "/v1/events",
      JSON.stringify({
        ...EVENT,
        source,
        id: AWKWARD,
        time: "2026-03-01T09:00:00.123456+01:00",
        subject: AWKWARD,
        site: AWKWARD,
        traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        tracestate: "vendor=1",
        sequence: "42",
        dataschema: "https://example.com/s",
        datacontenttype: "application/json",
        extra: AWKWARD,
        none: null,
        data: {
          objects: [
            { type: "lot", id: AWKWARD, role: AWKWARD.slice(0, 60) },
            { type: "item", id: "1" },
          ],
          outcome: "failed",
          error: { class: "mapping", message: AWKWARD },
          attempt: 2,
          revision: 3,
          reason: AWKWARD,
          reverses: { source: "a", id: AWKWARD },
          measures: { quantity: { value: "10", unit: "CS" }, amount: { value: "240.00", currency: "USD" } },
          attributes: { b: AWKWARD, a: [AWKWARD], n: 1.5 },
        },
      }),
      { "content-type": "application/cloudevents+json; charset=utf-8" },
    );

    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ accepted: 1, refused: 0 });
    const [row] = await readEvents(source);
    expect(row).toMatchObject({
      id: AWKWARD,
      revision: 3,
      type: "erp.goods_receipt.posted",
      domain: "erp",
      time: "2026-03-01 08:00:00.123",
      site: AWKWARD,
      subject: AWKWARD,
      object_types: ["lot", "item"],
      object_ids: [AWKWARD, "1"],
      object_roles: [AWKWARD.slice(0, 60), ""],
      outcome: "failed",
      attempt: 2,
      reason: AWKWARD,
      measure_names: ["quantity", "amount"],
      measure_values: ["10", "240.00"],
      measure_units: ["CS", ""],
      measure_currencies: ["", "USD"],
      trace_id: "0af7651916cd43dd8448eb211c80319c",
      span_id: "b7ad6b7169203331",
      sequence: 42,
      payload: "",
    });
    expect(JSON.parse(String(row?.["error"]))).toEqual({ class: "mapping", message: AWKWARD });
    expect(JSON.parse(String(row?.["reverses"]))).toEqual({ source: "a", id: AWKWARD });
    expect(JSON.parse(String(row?.["attributes"]))).toEqual({ a: [AWKWARD], b: AWKWARD, n: 1.5 });
    expect(JSON.parse(String(row?.["extensions"]))).toEqual({
      extra: AWKWARD,
      dataschema: "https://example.com/s",
      datacontenttype: "application/json",
      tracestate: "vendor=1",
    });
    const objects = await test.query(
      `SELECT object_type, site, domain FROM object_events WHERE position IN (SELECT position FROM events WHERE source = '${source}') ORDER BY object_type`,
    );
    expect(objects).toEqual([
      { object_type: "item", site: AWKWARD, domain: "erp" },
      { object_type: "lot", site: AWKWARD, domain: "erp" },
    ]);
  });

  it("have the time of their arrival when they have none, and a digest that does not depend on it", async () => {
    const source = newSource();
    for (let times = 0; times < 2; times++)
      await test.send("/v1/events", JSON.stringify({ ...EVENT, source, time: null }));
    const rows = await readEvents(source);

    expect(rows).toHaveLength(2);
    expect(rows[0]?.["digest"]).toBe(rows[1]?.["digest"]);
    expect(Math.abs(Date.parse(`${String(rows[0]?.["time"])}Z`) - Date.now())).toBeLessThan(60_000);
    expect(rows[0]).toMatchObject({ sequence: -1, extensions: "", attributes: "", trace_id: "" });
  });

  it("may be sent as a batch, as lines, or one by one", async () => {
    const source = newSource();
    const events = ["1", "2"].map((id) => ({ ...EVENT, source, id }));
    const batch = { "content-type": "application/cloudevents-batch+json" };
    const responses = [
      await test.send("/v1/events", JSON.stringify(events), batch),
      await test.send("/v1/events", JSON.stringify(events)),
      await test.send("/v1/events", `\u{feff}${JSON.stringify(events[0])}`),
      await test.send("/v1/events", `${events.map((event) => JSON.stringify(event)).join("\r\n")}\n\n`, {
        "content-type": "application/x-ndjson",
      }),
      await test.send("/v1/events", "[]", batch),
    ];

    expect(responses.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
    expect((await readEvents(source)).map(({ id }) => id)).toEqual(["1", "2", "1", "2", "1", "1", "2"]);
  });

  it("may be sent in binary mode, with percent-encoded attributes as headers", async () => {
    const source = newSource();
    const headers = {
      "ce-specversion": "1.0",
      "ce-id": "Euro%20%E2%82%AC%20%F0%9F%98%80",
      "ce-source": source,
      "ce-type": "erp.a.b",
      "ce-key": "k%22",
    };
    const data = { objects: [{ type: "item", id: "1" }] };
    const responses = [
      await test.send("/v1/events", JSON.stringify(data), {
        ...headers,
        "content-type": "application/json; charset=utf-8",
      }),
      await test.send("/v1/events", "ISA*00*", { ...headers, "content-type": "application/edi-x12" }),
      await test.send("/v1/events", Buffer.from([0, 255]), { ...headers, "content-type": "application/octet-stream" }),
    ];

    expect(responses.map(({ status }) => status)).toEqual([202, 202, 202]);
    const rows = await readEvents(source);
    expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 3 }, () => "Euro € 😀"));
    expect(rows.map(({ payload }) => payload)).toEqual(["", "ISA*00*", "AP8="]);
    expect(rows[0]?.["object_ids"]).toEqual(["1"]);
    expect(JSON.parse(String(rows[2]?.["extensions"]))).toEqual({
      key: 'k"',
      datacontenttype: "application/octet-stream",
      data_base64: true,
    });
  });

  it("that are good are stored although others of the request are refused, and those are kept with path, reason and bytes", async () => {
    const source = newSource();
    const bad = `{"specversion":"1.0","id":"2", "source":"${source}","site":"north","type":"erp.a.b","data":{"attributes":{"n":9223372036854775808}}}`;
    const response = await test.send(
      "/v1/events",
      `[${JSON.stringify({ ...EVENT, source })}, ${bad} ,${JSON.stringify({ ...EVENT, source, id: "3" })}]`,
    );

    expect(response.status).toBe(400);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({
      code: "invalid_request",
      accepted: 2,
      refused: 1,
      errors: [{ path: "/1/data/attributes/n", message: "is too large to be exact as a number: send it as text" }],
    });
    expect((await readEvents(source)).map(({ id }) => id)).toEqual(["1", "3"]);
    const kept = await test.query(
      `SELECT route, actor, site, domain, code, issues, bytes, size_bytes, lower(hex(digest)) = lower(hex(SHA256(bytes))) AS is_digest FROM quarantine WHERE source = '${source}'`,
    );
    expect(kept).toEqual([
      {
        route: "/v1/events",
        actor: "k1",
        site: "north",
        domain: "erp",
        code: "invalid_request",
        issues: '[{"path":"/data/attributes/n","message":"is too large to be exact as a number: send it as text"}]',
        bytes: bad,
        size_bytes: bad.length,
        is_digest: 1,
      },
    ]);
  });

  it("are stored in their order however many come at once", async () => {
    const source = newSource();
    const events = Array.from({ length: 12_345 }, (_, index) => ({ ...EVENT, source, id: String(index) }));
    const response = await test.send("/v1/events", JSON.stringify(events));

    expect(await response.json()).toEqual({ accepted: 12_345, refused: 0 });
    const [row] = await test.query(
      `SELECT count() AS rows, max(position) - min(position) + 1 AS span, groupArray(toUInt32(id)) = range(12345) AS ordered FROM (SELECT id, position FROM events WHERE source = '${source}' ORDER BY position)`,
    );
    expect(row).toEqual({ rows: 12_345, span: 12_345, ordered: 1 });
  });
});

describe("a sender", () => {
  const post = (key: string | undefined, event: object = EVENT) =>
    test.send("/v1/events", JSON.stringify(event), { authorization: key === undefined ? "" : `Bearer ${key}` });

  it.each([
    [undefined, 401],
    ["unknown", 401],
    ["viewer", 403],
    ["ingest", 202],
    ["admin", 202],
  ])("with key %s is answered %i", async (key, status) => {
    expect((await post(key)).status).toBe(status);
  });

  it("may send only for its sites and domains", async () => {
    const source = newSource();
    const refusals = [
      await post("north", { ...EVENT, source, site: "south" }),
      await post("north", { ...EVENT, source }),
      await post("north", { ...EVENT, source, site: "north", type: "pharmacy.a.b" }),
    ];
    const taken = await post("north", { ...EVENT, source, site: "north" });

    const problems = await Promise.all(refusals.map((response) => response.json()));
    expect(problems).toMatchObject(["/site", "/site", "/type"].map((path) => ({ errors: [{ path }] })));
    expect(taken.status).toBe(202);
    expect(await readEvents(source)).toHaveLength(1);
  });

  it("finds out by /healthz, /readyz and /metrics how the gateway is, without a key", async () => {
    const answers = await Promise.all(
      ["/healthz", "/readyz", "/metrics"].map((path) => fetch(`${test.gateway.url}${path}`)),
    );

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await answers[1]?.json()).toMatchObject({ ready: true, log: "ok", store: "ok" });
    expect(await answers[2]?.text()).toContain('throughline_gateway_responses_total{route="/v1/events",status="202"}');
  });
});
