import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestGateway, startTestGateway } from "./gateway.fixture.ts";
import { encodeMessage } from "./otlp/otlp.fixture.ts";

let test: TestGateway;
beforeAll(async () => {
  test = await startTestGateway();
});
afterAll(() => test.stop());

const PROTOBUF = { "content-type": "application/x-protobuf" };
const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const nowNs = () => `${Date.now()}000000`;
const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } });

let lastService = 0;
/** A service that no other test sends from. */
const newService = () => `service-${++lastService}`;

const toLogs = (service: string, logRecords: object[]) => ({
  resourceLogs: [
    {
      resource: { attributes: [attribute("service.name", service)] },
      scopeLogs: [{ scope: { name: "lib" }, logRecords }],
    },
  ],
});

describe("log records", () => {
  it("come into the store in the exporter's layout, in either encoding", async () => {
    const service = newService();
    const records = [
      {
        timeUnixNano: nowNs(),
        severityNumber: 17,
        severityText: "ERROR",
        body: { stringValue: "O'Reilly ${x}" },
        traceId: TRACE_ID,
        spanId: "b7ad6b7169203331",
        flags: 1,
        eventName: "e",
      },
      {
        observedTimeUnixNano: nowNs(),
        body: { kvlistValue: { values: [attribute("a", "b")] } },
        attributes: [attribute("k", "v")],
      },
    ];
    const body = toLogs(service, records);
    const responses = [
      await test.send("/v1/logs", new Uint8Array(encodeMessage("ExportLogsServiceRequest", body)), PROTOBUF),
      await test.send("/v1/logs", JSON.stringify(body)),
    ];

    expect(responses.map(({ status }) => status)).toEqual([200, 200]);
    const rows = await test.query(
      `SELECT * EXCEPT (Timestamp, TimestampTime) FROM otel_logs WHERE ServiceName = '${service}' ORDER BY SeverityNumber DESC`,
    );
    expect(rows).toHaveLength(4);
    expect(rows[0]).toEqual(rows[1]);
    expect(rows[0]).toMatchObject({
      TraceId: TRACE_ID,
      SpanId: "b7ad6b7169203331",
      TraceFlags: 1,
      SeverityText: "ERROR",
      SeverityNumber: 17,
      Body: "O'Reilly ${x}",
      EventName: "e",
    });
    expect(rows[2]).toMatchObject({ TraceId: "", Body: '{"a":"b"}', LogAttributes: { k: "v" }, ScopeName: "lib" });
  });

  it("with a wrong id or severity are rejected, and those beside them stored", async () => {
    const service = newService();
    const records = [
      { timeUnixNano: nowNs() },
      { timeUnixNano: nowNs(), traceId: "0102" },
      { timeUnixNano: nowNs(), severityNumber: 25 },
    ];
    const response = await test.send("/v1/logs", JSON.stringify(toLogs(service, records)));

    expect(await response.json()).toMatchObject({
      partialSuccess: { rejectedLogRecords: "2", errorMessage: expect.stringContaining("/traceId") },
    });
    expect(await test.query(`SELECT count() AS rows FROM otel_logs WHERE ServiceName = '${service}'`)).toEqual([
      { rows: 1 },
    ]);
  });
});
