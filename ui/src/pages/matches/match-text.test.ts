import { expect, test } from "vitest";
import {
  countDaysAhead,
  sayAct,
  sayCauses,
  sayDaysAhead,
  sayDifference,
  sayLimit,
  sayMatch,
  sayResult,
  sayTest,
  sayVerdict,
} from "./match-text.ts";

const usd = (value: string) => ({ value, currency: "USD" });

test("says by how much something differs, in goods, money and per cent", () => {
  expect(sayDifference({ difference: usd("21.00"), percent: "2.10" })).toBe("21.00 USD (2.10 %)");
  expect(sayDifference({ difference: usd("100.00"), quantity: { value: "10", unit: "EA" } })).toBe(
    "10 EA worth 100.00 USD",
  );
  expect(sayDifference({ percent: "8.33" })).toBe("(8.33 %)");
  expect(sayDifference({})).toBe("");
});

test("says how far something may differ", () => {
  expect(sayLimit({ amount: "50.00", percent: "2" })).toBe("50.00 or 2 %");
  expect(sayLimit({ amount: "off", percent: "5" })).toBe("5 %");
  expect(sayLimit({ amount: "off", percent: "off" })).toBe("not tested");
  expect(sayLimit({ amount: "zero" })).toBe("nothing");
  expect(sayVerdict({ isBroken: false, limit: { amount: "off" } })).toBe("Not tested");
  expect(sayVerdict({ isBroken: false })).toBe("Passed");
  expect(sayTest({ code: "UNDERBILL", of: "freight" })).toBe("Billed too little: freight");
  expect(sayTest({ code: "PRICE", of: "price" })).toBe("Price");
});

test("names what a row is about, and why", () => {
  const line = { kind: "line" as const, invoice: "ACME/1", order: "45/10" };
  expect(sayMatch(line)).toBe("ACME/1 on 45/10");
  expect(sayMatch({ ...line, kind: "invoice", order: null })).toBe("ACME/1");
  expect(sayMatch({ kind: "order", invoice: null, order: "45/10" })).toBe("Order line 45/10");
  expect(sayCauses({ kind: "line", outcome: "blocked", causes: [{ code: "PRICE" }, { code: "FREIGHT" }] })).toBe(
    "Price +1",
  );
  expect(sayCauses({ kind: "invoice", outcome: "blocked", causes: [] })).toBe("See its lines");
  expect(sayCauses({ kind: "invoice", outcome: "matched", causes: [] })).toBe("");
});

test("calls an order line matched only when what was received is invoiced", () => {
  const order = { kind: "order" as const, outcome: "matched" as const };
  expect(sayResult({ ...order, uncleared: { value: "-4", unit: "BX" } })).toBe("Received, not invoiced");
  expect(sayResult({ ...order, uncleared: { value: "0.5", unit: "BX" } })).toBe("Invoiced, not received");
  expect(sayResult({ ...order, uncleared: { value: "0", unit: "BX" } })).toBe("Matched");
  expect(sayResult({ ...order, uncleared: null })).toBe("Matched");
  expect(sayResult({ ...order, outcome: "warned", uncleared: { value: "-4", unit: "BX" } })).toBe(
    "Posts with a warning",
  );
});

test("counts the days to a date as calendars do", () => {
  const noon = Date.parse("2026-03-20T12:00:00Z");
  expect(
    ["2026-03-20", "2026-03-21", "2026-03-23", "2026-03-18"].map((day) => sayDaysAhead(countDaysAhead(day, noon))),
  ).toEqual(["today", "in 1 day", "in 3 days", "2 days ago"]);
});

test("says what somebody did", () => {
  const by = { id: "a", name: "Ada" };
  expect(sayAct({ verb: "log", by, minutes: 20 })).toBe("Ada logged 20 min");
  expect(sayAct({ verb: "approve", by, minutes: 0 })).toBe("Ada approved");
});
