import { expect, test } from "vitest";
import { createUuidSource } from "./uuid.ts";

test("makes distinct UUIDv7 in their order, also more than 4,096 in one millisecond", () => {
  const next = createUuidSource();
  const now = Date.UTC(2026, 2, 1);
  const ids = Array.from({ length: 20_000 }, () => next(now));
  expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.toSorted()).toEqual(ids);
  expect(Number.parseInt((ids[0] ?? "").replaceAll("-", "").slice(0, 12), 16)).toBe(now);
});
