import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BURN_RULES, BURN_WINDOWS_MS, type Judged, judgeBurn, toBurn, toErrorBudget } from "./burn.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const [FAST, SLOW, DAILY, TICKET] = BURN_RULES;

/** Legs by the length of the window, `bad` of `all`; none where nothing is said. */
function inWindows(counts: Record<number, [bad: number, all: number]>): (lengthMs: number) => Judged {
  return (lengthMs) => {
    const [bad, all] = counts[lengthMs] ?? [0, 0];
    return { good: all - bad, bad };
  };
}

const burning = (judgedIn: (lengthMs: number) => Judged, slo = { objective: 99, minimum: 20 }) =>
  judgeBurn(judgedIn, slo).filter(({ isBurning }) => isBurning);

describe("the burn of an error budget", () => {
  test("L17: 15 times over an hour but 13.3 over five minutes, and 3 over six hours, does not page", () => {
    const counts = inWindows({
      [HOUR_MS]: [150, 1000],
      [5 * MINUTE_MS]: [12, 90],
      [6 * HOUR_MS]: [180, 6000],
      [30 * MINUTE_MS]: [80, 500],
    });
    expect(toBurn(counts(HOUR_MS), 99)).toBeCloseTo(15);
    expect(toBurn(counts(5 * MINUTE_MS), 99)).toBeCloseTo(13.33, 2);
    expect(toBurn(counts(6 * HOUR_MS), 99)).toBeCloseTo(3);
    expect(burning(counts)).toEqual([]);
  });

  test("pages when the five minutes exceed as well", () => {
    const counts = inWindows({ [HOUR_MS]: [150, 1000], [5 * MINUTE_MS]: [13, 90] });
    expect(burning(counts).map(({ rule }) => rule)).toEqual([FAST]);
  });

  test("L18: one bad of four, 25 times, does not page below a minimum of 20", () => {
    const counts = inWindows({ [HOUR_MS]: [1, 4], [5 * MINUTE_MS]: [1, 4] });
    expect(toBurn(counts(HOUR_MS), 99)).toBeCloseTo(25);
    expect(burning(counts)).toEqual([]);
    expect(judgeBurn(counts, { objective: 99, minimum: 20 })[0]).toMatchObject({ isEnough: false });
    expect(burning(counts, { objective: 99, minimum: 4 })).toHaveLength(1);
  });

  test("counts the minimum in the longer window alone", () => {
    const counts = inWindows({ [HOUR_MS]: [10, 20], [5 * MINUTE_MS]: [1, 1] });
    expect(burning(counts)).toHaveLength(1);
  });

  test.each([
    ["page at more than 6 times over six hours and half an hour", SLOW, [61, 1000]],
    ["ticket at more than 3 times over a day and two hours", DAILY, [31, 1000]],
    ["ticket at more than once over three days and six hours", TICKET, [11, 1000]],
  ] as const)("raises a %s", (_, rule, [bad, all]) => {
    const { longMs = 0, shortMs = 0 } = rule ?? {};
    const at = (count: number) => inWindows({ [longMs]: [count, all], [shortMs]: [count, all] });
    expect(burning(at(bad)).map((found) => found.rule)).toContain(rule);
    expect(burning(at(bad - 1)).map((found) => found.rule)).not.toContain(rule);
  });

  test("does not exceed at exactly the rate of a rule, whatever the objective", () => {
    for (const objective of [99, 99.9, 97.5, 99.999]) {
      const all = 1_000_000_000;
      const bad = Math.round((all * (100 - objective) * 14.4) / 100);
      const at = (count: number) => inWindows({ [HOUR_MS]: [count, all], [5 * MINUTE_MS]: [count, all] });
      expect(burning(at(bad), { objective, minimum: 20 })).toEqual([]);
      expect(burning(at(bad + 1), { objective, minimum: 20 })).toHaveLength(1);
    }
  });

  test("is unknown where nothing was judged", () => {
    expect(toBurn({ good: 0, bad: 0 }, 99)).toBeNull();
    expect(toErrorBudget({ good: 0, bad: 0 }, 99)).toEqual({ allowed: 0, left: null });
  });
});

describe("over any counts", () => {
  const judged = fc.record({ good: fc.nat(1_000_000), bad: fc.nat(1_000_000) });
  const objective = fc.integer({ min: 1, max: 99_999 }).map((thousandths) => thousandths / 1000);

  test("one more bad leg never burns slower, and one more good leg never faster", () => {
    fc.assert(
      fc.property(judged, objective, ({ good, bad }, percent) => {
        const burn = toBurn({ good, bad }, percent) ?? 0;
        expect(toBurn({ good, bad: bad + 1 }, percent) ?? 0).toBeGreaterThanOrEqual(burn);
        expect(toBurn({ good: good + 1, bad: bad + 1 }, percent) ?? 0).toBeLessThanOrEqual(
          toBurn({ good, bad: bad + 1 }, percent) ?? 0,
        );
      }),
    );
  });

  test("nothing burns where nothing is bad, and only what has enough legs in the longer window", () => {
    const windows = fc.tuple(...BURN_WINDOWS_MS.map(() => judged));
    fc.assert(
      fc.property(windows, objective, fc.integer({ min: 1, max: 2_000_000 }), (counts, percent, minimum) => {
        const judgedIn = (lengthMs: number) => counts[BURN_WINDOWS_MS.indexOf(lengthMs)] ?? { good: 0, bad: 0 };
        const onlyGood = (lengthMs: number) => ({ good: judgedIn(lengthMs).good, bad: 0 });
        expect(burning(onlyGood, { objective: percent, minimum })).toEqual([]);
        for (const { rule } of burning(judgedIn, { objective: percent, minimum })) {
          const long = judgedIn(rule.longMs);
          expect(long.good + long.bad).toBeGreaterThanOrEqual(minimum);
          expect(toBurn(long, percent)).toBeGreaterThan(rule.times * 0.999999);
        }
      }),
    );
  });

  test("the budget left falls with each bad leg and is restored by taking it back", () => {
    fc.assert(
      fc.property(judged, objective, ({ good, bad }, percent) => {
        const before = toErrorBudget({ good: good + 1, bad }, percent).left ?? 0;
        const breached = toErrorBudget({ good, bad: bad + 1 }, percent).left ?? 0;
        expect(breached).toBeLessThan(before);
        expect(toErrorBudget({ good: good + 1, bad }, percent).left).toBe(before);
      }),
    );
  });
});
