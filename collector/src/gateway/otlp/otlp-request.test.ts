import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "@throughline/schemas/error";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { OtlpEntry } from "./fields.ts";
import { readLogsRequestJson, readTraceRequestJson } from "./json-request.ts";
import { type MessageName, encodeMessage } from "./otlp.fixture.ts";
import { readLogsRequest, readTraceRequest } from "./protobuf-request.ts";

const CORPUS = process.env["THROUGHLINE_CORPUS"] ?? join(import.meta.dirname, "../../../../../shared/data");
const EXAMPLES = join(CORPUS, "otlp/examples");
const isThere = existsSync(EXAMPLES);

const READERS = {
  ExportTraceServiceRequest: { protobuf: readTraceRequest, json: readTraceRequestJson },
  ExportLogsServiceRequest: { protobuf: readLogsRequest, json: readLogsRequestJson },
} satisfies Partial<Record<MessageName, object>>;

const readAll = (entries: OtlpEntry<unknown>[]) =>
  entries.map((entry) => ({ resource: entry.resource, scope: entry.scope, fields: entry.read() }));

const readBoth = (name: keyof typeof READERS, members: unknown) => ({
  protobuf: readAll(READERS[name].protobuf(encodeMessage(name, members))),
  json: readAll(READERS[name].json(members)),
});

const readExample = (file: string): unknown => JSON.parse(readFileSync(join(EXAMPLES, file), "utf8"));

describe.skipIf(!isThere)(`OpenTelemetry's example requests${isThere ? "" : ` (skipped: ${EXAMPLES} absent)`}`, () => {
  it("gives the same span in both encodings", () => {
    const { protobuf, json } = readBoth("ExportTraceServiceRequest", readExample("trace.json"));

    expect(protobuf).toEqual(json);
    expect(json).toMatchObject([
      {
        resource: { attributes: ["service.name", "my.service"] },
        scope: { name: "my.library", version: "1.0.0", attributes: ["my.scope.attribute", "some scope attribute"] },
        fields: {
          traceId: "5b8efff798038103d269b633813fc60c",
          spanId: "eee19b7ec3c1b174",
          parentSpanId: "eee19b7ec3c1b173",
          name: "I'm a server span",
          kind: 2,
          startNs: 1_544_712_660_000_000_000n,
          endNs: 1_544_712_661_000_000_000n,
          attributes: ["my.span.attr", "some value"],
        },
      },
    ]);
  });

  it("gives the same log record in both encodings, with attributes of every type", () => {
    const { protobuf, json } = readBoth("ExportLogsServiceRequest", readExample("logs.json"));

    expect(protobuf).toEqual(json);
    expect(json).toMatchObject([
      {
        fields: {
          body: "Example log record",
          severityNumber: 10,
          severityText: "Information",
          attributes: [
            "string.attribute",
            "some string",
            "boolean.attribute",
            "true",
            "int.attribute",
            "10",
            "double.attribute",
            "637.704",
            "array.attribute",
            '["many","values"]',
            "map.attribute",
            '{"some.map.key":"some value"}',
          ],
        },
      },
    ]);
  });

  it("gives the same event in both encodings, with a body that is a map", () => {
    const { protobuf, json } = readBoth("ExportLogsServiceRequest", readExample("events.json"));

    expect(protobuf).toEqual(json);
    expect(json).toMatchObject([
      { fields: { eventName: "browser.page_view", body: expect.stringContaining('"type":0') } },
    ]);
  });
});

/** True unless something else than a refusal by name comes of it. */
function isTakenOrNamed(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    return error instanceof AppError && error.code === "invalid_request";
  }
}

