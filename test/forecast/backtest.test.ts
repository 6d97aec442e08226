import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { loadPack } from "../../commands/pack-files.ts";
import { ROOT } from "../repository/root.ts";
import type { Said } from "./backtest.ts";
import { drawReliability } from "./draw-reliability.ts";
import { measureReliability, type Reliability } from "./reliability.ts";
import { runBacktest } from "./run-backtest.ts";

const PLAN = { seeds: [21], learnDays: 18, askDays: 5, waitDays: 3, hospitals: 2, items: 60 };

/** Answers of a tenth that suffice to tell what was said from chance, given that lines of one order share their fate. */
const ENOUGH = 100;
const TOLERANCE = 0.12;

let said: Said[];
let silent: number;
let reliability: Reliability;

beforeAll(() => {
  ({ said, silent } = runBacktest(loadPack(join(ROOT, "config")), PLAN));
  reliability = measureReliability(said);
}, 120_000);

test("what is said comes true about as often as it is said", () => {
  const judged = reliability.rows.filter(({ n }) => n >= ENOUGH);
  expect(judged.length).toBeGreaterThan(2);
  expect(judged.filter((row) => Math.abs(row.said - row.seen) > TOLERANCE)).toEqual([]);
  expect(reliability.calibrationError).toBeLessThan(0.015);
});

test("what is said is nearer to what comes than the share of late legs is", () => {
  expect(reliability.n).toBeGreaterThan(3000);
  expect(reliability.brier).toBeLessThan(reliability.baseBrier * 0.75);
});

test("an answer is nearly always given where there is a history, and from no fewer than ten legs", () => {
  expect(silent / (silent + said.length)).toBeLessThan(0.1);
  expect(Math.min(...said.map(({ n }) => n))).toBeGreaterThanOrEqual(10);
});

test("a plot shows each tenth that something was said in", () => {
  expect(drawReliability(reliability).match(/<circle/g)).toHaveLength(reliability.rows.length);
});
