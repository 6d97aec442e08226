import { expect, test } from "vitest";
import type { LegRow } from "../legs/leg-row.ts";
import { createRollupChanges } from "./rollups.ts";

const NOW = Date.parse("2026-03-10T12:00:00Z");
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const BREACHED: LegRow = {
  flow: "order",
  leg: "receipt",
  instanceType: "purchase_order_line",
  instanceId: "1/10",
  occurrence: 0,
  verdict: "BREACHED",
  startedAt: NOW - DAY_MS,
  endedAt: undefined,
  dueAt: NOW - 30 * MINUTE_MS,
  atRiskAt: undefined,
  excusedMs: 0,
  budgetMs: DAY_MS,
  calendar: "",
  startLog: "a",
  startPosition: 1,
  endLog: "",
  endPosition: 0,
  site: "north",
  domain: "procurement",
  criticality: "high",
  supplier: "ACME",
  flags: [],
  reason: "",
  moves: [],
  ruleVersion: "v1",
  wake: undefined,
};
const MET: LegRow = { ...BREACHED, verdict: "MET", endedAt: NOW - 40 * MINUTE_MS };

const minutesOf = (...changes: [LegRow, 1 | -1][]) => {
  const rollups = createRollupChanges(NOW);
  for (const [row, legs] of changes) rollups.add(row, legs);
  return rollups.listMinutes().map(({ minute, good, bad }) => [Number(minute) * 1000 - NOW, good, bad]);
};

test("restores the budget that a corrected breach has spent, in the minute in which it was due", () => {
  expect(minutesOf([BREACHED, -1], [MET, 1])).toEqual([
    [-30 * MINUTE_MS, 0, -1],
    [-40 * MINUTE_MS, 1, 0],
  ]);
});

test("counts no verdict by the minute that is not final", () => {
  const verdicts = ["OPEN", "AT_RISK", "OVERDUE_PROVISIONAL", "EXCLUDED"] as const;
  expect(minutesOf(...verdicts.map((verdict): [LegRow, 1] => [{ ...BREACHED, verdict }, 1]))).toEqual([]);
});

test("counts nothing by the minute that the store does not keep any more, but all of it by the hour", () => {
  const old = { ...BREACHED, dueAt: NOW - 8 * DAY_MS };
  expect(minutesOf([old, 1])).toEqual([]);
  expect(minutesOf([{ ...old, dueAt: NOW - 8 * DAY_MS + MINUTE_MS }, 1])).toHaveLength(1);
  const rollups = createRollupChanges(NOW);
  rollups.add(old, 1);
  expect(rollups.listHours()).toMatchObject([{ verdict: "BREACHED", ended: 0, legs: 1 }]);
});

test("takes back by the minute what was counted as long as the store keeps it", () => {
  const dueAt = NOW - 7.5 * DAY_MS;
  const corrected = { ...MET, dueAt, endedAt: dueAt - MINUTE_MS };
  expect(minutesOf([{ ...BREACHED, dueAt }, -1], [corrected, 1])).toEqual([
    [-7.5 * DAY_MS, 0, -1],
    [-7.5 * DAY_MS - MINUTE_MS, 1, 0],
  ]);
});

test("drops changes that cancel out, and keeps suppliers apart", () => {
  expect(minutesOf([MET, 1], [MET, -1])).toEqual([]);
  expect(minutesOf([MET, 1], [{ ...MET, supplier: "BRAVO" }, 1])).toHaveLength(2);
});
