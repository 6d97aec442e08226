import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EVENT, type TestGateway, startTestGateway } from "./gateway.fixture.ts";
import { type MessageName, decodeMessage, encodeMessage } from "./otlp/otlp.fixture.ts";

let test: TestGateway;
beforeAll(async () => {
  test = await startTestGateway();
});
afterAll(() => test.stop());

const PROTOBUF = { "content-type": "application/x-protobuf" };
const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const nowNs = () => `${Date.now()}000000`;

let lastService = 0;
/** A service that no other test sends from. */
const newService = () => `service-${++lastService}`;
const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } });
const toResource = (service: string) => ({
  attributes: [attribute("service.name", service), attribute("throughline.site", "north")],
});

const toSpan = (change: object = {}) => ({
  traceId: TRACE_ID,
  spanId: "b7ad6b7169203331",
  name: "POST /orders",
  kind: 2,
  startTimeUnixNano: nowNs(),
  endTimeUnixNano: nowNs(),
  ...change,
});

const toTraces = (service: string, spans: object[]) => ({
  resourceSpans: [{ resource: toResource(service), scopeSpans: [{ scope: { name: "lib", version: "1" }, spans }] }],
});

const toLogs = (service: string, logRecords: object[]) => ({
  resourceLogs: [{ resource: toResource(service), scopeLogs: [{ scope: { name: "lib" }, logRecords }] }],
});

const encode = (name: MessageName, members: object) => new Uint8Array(encodeMessage(name, members));
const readAnswer = async (name: MessageName, response: Response) =>
  decodeMessage(name, new Uint8Array(await response.arrayBuffer()));

