import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT_CONTEXT } from "@opentelemetry/api";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { toContext, toIds } from "./carrier.fixture.ts";
import { readObjects, withObjects } from "./objects.ts";
import { createRegistry } from "./registry.ts";

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "throughline-registry-"));
  path = join(directory, "registry.ndjson");
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(directory, { recursive: true });
});

test("finds a context by the first key that it knows, with the objects that it carried", () => {
  const registry = createRegistry();
  const from = withObjects(toContext(), [{ type: "purchase_order", id: "1" }]);
  expect(registry.remember(["x12:a/b/PO/17", "x12:a/order/1"], from)).toBe(2);
  const found = registry.find(["unknown", "x12:a/order/1"]);
  expect(toIds(found)).toBe(toIds(from));
  expect(found && readObjects(found)).toEqual([{ type: "purchase_order", id: "1" }]);
  expect(registry.find(["unknown"])).toBeUndefined();
});

test("holds no more than it may, the latest, and none for longer than it may", () => {
  vi.useFakeTimers({ now: 0 });
  const registry = createRegistry({ maxEntries: 3, maxAgeMs: 1000 });
  for (const key of ["a", "b", "a", "c", "d"]) registry.remember([key], toContext());
  expect(registry.size()).toBe(3);
  expect(registry.find(["b"])).toBeUndefined();
  expect(registry.find(["a"])).toBeDefined();
  vi.setSystemTime(1001);
  expect(registry.find(["a"])).toBeUndefined();
  registry.remember(["e"], toContext());
  expect(registry.size()).toBe(1);
});

test("takes only what is a key and a trace", () => {
  const registry = createRegistry();
  const odd: unknown[] = ["", "x".repeat(513), 7, undefined];
  expect(Reflect.apply(Reflect.get(registry, "remember"), registry, [odd, toContext()])).toBe(0);
  expect(registry.remember(["a"], ROOT_CONTEXT)).toBe(0);
  expect(registry.remember(["__proto__"], toContext())).toBe(1);
  expect(registry.find(["constructor"])).toBeUndefined();
});

test("outlives its process, a half written line, and lines that were changed", async () => {
  const first = createRegistry({ path });
  first.remember(["a"], toContext());
  expect(await first.flush()).toBe(true);
  appendFileSync(path, '\n{"key":"torn","at":');
  const second = createRegistry({ path });
  second.remember(["b"], toContext());
  expect(await second.flush()).toBe(true);
  appendFileSync(path, `\n{"key":"bad","at":${Date.now()},"fields":{"traceparent":"x\\r\\ny"}}\nnull\n7`);
  const third = createRegistry({ path });
  expect(["a", "b", "torn"].map((key) => toIds(third.find([key])))).toEqual([
    toIds(toContext()),
    toIds(toContext()),
    undefined,
  ]);
  expect(third.find(["bad"])).toBe(ROOT_CONTEXT);
});

test("keeps its file within bounds", async () => {
  const registry = createRegistry({ path, maxEntries: 10 });
  for (let round = 0; round < 30; round++) {
    registry.remember(
      Array.from({ length: 1000 }, (_, index) => `${round}/${index}`),
      toContext(),
    );
    await registry.flush();
  }
  expect(readFileSync(path, "utf8").split("\n").length).toBeLessThan(13_000);
  expect(createRegistry({ path, maxEntries: 10 }).find(["29/999"])).toBeDefined();
  expect(statSync(path).size).toBeLessThan(4e6);
});

test("goes on in memory when the disk fails, and says so once", async () => {
  writeFileSync(path, "");
  const registry = createRegistry({ path: join(path, "below-a-file") });
  registry.remember(["a"], toContext());
  expect(await registry.flush()).toBe(false);
  expect(await registry.flush()).toBe(true);
  expect(registry.find(["a"])).toBeDefined();
});
