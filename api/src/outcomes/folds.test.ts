import { createWorkingTime } from "@throughline/schemas/calendar/working-time";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MatchCause } from "@throughline/schemas/match";
import type { WorkState } from "../matches/work-state.ts";
import { toFingerprint } from "../projections/matches/fingerprint.ts";
import type { Touch } from "../queries/list-touches.ts";
import { type SlotResult, type SlotStory, withAcceptances } from "./fold-acceptances.ts";
import { foldEffort } from "./fold-effort.ts";
import { type Evaluation, foldExceptions } from "./fold-exceptions.ts";
import { foldStock } from "./fold-stock.ts";
import { measureTotal } from "./measure.ts";
import { isLikeForLike, listSteps, toBaseline, toPeriod } from "./periods.ts";
import { countWorkingDays } from "./working-days.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
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

describe("acceptances", () => {
  const causes = (value: string): MatchCause[] => [{ code: "PRICE", difference: { value, currency: "USD" } }];
  const result = (at: number, outcome: "matched" | "held" | "blocked", value = "21.00"): SlotResult => ({
    kind: "line",
    batch: at,
    evaluatedAt: new Date(at).toISOString(),
    at,
    outcome,
    causes: outcome === "matched" ? [] : causes(value),
    isRemoved: false,
  });
  const act = (at: number, state: WorkState) => ({
    at,
    version: at,
    verb: state,
    state,
    batch: 2,
    fingerprint: toFingerprint(causes("21.00")),
    minutes: 0,
  });
  const whole = (at: number, outcome: "matched" | "blocked") => ({ at, outcome, isRemoved: false });
  const fold = (evaluations: readonly Evaluation[], ...slots: SlotStory[]) =>
    foldExceptions(withAcceptances(evaluations, slots));

  test("end an exception when the last of what blocks the invoice is accepted", () => {
    const one = { results: [result(2, "blocked")], acts: [act(5, "proposed"), act(6, "accepted")] };
    const other = { results: [result(2, "blocked")], acts: [act(9, "accepted")] };
    const waiting = { results: [result(2, "held")], acts: [] };
    expect(fold([whole(2, "blocked")], one, waiting)).toEqual([{ raisedAt: 2, resolvedAt: 6 }]);
    expect(fold([whole(2, "blocked")], one, other)).toEqual([{ raisedAt: 2, resolvedAt: 9 }]);
    const untouched = { results: [result(2, "blocked")], acts: [] };
    expect(fold([whole(2, "blocked")], one, untouched)).toEqual([{ raisedAt: 2, resolvedAt: undefined }]);
    expect(fold([whole(2, "blocked")])).toEqual([{ raisedAt: 2, resolvedAt: undefined }]);
  });

  test("that are taken back, or void by another difference, begin another exception", () => {
    const back = { results: [result(2, "blocked")], acts: [act(4, "accepted"), act(7, "open")] };
    expect(fold([whole(2, "blocked")], back)).toEqual([
      { raisedAt: 2, resolvedAt: 4 },
      { raisedAt: 7, resolvedAt: undefined },
    ]);
    const results = [result(2, "blocked"), result(8, "blocked", "400.00"), result(11, "matched")];
    const voided = { results, acts: [act(4, "accepted")] };
    expect(fold([whole(2, "blocked"), whole(8, "blocked"), whole(11, "matched")], voided)).toEqual([
      { raisedAt: 2, resolvedAt: 4 },
      { raisedAt: 8, resolvedAt: 11 },
    ]);
    const same = { results: [result(2, "blocked"), result(8, "blocked")], acts: [act(4, "accepted")] };
    expect(fold([whole(2, "blocked"), whole(8, "blocked")], same)).toEqual([{ raisedAt: 2, resolvedAt: 4 }]);
  });
});

describe("manual effort", () => {
  const STANDARD = { take: 10, release: "off", accept: 5, approve: 5, withdraw: "off" } as const;
  const touch = (id: string, verb: string, more: Partial<Touch> = {}): Touch => ({
    type: "invoice",
    id,
    document: "",
    order: "1/10",
    line: "",
    verb,
    minutes: 0,
    worked: 0,
    done: HOUR,
    of_site: "north",
    is_logged: 0,
    ...more,
  });
  const logged = (id: string, minutes: number) => touch(id, "log", { minutes, is_logged: 1 });

  test("is what was logged, else each touch by the declared standard", () => {
    const acts = [
      touch("A", "take", { is_logged: 1 }),
      logged("A", 25),
      touch("B", "take"),
      touch("B", "accept", { done: DAY }),
      touch("B", "release"),
      touch("C", "release"),
    ];
    const { counted, excluded } = foldEffort(acts, STANDARD);
    expect(counted.map(({ object, at, part, isDeclared }) => [object.id, at, part, isDeclared])).toEqual([
      ["A", 0, 25 * MINUTE, undefined],
      ["B", HOUR, 10 * MINUTE, true],
      ["B", DAY, 5 * MINUTE, true],
    ]);
    expect(measureTotal(counted)).toEqual({ n: 2, value: String(40 * MINUTE), declared: 1 });
    expect(excluded.map(({ object }) => object.id)).toEqual(["C"]);
    expect(foldEffort(acts, undefined).excluded.map(({ object }) => object.id)).toEqual(["B", "C"]);
  });

  test("of a match that was logged before counts no touch by the standard", () => {
    expect(foldEffort([touch("A", "accept", { is_logged: 1 })], STANDARD)).toEqual({
      counted: [],
      excluded: [],
      open: [],
    });
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