const toTraces = (span: object) => ({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
const toValue = (value: object) => toTraces({ attributes: [{ key: "k", value }] });

describe("an attribute's value", () => {
  it.each([
    [{ stringValue: "plain" }, "plain"],
    [{ stringValue: "" }, ""],
    [{ stringValue: 'Ä "q" \\ \u{1f3e5} ${x} {{y}}' }, 'Ä "q" \\ \u{1f3e5} ${x} {{y}}'],
    [{ boolValue: false }, "false"],
    [{ intValue: "-9223372036854775808" }, "-9223372036854775808"],
    [{ intValue: "9223372036854775807" }, "9223372036854775807"],
    [{ doubleValue: 0.1 }, "0.1"],
    [{ doubleValue: "NaN" }, "NaN"],
    [{ bytesValue: "AP8=" }, "AP8="],
    [{ arrayValue: {} }, "[]"],
    [
      { arrayValue: { values: [{ intValue: "1" }, { stringValue: 'a"b' }, { boolValue: true }, {}] } },
      '[1,"a\\"b",true,null]',
    ],
    [{ arrayValue: { values: [{ doubleValue: "Infinity" }, { bytesValue: "AP8=" }] } }, '["Infinity","AP8="]'],
    [
      {
        kvlistValue: { values: [{ key: "a", value: { arrayValue: { values: [{ intValue: "9007199254740993" }] } } }] },
      },
      '{"a":[9007199254740993]}',
    ],
    [{}, ""],
  ])("%j is kept as %s in both encodings", (value, text) => {
    const { protobuf, json } = readBoth("ExportTraceServiceRequest", toValue(value));

    expect(protobuf).toEqual(json);
    expect(json[0]?.fields).toMatchObject({ attributes: ["k", text] });
  });

  it("that names an object stays one id although it looks like an array", () => {
    const members = toTraces({ attributes: [{ key: "throughline.object.item", value: { stringValue: "[X]1" } }] });
    const { protobuf, json } = readBoth("ExportTraceServiceRequest", members);

    expect(protobuf).toEqual(json);
    expect(json[0]?.fields).toMatchObject({ attributes: ["throughline.object.item", '["[X]1"]'] });
  });

  it("is refused when it is nested too deep, and stops nothing else", () => {
    let value: object = { stringValue: "x" };
    for (let depth = 0; depth < 40; depth++) value = { arrayValue: { values: [value] } };
    const [json] = readTraceRequestJson(toValue(value));
    const [protobuf] = readTraceRequest(encodeMessage("ExportTraceServiceRequest", toValue(value)));

    expect(() => json?.read()).toThrow("nested more than 32 deep");
    expect(() => protobuf?.read()).toThrow("nested more than 32 deep");
  });
});

describe("a full span", () => {
  const span = {
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    parentSpanId: "00f067aa0ba902b7",
    traceState: "vendor=1",
    name: "POST /orders",
    kind: 3,
    startTimeUnixNano: "1772355600000000001",
    endTimeUnixNano: "1772355600000000002",
    attributes: [{ key: "a", value: { stringValue: "1" } }],
    droppedAttributesCount: 3,
    events: [
      { timeUnixNano: "1772355600000000001", name: "retry", attributes: [{ key: "n", value: { intValue: "2" } }] },
    ],
    links: [
      { traceId: "0af7651916cd43dd8448eb211c80319d", spanId: "b7ad6b7169203332", traceState: "x=1", attributes: [] },
    ],
    status: { code: 2, message: "refused" },
    flags: 257,
  };

  it("is the same in both encodings", () => {
    const { protobuf, json } = readBoth("ExportTraceServiceRequest", toTraces(span));

    expect(protobuf).toEqual(json);
    expect(json[0]?.fields).toMatchObject({
      events: [{ timestampNs: 1_772_355_600_000_000_001n, name: "retry", attributes: ["n", "2"] }],
      links: [{ traceId: "0af7651916cd43dd8448eb211c80319d", spanId: "b7ad6b7169203332", traceState: "x=1" }],
      statusCode: 2,
      statusMessage: "refused",
    });
  });

  it("is refused by name, never with another error, wherever its bytes are cut or changed", () => {
    const bytes = encodeMessage("ExportTraceServiceRequest", toTraces(span));
    const changes = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 4 });
    fc.assert(
      fc.property(fc.nat(bytes.length), changes, (length, changed) => {
        const damaged = Buffer.from(bytes.subarray(0, length));
        for (const [at, value] of changed) if (at < length) damaged[at] = value;
        return isTakenOrNamed(() => readAll(readTraceRequest(damaged)));
      }),
      { numRuns: 2000 },
    );
  });

  it("is refused by name, never with another error, when its JSON has any other shape", () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(span)), fc.jsonValue(), (name, value) => {
        return isTakenOrNamed(() => readAll(readTraceRequestJson(toTraces({ ...span, [name]: value }))));
      }),
      { numRuns: 2000 },
    );
  });
});
