import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Event } from "./event.ts";
import { toCanonicalData, toCanonicalJson, toEventDigest } from "./event-digest.ts";

const EVENT: Event = {
  specversion: "1.0",
  id: "1",
  source: "urn:erp",
  type: "erp.goods_receipt.posted",
  time: "2026-03-01T09:00:00Z",
  site: "north",
  data: {
    objects: [
      { type: "item", id: 'A "B" \\ Ä\u0007', role: "subject" },
      { type: "lot", id: "🏥" },
    ],
    outcome: "failed",
    error: { class: "contract", retryable: false, message: "bad", code: "E1" },
    precision: "day",
    zone: "America/Chicago",
    attempt: 2,
    revision: 1,
    reason: "corrected",
    reverses: { object: { type: "lot", id: "L1" }, milestone: "received" },
    measures: { b_second: { value: "10", unit: "CS" }, a_first: { value: "240.00", currency: "USD" } },
    attributes: { Z: 1e21, a: -0, "a.b": [], B: ["x", "y"], c: null, d: true, e: 1e-7 },
  },
};

/** A plain reading of RFC 8785, to compare with. */
function toExpectedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toExpectedJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${toExpectedJson(member)}`).join(",")}}`;
}

describe("canonical JSON", () => {
  it("sorts members and writes numbers as in the example of RFC 8785", () => {
    const value = {
      numbers: [Number("333333333.33333329"), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"/",
      literals: [null, true, false],
    };

    expect(toCanonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it("sorts names by UTF-16 code units as in the example of RFC 8785", () => {
    const names = ["\u20ac", "\r", "\ufb33", "1", "\u{1f600}", "\u0080", "\u00f6"];
    const sorted = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\u{1f600}", "\ufb33"];
    const value = Object.fromEntries(names.map((name) => [name, 1]));

    expect(toCanonicalJson(value)).toBe(`{${sorted.map((name) => `${JSON.stringify(name)}:1`).join(",")}}`);
  });

  it("is the same for any value as a plain reading of the rules", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4, stringUnit: "binary" }), (value) => {
        const parsed = JSON.parse(JSON.stringify(value));
        expect(toCanonicalJson(parsed)).toBe(toExpectedJson(parsed));
      }),
    );
  });
});

describe("the canonical form of an event's data", () => {
  it("is its canonical JSON, and that of its parts", () => {
    const canonical = toCanonicalData(EVENT);

    expect(canonical.text).toBe(toExpectedJson(EVENT.data));
    expect(canonical.error).toBe('{"class":"contract","code":"E1","message":"bad","retryable":false}');
    expect(canonical.attributes).toBe('{"B":["x","y"],"Z":1e+21,"a":0,"a.b":[],"c":null,"d":true,"e":1e-7}');
    expect(canonical.reverses).toBe('{"milestone":"received","object":{"id":"L1","type":"lot"}}');
  });

  it.each([
    [{}, "null"],
    [{ data: null }, "null"],
    [{ data: {} }, "{}"],
    [{ data: "ISA*00" }, '"ISA*00"'],
    [{ data_base64: "AAE=" }, '{"data_base64":"AAE="}'],
    [{ data: { objects: [], measures: {}, attributes: {} } }, '{"attributes":{},"measures":{},"objects":[]}'],
  ])("of %j is %s", (event, text) => {
    expect(toCanonicalData(event).text).toBe(text);
  });
});

describe("the digest of an event", () => {
  const digestOf = (event: Event) =>
    toEventDigest(event, toCanonicalData(event), event.time ? Date.parse(event.time) : undefined);

  it("is the first 16 bytes of SHA-256 over type, time, site and data", () => {
    const event: Event = { ...EVENT, data: { outcome: "ok" } };

    // printf '{"data":{"outcome":"ok"},"site":"north","time":"2026-03-01T09:00:00.000Z","type":"erp.goods_receipt.posted"}' | sha256sum
    expect(digestOf(event)).toBe("77ae491ee9ba1a2d6ef33c132c55f0a4");
  });

  it.each([
    ["the zone of its time", { time: "2026-03-01T10:00:00+01:00" }],
    ["the digits of its time", { time: "2026-03-01T09:00:00.000Z" }],
    ["digits beyond milliseconds", { time: "2026-03-01T09:00:00.000999Z" }],
    ["its trace context", { traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01`, tracestate: "x=1" }],
    ["its extensions", { partitionkey: "7" }],
    ["its id", { id: "2" }],
  ])("does not depend on %s", (_, change) => {
    expect(digestOf({ ...EVENT, ...change })).toBe(digestOf(EVENT));
  });

  it.each([
    ["its type", { type: "erp.goods_receipt.reversed" }],
    ["its time", { time: "2026-03-01T09:00:00.001Z" }],
    ["having a time", { time: null }],
    ["its site", { site: "south" }],
    ["having a site", { site: undefined }],
    ["its data", { data: { outcome: "ok" as const } }],
  ])("depends on %s", (_, change) => {
    expect(digestOf({ ...EVENT, ...change })).not.toBe(digestOf(EVENT));
  });
});
