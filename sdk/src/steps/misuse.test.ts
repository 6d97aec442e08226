import { trace } from "@opentelemetry/api";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createTestThroughline } from "../testing/test-throughline.ts";

const METHODS = ["startSpan", "startStep"] as const;
const throwing = new Proxy(
  {},
  {
    get: () => {
      throw new Error("Jane Doe");
    },
    ownKeys: () => {
      throw new Error("Jane Doe");
    },
  },
);
const circular: Record<string, unknown> = { type: "erp.goods_receipt.posted" };
circular["objects"] = circular;
circular["parent"] = circular;
const odd = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, 7, 7n, "text", throwing, circular, {
    objects: [null],
    kind: "x",
    parent: {},
  }),
  fc.anything(),
);

/** Calls as a host without types does. */
function call(host: object, method: string, given: readonly unknown[]): unknown {
  return Reflect.apply(Reflect.get(host, method), host, given);
}

function readMethods(scope: unknown): object {
  if (typeof scope !== "object" || scope === null) throw new Error("There is no scope.");
  return scope;
}

test("spans and steps of anything never throw, whatever is added to them and however they end", () => {
  const throughline = createTestThroughline();
  fc.assert(
    fc.property(fc.constantFrom(...METHODS), odd, odd, (method, given, ending) => {
      const scope = readMethods(call(throughline, method, [given]));
      if ("add" in scope) call(scope, "add", [ending]);
      expect(call(scope, "run", [() => 7])).toBe(7);
      call(scope, "fail", [ending, ending]);
      call(scope, "end", [ending]);
    }),
    { numRuns: 500 },
  );
  expect(JSON.stringify([throughline.emitted(), throughline.problems])).not.toContain("Jane Doe");
});

test.each([
  ["an error with a text", new Error("Jane Doe")],
  ["an object without a text", Object.create(null)],
  ["a proxy that throws", throwing],
])("a getter that throws %s drops its event and tells of no text", (_, thrown) => {
  const throughline = createTestThroughline();
  const given = Object.defineProperty({ type: "erp.goods_receipt.posted" }, "objects", {
    enumerable: true,
    get: () => {
      throw thrown;
    },
  });
  call(throughline, "emit", [given]);
  call(readMethods(call(throughline, "startStep", [given])), "end", []);
  call(throughline, "startSpan", [given]);
  expect(throughline.emitted()).toEqual([]);
  expect(JSON.stringify(throughline.problems)).not.toContain("Jane Doe");
});

test("what a span's work throws passes through, and a span that has ended stays ended", () => {
  const throughline = createTestThroughline();
  const scope = throughline.startSpan({ name: "GET" });
  const failure = new Error("closed");
  expect(() =>
    scope.run(() => {
      throw failure;
    }),
  ).toThrow(failure);
  scope.end();
  scope.fail(failure);
  expect(trace.getSpan(scope.context)).toBe(scope.span);
  expect(throughline.emitted()).toEqual([]);
});

test("spans before start and after shutdown do no harm", async () => {
  const throughline = createTestThroughline();
  await throughline.shutdown();
  throughline.startSpan({ name: "late" }).end();
  expect(throughline.startStep({ type: "erp.goods_receipt.posted" }).end()).toBeUndefined();
  expect(throughline.stats().dropped.after_shutdown).toBe(1);
});
