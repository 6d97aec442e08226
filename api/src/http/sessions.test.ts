import { expect, test } from "vitest";
import { createFailureLimit } from "./failure-limit.ts";
import { createSessions } from "./sessions.ts";

const MINUTE_MS = 60_000;

test("lets a code in once, within 15 minutes", () => {
  let now = 0;
  const sessions = createSessions(() => now);
  const code = sessions.createCode("administrator");
  const late = sessions.createCode("administrator");
  expect(sessions.redeemCode("other")).toBeUndefined();
  expect(sessions.redeemCode(code)).toBe("administrator");
  expect(sessions.redeemCode(code)).toBeUndefined();
  now = 15 * MINUTE_MS;
  expect(sessions.redeemCode(late)).toBeUndefined();
});

test("ends a session after 12 hours, or when it is closed", () => {
  let now = 0;
  const sessions = createSessions(() => now);
  const [kept, closed] = [sessions.open("a"), sessions.open("b")];
  sessions.close(closed.token);
  expect(sessions.find(closed.token)).toBeUndefined();
  expect(sessions.find(kept.token)).toEqual({ principalId: "a", expiresAt: kept.expiresAt });
  now = 12 * 60 * MINUTE_MS;
  expect(sessions.find(kept.token)).toBeUndefined();
});

test("holds a bounded number of sessions, the newest", () => {
  const sessions = createSessions(() => 0);
  const first = sessions.open("a").token;
  const tokens = Array.from({ length: 10_000 }, () => sessions.open("a").token);
  expect(sessions.find(first)).toBeUndefined();
  expect(sessions.find(tokens.at(-1) ?? "")).toBeDefined();
});

test("lets an address fail again after its minute", () => {
  let now = 0;
  const limit = createFailureLimit({ failures: 2, windowMs: MINUTE_MS, now: () => now });
  limit.record("a");
  expect(limit.secondsToWait("a")).toBe(0);
  limit.record("a");
  expect([limit.secondsToWait("a"), limit.secondsToWait("b")]).toEqual([60, 0]);
  now = 59_500;
  expect(limit.secondsToWait("a")).toBe(1);
  now = MINUTE_MS;
  expect(limit.secondsToWait("a")).toBe(0);
});
