import { expect, test } from "vitest";
import { findNextDueMs, refreshMsOf, untilDueMs } from "./refresh.ts";

test("what counts event by event is read again at once, the rest when it has become as old as its class allows", () => {
  expect(untilDueMs({ readAtMs: 1000, refreshMs: refreshMsOf("event") }, 1000)).toBe(0);
  expect(untilDueMs({ readAtMs: 1000, refreshMs: refreshMsOf("near-real-time") }, 6000)).toBe(10_000);
  expect(untilDueMs({ readAtMs: 1000, refreshMs: refreshMsOf("batch") }, 61_000)).toBe(0);
  expect(refreshMsOf(undefined)).toBe(0);
});

test("news is never lost: what is not due now is read when it is", () => {
  const slow = { readAtMs: 0, refreshMs: 60_000 };
  const quick = { readAtMs: 0, refreshMs: 15_000 };
  expect(findNextDueMs([slow, quick, { readAtMs: 0, refreshMs: 0 }], 4000)).toBe(11_000);
  expect(findNextDueMs([slow, quick], 20_000)).toBe(40_000);
  expect(findNextDueMs([quick], 20_000)).toBeUndefined();
});