describe("spans", () => {
  it("come into the store in the exporter's layout, with the objects that they name, in either encoding, inflated", async () => {
    const service = newService();
    const span = toSpan({
      parentSpanId: "00f067aa0ba902b7",
      traceState: "v=1",
      kind: 3,
      startTimeUnixNano: `${Date.now()}000001`,
      endTimeUnixNano: `${Date.now() + 2}000002`,
      attributes: [
        attribute("throughline.object.item", "NDC '0143' [1]"),
        {
          key: "throughline.object.lot",
          value: { arrayValue: { values: [{ stringValue: "L1" }, { stringValue: '["L2"]' }] } },
        },
        attribute("throughline.object.site", "[north]"),
        { key: "count", value: { intValue: "3" } },
      ],
      events: [{ timeUnixNano: nowNs(), name: "retry", attributes: [attribute("why", "O'Reilly")] }],
      links: [{ traceId: TRACE_ID, spanId: "b7ad6b7169203332", attributes: [attribute("a", "b")] }],
      status: { code: 2, message: "refused" },
    });
    const body = toTraces(service, [span]);
    const responses = [
      await test.send("/v1/traces", encode("ExportTraceServiceRequest", body), PROTOBUF),
      await test.send("/v1/traces", JSON.stringify(body)),
      await test.send("/v1/traces", new Uint8Array(gzipSync(encode("ExportTraceServiceRequest", body))), {
        ...PROTOBUF,
        "content-encoding": "gzip",
      }),
    ];

    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(responses[0]?.headers.get("content-type")).toBe("application/x-protobuf");
    expect(await readAnswer("ExportTraceServiceResponse", responses[0] ?? Response.error())).toEqual({});
    expect(await responses[1]?.json()).toEqual({});
    const rows = await test.query(
      `SELECT * EXCEPT (Timestamp, "Events.Timestamp") FROM otel_traces WHERE ServiceName = '${service}'`,
    );
    expect(rows).toHaveLength(3);
    expect(rows[0]).toEqual(rows[1]);
    expect(rows[0]).toEqual({
      TraceId: TRACE_ID,
      SpanId: "b7ad6b7169203331",
      ParentSpanId: "00f067aa0ba902b7",
      TraceState: "v=1",
      SpanName: "POST /orders",
      SpanKind: "Client",
      ServiceName: service,
      ResourceAttributes: { "service.name": service, "throughline.site": "north" },
      ScopeName: "lib",
      ScopeVersion: "1",
      SpanAttributes: {
        "throughline.object.item": "NDC '0143' [1]",
        "throughline.object.lot": '["L1","[\\"L2\\"]"]',
        "throughline.object.site": '["[north]"]',
        count: "3",
      },
      Duration: 2_000_001,
      StatusCode: "Error",
      StatusMessage: "refused",
      "Events.Name": ["retry"],
      "Events.Attributes": [{ why: "O'Reilly" }],
      "Links.TraceId": [TRACE_ID],
      "Links.SpanId": ["b7ad6b7169203332"],
      "Links.TraceState": [""],
      "Links.Attributes": [{ a: "b" }],
    });
    const objects = await test.query(
      `SELECT DISTINCT object_type, object_id, site FROM object_spans WHERE trace_id = '${TRACE_ID}' ORDER BY object_type, object_id`,
    );
    expect(objects).toEqual([
      { object_type: "item", object_id: "NDC '0143' [1]", site: "north" },
      { object_type: "lot", object_id: "L1", site: "north" },
      { object_type: "lot", object_id: '["L2"]', site: "north" },
      { object_type: "site", object_id: "[north]", site: "north" },
    ]);
  });

  const old = `${Date.now() - 401 * 86_400_000}000000`;
  const lots = { arrayValue: { values: Array.from({ length: 1001 }, () => ({ stringValue: "L" })) } };
  it.each<[string, object, string]>([
    ["a trace id of 15 bytes", { traceId: TRACE_ID.slice(2) }, "/traceId must be 16 bytes, not 15"],
    ["no trace id", { traceId: "" }, "/traceId must be 16 bytes, not 0"],
    ["a trace id of zeros", { traceId: "0".repeat(32) }, "/traceId must not be all zeros"],
    ["a span id of 9 bytes", { spanId: "b7ad6b716920333100" }, "/spanId must be 8 bytes, not 9"],
    ["a parent of 1 byte", { parentSpanId: "01" }, "/parentSpanId must be 8 bytes, not 1"],
    ["a time of long ago", { startTimeUnixNano: old }, "/startTimeUnixNano must lie between"],
    ["no time", { startTimeUnixNano: "0" }, "/startTimeUnixNano must lie between"],
    ["a time beyond all", { startTimeUnixNano: "18446744073709551615" }, "/startTimeUnixNano must lie between"],
    [
      "too many objects",
      { attributes: [{ key: "throughline.object.lot", value: lots }] },
      "name more than 1000 objects",
    ],
  ])(
    "with %s are rejected and kept in quarantine, and those beside them stored, in either encoding",
    async (_, change, reason) => {
      const service = newService();
      const body = toTraces(service, [toSpan(), toSpan(change), toSpan({ spanId: "b7ad6b7169203333" })]);
      const json = await test.send("/v1/traces", JSON.stringify(body));
      const protobuf = await test.send("/v1/traces", encode("ExportTraceServiceRequest", body), PROTOBUF);

      expect([json.status, protobuf.status]).toEqual([200, 200]);
      const partialSuccess = { rejectedSpans: "1", errorMessage: expect.stringContaining(reason) };
      expect(await json.json()).toEqual({ partialSuccess });
      expect(await readAnswer("ExportTraceServiceResponse", protobuf)).toEqual({ partialSuccess });
      expect(await test.query(`SELECT count() AS spans FROM otel_traces WHERE ServiceName = '${service}'`)).toEqual([
        { spans: 4 },
      ]);
      const kept = await test.query(
        `SELECT count() AS rows FROM quarantine WHERE route = '/v1/traces' AND position(issues, '${reason.split(" ")[0]}') > 0`,
      );
      expect(kept).not.toEqual([{ rows: 0 }]);
    },
  );

  it("of another site than the key's are rejected, and those of none are taken", async () => {
    const resource = (site: string) => ({
      attributes: [attribute("service.name", "s"), attribute("throughline.site", site)],
    });
    const post = (site: string) =>
      test.send(
        "/v1/traces",
        JSON.stringify({ resourceSpans: [{ resource: resource(site), scopeSpans: [{ spans: [toSpan()] }] }] }),
        { authorization: "Bearer north" },
      );

    expect(await (await post("south")).json()).toMatchObject({ partialSuccess: { rejectedSpans: "1" } });
    expect(await (await post("north")).json()).toEqual({});
    expect(await (await post("")).json()).toEqual({});
  });

  it("that are cut off are refused whole, with a status in the encoding of the request, and are kept", async () => {
    const bytes = encode("ExportTraceServiceRequest", toTraces(newService(), [toSpan()]));
    const protobuf = await test.send("/v1/traces", bytes.subarray(0, -5), PROTOBUF);
    const json = await test.send("/v1/traces", "{");

    expect([protobuf.status, json.status]).toEqual([400, 400]);
    expect(await readAnswer("RpcStatus", protobuf)).toMatchObject({
      code: 3,
      message: expect.stringContaining("protobuf"),
    });
    expect(await json.json()).toMatchObject({ code: 3, message: expect.stringContaining("is not JSON") });
    const kept = await test.query(
      "SELECT hex(bytes) AS bytes FROM quarantine WHERE route = '/v1/traces' AND content_type = 'application/x-protobuf' ORDER BY position DESC LIMIT 1",
    );
    expect(kept).toEqual([{ bytes: Buffer.from(bytes.subarray(0, -5)).toString("hex").toUpperCase() }]);
  });

  it.each([
    { what: "as text", headers: { "content-type": "text/plain" }, expected: { status: 415, code: 3 } },
    { what: "without a key", headers: { authorization: "" }, expected: { status: 401, code: 16 } },
    { what: "with a viewer's key", headers: { authorization: "Bearer viewer" }, expected: { status: 403, code: 7 } },
    { what: "in a wrong gzip", headers: { "content-encoding": "gzip" }, expected: { status: 400, code: 3 } },
  ])("sent $what are answered with a status", async ({ headers, expected }) => {
    const response = await test.send("/v1/traces", "{}", { ...headers });

    expect({ status: response.status, ...Object(await response.json()) }).toMatchObject(expected);
  });

  it.each([["{}"], ['{"resourceSpans":[]}'], ['{"resourceSpans":[{"scopeSpans":[{}]}]}']])(
    "may be none: %s",
    async (body) => {
      const response = await test.send("/v1/traces", body);

      expect([response.status, await response.json()]).toEqual([200, {}]);
    },
  );

  it.each([
    ["[]"],
    ["null"],
    ['{"resourceSpans":5}'],
    ['{"resourceSpans":[1]}'],
    ['{"resourceSpans":[{"scopeSpans":[{"spans":{}}]}]}'],
  ])("in a request of another shape are refused: %s", async (body) => {
    expect((await test.send("/v1/traces", body)).status).toBe(400);
  });
});

it("spans, records, events and what is refused share one dense numbering", async () => {
  await Promise.all([
    test.send("/v1/events", JSON.stringify([EVENT, 1, EVENT])),
    test.send("/v1/traces", JSON.stringify(toTraces(newService(), [toSpan()]))),
    test.send("/v1/logs", JSON.stringify(toLogs(newService(), [{ timeUnixNano: nowNs() }]))),
  ]);
  const [row] =
    await test.query(`SELECT sum(events + spans + logs + quarantined) AS rows, max(last_position) AS last, min(first_position) AS first,
    sum(last_position - first_position + 1) AS positions, count() AS batches, max(batch) AS batch FROM commits`);

  expect(row).toMatchObject({ first: 1 });
  const { rows, last, positions, batches, batch } = Object(row);
  expect([rows, positions]).toEqual([last, last]);
  expect(batches).toBe(batch);
});
