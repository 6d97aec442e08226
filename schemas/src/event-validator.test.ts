import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { parseEvent, parseEventSlowly } from "./event-validator.ts";

const CORPUS = process.env["THROUGHLINE_CORPUS"] ?? join(import.meta.dirname, "../../../shared/data");
const CONFORMANCE = join(CORPUS, "cloudevents/format/json");
const isThere = existsSync(CONFORMANCE);

const MINIMAL = { specversion: "1.0", id: "1", source: "urn:erp", type: "erp.goods_receipt.posted" };

const FULL = {
  ...MINIMAL,
  time: "2026-03-01T09:00:00.123456789+01:00",
  subject: "4500012345",
  dataschema: "https://example.com/schema",
  datacontenttype: "application/json; charset=utf-8",
  traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  tracestate: "vendor=1",
  sequence: "42",
  site: "north",
  partitionkey: "7",
  flag: true,
  data: {
    objects: [{ type: "purchase_order_line", id: "4500012345/10", role: "subject" }],
    outcome: "failed",
    precision: "day",
    zone: "America/Chicago",
    error: { class: "mapping", code: "E1", message: "unknown unit", retryable: true },
    attempt: 1,
    revision: 2,
    reason: "unit corrected",
    reverses: { source: "urn:erp", id: "0" },
    measures: { quantity: { value: "10", unit: "CS" }, amount: { value: "-240.00", currency: "USD" } },
    attributes: { movement: "101", count: 3, isFinal: false, none: null, list: ["a", "b"] },
  },
};

const json = (name: string) => JSON.parse(readFileSync(join(CONFORMANCE, name), "utf8").replace(/^\u{feff}/u, ""));
const eventTests = z.object({ tests: z.array(z.object({ id: z.string(), event: z.unknown() })) });
const batchTests = z.object({ tests: z.array(z.object({ id: z.string(), batch: z.array(z.unknown()) })) });

function listEvents(name: string) {
  return isThere ? eventTests.parse(json(name)).tests : [];
}

function listBatches(name: string) {
  return isThere ? batchTests.parse(json(name)).tests : [];
}

describe.skipIf(!isThere)(
  `the CloudEvents conformance events${isThere ? "" : ` (skipped: ${CONFORMANCE} absent)`}`,
  () => {
    it.each(listEvents("valid-events.json"))("accepts $id", ({ event }) => {
      expect(parseEvent(event)).toMatchObject({ ok: true });
    });

    it.each(listEvents("invalid-events.json"))("refuses $id and says where", ({ event }) => {
      const result = parseEvent(event);

      expect(result.ok ? [] : result.issues).not.toHaveLength(0);
    });

    it.each(listBatches("valid-batches.json"))("accepts all of $id", ({ batch }) => {
      expect(batch.every((event) => parseEvent(event).ok)).toBe(true);
    });

    it.each(listBatches("invalid-batches.json"))("refuses one of $id", ({ batch }) => {
      expect(batch.some((event) => !parseEvent(event).ok)).toBe(true);
    });
  },
);

describe("a refused event", () => {
  const set = (path: string, value: unknown) => {
    const copy = structuredClone(FULL);
    const names = path.split("/").slice(1);
    const last = names.pop() ?? "";
    const parent = names.reduce<object>((at, name) => Reflect.get(at, name), copy);
    Reflect.set(parent, last, value);
    return copy;
  };

  it.each([
    ["/id", ""],
    ["/id", "x".repeat(10_240)],
    ["/id", "a\ud800b"],
    ["/id", "a\0b"],
    ["/type", "goods receipt"],
    ["/type", "erp.goods_receipt"],
    ["/time", "0001-01-01T00:00:00Z"],
    ["/time", "9999-12-31T23:59:59Z"],
    ["/time", "2026-03-01T09:00:00"],
    ["/time", "2026-02-30T09:00:00Z"],
    ["/time", "2026-03-01T24:00:00Z"],
    ["/traceparent", "00-0af7-b7ad-01"],
    ["/sequence", "-1"],
    ["/sequence", "9223372036854775808"],
    ["/partitionkey", 1.5],
    ["/Capital", "x"],
    ["/data/objects/0/type", "Purchase Order"],
    ["/data/objects/0/id", 45],
    ["/data/outcome", "fine"],
    ["/data/precision", "hour"],
    ["/data/zone", "Mars/Olympus"],
    ["/data/zone", "+02:00"],
    ["/data/error/class", "unknown"],
    ["/data/attempt", 65_536],
    ["/data/revision", 2 ** 63],
    ["/data/reason", undefined],
    ["/data/reverses", { id: "0" }],
    ["/data/measures/quantity", { value: "10" }],
    ["/data/measures/quantity", { value: 10, unit: "CS" }],
    ["/data/measures/quantity", { value: "1e3", unit: "CS" }],
    ["/data/measures/amount", { value: "1", unit: "CS", currency: "USD" }],
    ["/data/attributes/count", 2 ** 63],
    ["/data/attributes/count", Number.NaN],
    ["/data/attributes/deep", { nested: true }],
    ["/data/unknown", 1],
    ["/data_base64", "AAE="],
  ])("names %s when it is %j", (path, value) => {
    const result = parseEvent(set(path, value));
    const paths = result.ok ? [] : result.issues.map((issue) => issue.path);

    expect(paths.some((found) => found.startsWith(path) || path.startsWith(`${found}/`))).toBe(true);
  });

  it.each([
    [{ ...FULL, time: undefined }, "/data/precision"],
    [{ ...FULL, data: { ...FULL.data, precision: undefined } }, "/data/zone"],
  ])("names what a precision or a zone lacks", (event, path) => {
    expect(parseEvent(event)).toMatchObject({ ok: false, issues: [{ path }] });
  });

  it("names an object too many", () => {
    const objects = Array.from({ length: 100_000 }, (_, index) => ({ type: "item", id: String(index) }));

    expect(parseEvent(set("/data/objects", objects))).toMatchObject({ ok: false, issues: [{ path: "/data/objects" }] });
  });
});

