import { parseEvent } from "@throughline/schemas/event-validator";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Problem } from "../problem.ts";
import { createTestThroughline } from "../testing/test-throughline.ts";
import { createThroughline } from "../throughline.ts";

const TYPE = "erp.goods_receipt.posted";
const circular: Record<string, unknown> = { type: TYPE };
circular["attributes"] = { document: circular };
circular["outcome"] = circular;
const throwing = Object.defineProperty({ type: TYPE }, "objects", {
  enumerable: true,
  get: () => {
    throw new Error("Jane Doe");
  },
});

/** Calls as a host without types does. */
function emit(throughline: ReturnType<typeof createTestThroughline>, given: unknown): unknown {
  return Reflect.apply(Reflect.get(throughline, "emit"), throughline, [given]);
}

test.each([
  ["nothing", undefined],
  ["null", null],
  ["a number", 7],
  ["no type", {}],
  ["a type of another form", { type: "posted" }],
  ["an invalid Date", { type: TYPE, time: new Date("never") }],
  ["a time before 1970", { type: TYPE, time: -1 }],
  ["an id that is an object", { type: TYPE, id: {} }],
  ["a BigInt as an object's id", { type: TYPE, objects: [{ type: "item", id: 1n }] }],
  ["a huge id", { type: TYPE, objects: [{ type: "item", id: "x".repeat(1e6) }] }],
  ["a circular object", circular],
  ["a getter that throws", throwing],
  ["a measure as a number", { type: TYPE, measures: { quantity: { value: 1.5, unit: "EA" } } }],
  ["a measure without unit", { type: TYPE, measures: { quantity: { value: "1" } } }],
  ["objects that are no list", { type: TYPE, objects: "item" }],
  ["1,001 objects", { type: TYPE, objects: Array.from({ length: 1001 }, () => ({ type: "item", id: "1" })) }],
])("drops, counts and tells of %s", (_, given) => {
  const throughline = createTestThroughline();
  expect(emit(throughline, given)).toBeUndefined();
  expect(throughline.stats()).toMatchObject({ emitted: 1, sent: 0, dropped: { invalid: 1 } });
  expect(throughline.problems).toEqual([expect.objectContaining({ code: "dropped", reason: "invalid", count: 1 })]);
  expect(JSON.stringify(throughline.problems)).not.toContain("Jane Doe");
});

test("sends what can be sent of attributes that cannot", () => {
  const throughline = createTestThroughline({ allowAttributes: ["*"] });
  const attributes = {
    document: "x".repeat(10_000),
    batch: 12345678901234567890n,
    file: { nested: true },
    version: Number.NaN,
    records: 2 ** 60,
    status: "lone \ud800 and \0",
    ...JSON.parse('{"__proto__":"polluted","constructor":"polluted"}'),
  };
  emit(throughline, { type: TYPE, attributes });
  const [event] = throughline.emitted();
  expect(event?.data.attributes).toEqual({
    document: "x".repeat(8192),
    batch: "12345678901234567890",
    status: "lone \u{FFFD} and \u{FFFD}",
  });
  expect(throughline.stats()).toMatchObject({ sent: 1, removedAttributes: 5, clippedTexts: 1 });
  expect(Reflect.get({}, "polluted")).toBeUndefined();
  expect(parseEvent(event)).toMatchObject({ ok: true });
});

test("copies nothing but what an event may hold", () => {
  const throughline = createTestThroughline();
  emit(throughline, {
    type: TYPE,
    patient: "Jane Doe",
    objects: [{ type: "item", id: "1", patient: "Jane Doe" }],
    measures: { quantity: { value: "1", unit: "EA", patient: "Jane Doe" } },
    error: { class: "mapping", patient: "Jane Doe" },
    attributes: { patient: "Jane Doe", channel: "edi" },
  });
  expect(JSON.stringify(throughline.emitted())).not.toContain("Jane Doe");
  expect(throughline.emitted()[0]?.data.attributes).toEqual({ channel: "edi" });
});

test("drops what the redaction hook holds back, or fails on", () => {
  const throughline = createTestThroughline({
    redact: (event) => {
      if (event.subject === "fail") throw new Error("broken hook");
      return event.subject === "hold" ? undefined : { ...event, subject: "masked" };
    },
  });
  throughline.emit({ type: TYPE, subject: "hold" });
  throughline.emit({ type: TYPE, subject: "fail" });
  throughline.emit({ type: TYPE, subject: "keep" });
  expect(throughline.emitted().map(({ subject }) => subject)).toEqual(["masked"]);
  expect(throughline.stats().dropped.redacted).toBe(2);
});

test("keeps what it was given when the host changes it afterwards", () => {
  const throughline = createTestThroughline();
  const objects = [{ type: "item" as const, id: "1" }];
  throughline.emit({ type: TYPE, objects });
  objects.pop();
  expect(throughline.emitted()[0]?.data.objects).toEqual([{ type: "item", id: "1" }]);
});

test("never throws, and never sends what is no JSON, whatever it is given", () => {
  const throughline = createTestThroughline({ allowAttributes: ["*"] });
  const anything = fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true, withSparseArray: true });
  fc.assert(
    fc.property(fc.record({ objects: anything, measures: anything, attributes: anything, time: anything }), (given) => {
      emit(throughline, { type: TYPE, ...given });
    }),
  );
  const { emitted, sent, dropped } = throughline.stats();
  expect(sent + dropped.invalid).toBe(emitted);
});

test("survives a million calls in a row within its bounds, and tells of what it dropped once a second", () => {
  const problems: Problem[] = [];
  const throughline = createThroughline({
    source: "/loop",
    gateway: { url: "http://127.0.0.1:9", key: "tl_test" },
    tracing: "off",
    handleExit: false,
    onProblem: (problem) => void problems.push(problem),
  });
  for (let index = 0; index < 1_000_000; index++) throughline.emit({ type: TYPE });
  const { emitted, queued, queuedBytes, dropped } = throughline.stats();
  expect({ emitted, queued, dropped: dropped.queue_full }).toEqual({
    emitted: 1_000_000,
    queued: 20_000,
    dropped: 980_000,
  });
  expect(queuedBytes).toBeLessThan(32 * 1024 * 1024);
  expect(problems.length).toBeLessThan(60);
});
