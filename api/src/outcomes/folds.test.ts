import { createWorkingTime } from "@throughline/schemas/calendar/working-time";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { foldExceptions } from "./fold-exceptions.ts";
import { foldStock } from "./fold-stock.ts";
import { isLikeForLike, listSteps, toBaseline, toPeriod } from "./periods.ts";
import { countWorkingDays } from "./working-days.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe("stock", () => {
  const history = foldStock([
    { at: 10 * HOUR, isOut: false },
    { at: 20 * HOUR, isOut: true },
    { at: 23 * HOUR, isOut: true },
    { at: 26 * HOUR, isOut: false },
    { at: 40 * HOUR, isOut: true },
  ]);

  test("is out from a statement of nothing to the next of anything, and unknown before the first", () => {
    expect([9, 10, 20, 25, 26, 41].map((hour) => history.isOutAt(hour * HOUR))).toEqual([
      undefined,
      false,
      true,
      true,
      false,
      true,
    ]);
  });

  test("counts hours from the first statement on, inside of what is asked", () => {
    expect(history.measure({ from: 0, to: 48 * HOUR })).toEqual({ stockedMs: 38 * HOUR, outMs: 14 * HOUR });
    expect(history.measure({ from: 22 * HOUR, to: 24 * HOUR })).toEqual({ stockedMs: 2 * HOUR, outMs: 2 * HOUR });
    expect(history.measure({ from: 0, to: 5 * HOUR })).toEqual({ stockedMs: 0, outMs: 0 });
    expect(foldStock([]).measure({ from: 0, to: HOUR })).toEqual({ stockedMs: 0, outMs: 0 });
  });

  test("adds up over any split of time, in any order of statements", () => {
    const statement = fc.record({ at: fc.nat(1000), isOut: fc.boolean() });
    fc.assert(
      fc.property(fc.array(statement), fc.nat(1000), (statements, at) => {
        const [one, other] = [foldStock(statements), foldStock(statements.toReversed())];
        const [before, after, whole] = [
          one.measure({ from: 0, to: at }),
          one.measure({ from: at, to: 1000 }),
          other.measure({ from: 0, to: 1000 }),
        ];
        expect(before.outMs + after.outMs).toBe(whole.outMs);
        expect(before.stockedMs + after.stockedMs).toBe(whole.stockedMs);
        expect(whole.outMs).toBeLessThanOrEqual(whole.stockedMs);
      }),
    );
  });
});

describe("exceptions of an invoice", () => {
  const say = (at: number, outcome: "matched" | "held" | "blocked" | "parked", isRemoved = false) => ({
    at,
    outcome,
    isRemoved,
  });

  test("go from the first evaluation that blocks to the first that does not", () => {
    const evaluations = [say(1, "held"), say(2, "blocked"), say(3, "parked"), say(5, "matched"), say(8, "blocked")];
    expect(foldExceptions(evaluations)).toEqual([
      { raisedAt: 2, resolvedAt: 5 },
      { raisedAt: 8, resolvedAt: undefined },
    ]);
    expect(foldExceptions([say(1, "held"), say(2, "matched")])).toEqual([]);
    expect(foldExceptions([say(1, "blocked"), say(4, "blocked", true)])).toEqual([{ raisedAt: 1, resolvedAt: 4 }]);
  });
});

describe("business days", () => {
  const shift = [{ from: "08:00", to: "17:00" }];
  const working = createWorkingTime({
    id: "us-business",
    title: "Business",
    zone: "America/Chicago",
    shifts: { monday: shift, tuesday: shift, wednesday: shift, thursday: shift, friday: shift },
    holidays: { country: "US" },
    closed: [],
    open: [],
  });
  const at = (text: string) => Date.parse(text);

  test("count the days with shifts after the first, without weekends and holidays", () => {
    expect(countWorkingDays(working, at("2026-07-01T15:00:00Z"), at("2026-07-01T20:00:00Z"))).toBe(0);
    expect(countWorkingDays(working, at("2026-07-01T15:00:00Z"), at("2026-07-06T15:00:00Z"))).toBe(2);
    expect(countWorkingDays(working, at("2026-03-06T21:00:00Z"), at("2026-03-09T15:00:00Z"))).toBe(1);
  });
});

describe("periods", () => {
  const NOW = Date.parse("2026-04-03T12:34:00Z");

  test("are the last four weeks unless asked, beside the four before", () => {
    const period = toPeriod({}, NOW);
    expect(period).toEqual({ from: Date.parse("2026-03-06T12:00:00Z"), to: Date.parse("2026-04-03T12:00:00Z") });
    expect(toBaseline(period)).toEqual({ from: period.from - 28 * DAY, to: period.from });
    expect([isLikeForLike(period), isLikeForLike({ from: 0, to: 10 * DAY })]).toEqual([true, false]);
    expect(() => toPeriod({ from: "2026-05-01T00:00:00Z" }, NOW)).toThrow("The time range cannot be used.");
    expect(() => toPeriod({ from: "2024-01-01T00:00:00Z" }, NOW)).toThrow("The time range cannot be used.");
  });

  test("are tiled by at most fourteen steps of whole days", () => {
    fc.assert(
      fc.property(fc.nat(366 * 24), (hours) => {
        const span = { from: 0, to: (hours + 1) * HOUR };
        const steps = listSteps(span);
        expect(steps.length).toBeLessThanOrEqual(14);
        expect([steps[0]?.from, steps.at(-1)?.to]).toEqual([span.from, span.to]);
        steps.slice(1).forEach((step, index) => expect(step.from).toBe(steps[index]?.to));
      }),
    );
  });
});