/** Values that are near to what an event may have, on both sides. */
const oddValue = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    true,
    0,
    -1,
    1.5,
    65_535,
    65_536,
    2 ** 31,
    2 ** 32,
    2 ** 53,
    2 ** 63,
    "",
    "x",
    "10",
    "-0",
    "USD",
    "erp.a.b",
    "application/json",
    "1.0",
    "\u{1f600}",
    "\u{1f600}".repeat(64),
    "é".repeat(128),
    "a\ud800",
    "\0",
    "2026-03-01T09:00:00Z",
    "2024-02-29t00:00:00.5z",
    "AAE=",
    [],
    {},
    ["a"],
    [1],
    { value: "1", unit: "EA" },
    { value: "1", currency: "USD" },
    { type: "item", id: "1" },
    { source: "a", id: "b" },
    { class: "late" },
  ),
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.integer({ min: 1, max: 600 }).map((length) => "😀".repeat(length).slice(0, length)),
  fc.jsonValue({ maxDepth: 2 }),
);

const PATHS = [
  ...Object.keys(FULL).map((name) => [name]),
  ["data_base64"],
  ["other"],
  ["Other"],
  ["__proto__"],
  ...Object.keys(FULL.data).map((name) => ["data", name]),
  ["data", "other"],
  ["data", "__proto__"],
  ["data", "objects", "0", "type"],
  ["data", "objects", "0", "id"],
  ["data", "objects", "0", "role"],
  ["data", "objects", "0", "x"],
  ["data", "error", "class"],
  ["data", "error", "code"],
  ["data", "error", "retryable"],
  ["data", "reverses", "id"],
  ["data", "reverses", "object"],
  ["data", "reverses", "milestone"],
  ["data", "measures", "quantity", "value"],
  ["data", "measures", "quantity", "unit"],
  ["data", "measures", "quantity", "currency"],
  ["data", "measures", "amount", "currency"],
  ["data", "measures", "Bad"],
  ["data", "measures", "__proto__"],
  ["data", "attributes", "movement"],
  ["data", "attributes", "list"],
  ["data", "attributes", "list", "0"],
  ["data", "attributes", "with space"],
  ["data", "attributes", "__proto__"],
];

/** Puts a value at a path as `JSON.parse` would, so that `__proto__` is a member like any other. */
function place(target: object, [name = "", ...rest]: readonly string[], value: unknown): void {
  const inner: unknown = Object.hasOwn(target, name) ? Reflect.get(target, name) : undefined;
  if (rest.length > 0) {
    if (typeof inner === "object" && inner !== null) place(inner, rest, value);
    return;
  }
  Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
  if (value === undefined) Reflect.deleteProperty(target, name);
}

describe("the compiled validator", () => {
  it("gives the same verdict as zod on events with any parts changed", () => {
    const changes = fc.array(fc.tuple(fc.constantFrom(...PATHS), oddValue), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.constantFrom(MINIMAL, FULL), changes, (base, changed) => {
        const event = structuredClone(base);
        // A copy: one change may put something into what another has put there.
        for (const [path, value] of changed) place(event, path, structuredClone(value));
        expect(parseEvent(event).ok).toBe(parseEventSlowly(event).ok);
      }),
      { numRuns: 5000 },
    );
  });

  it("lets text pass whose characters fit although its UTF-16 code units do not", () => {
    const event = { ...MINIMAL, id: "\u{1f600}".repeat(512) };

    expect(parseEvent(event)).toMatchObject({ ok: true });
    expect(parseEvent({ ...event, id: `${event.id}x` })).toMatchObject({ ok: false, issues: [{ path: "/id" }] });
  });

  it("gives the same verdict as zod on any value", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => parseEvent(value).ok === parseEventSlowly(value).ok));
  });

  it("lets a full event and a minimal one pass", () => {
    expect(parseEvent(FULL)).toStrictEqual({ ok: true, event: FULL });
    expect(parseEvent(MINIMAL)).toStrictEqual({ ok: true, event: MINIMAL });
  });
});
