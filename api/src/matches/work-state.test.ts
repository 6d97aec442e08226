import type { MatchCause } from "@throughline/schemas/match";
import { expect, test } from "vitest";
import { toFingerprint } from "../projections/matches/fingerprint.ts";
import { type ResultVersion, type WorkAct, type WorkState, findStanding } from "./work-state.ts";
import { findWorth, needsSecondPerson } from "./worth.ts";

const usd = (value: string) => ({ value, currency: "USD" });
const price = (value: string): MatchCause[] => [{ code: "PRICE", difference: usd(value) }];
const NONE: MatchCause[] = [];
const OFF = { take: "off", release: "off", accept: "off", approve: "off", withdraw: "off" } as const;

const results = (...causes: MatchCause[][]): ResultVersion[] =>
  causes.map((each, index) => ({
    kind: "line",
    batch: index + 1,
    evaluatedAt: `2026-03-1${index}T12:00:00Z`,
    causes: each,
    isRemoved: false,
  }));
const act = (state: WorkState, batch: number, causes: MatchCause[]): WorkAct => ({
  version: batch,
  verb: state,
  state,
  batch,
  fingerprint: toFingerprint(causes),
  minutes: 0,
});
const stateOf = (versions: ResultVersion[], ...acts: WorkAct[]) => findStanding(versions, acts)?.state;

test("what never kept anything from being paid is no work", () => {
  expect(findStanding(results(NONE, [{ code: "UNDERBILL" }]), [])).toBeUndefined();
  expect(findStanding([], [])).toBeUndefined();
});

test("goes from open over in work to resolved when it passes", () => {
  const blocked = results(NONE, price("21.00"));
  expect(findStanding(blocked, [])).toMatchObject({
    state: "open",
    raisedAt: "2026-03-11T12:00:00Z",
    isReopened: false,
  });
  expect(stateOf(blocked, act("in_work", 2, price("21.00")))).toBe("in_work");
  const passed = results(NONE, price("21.00"), NONE);
  expect(findStanding(passed, [{ ...act("in_work", 2, price("21.00")), minutes: 15 }])).toMatchObject({
    state: "resolved",
    resolvedAt: "2026-03-12T12:00:00Z",
    minutes: 15,
  });
});

test("what passed and differs again is open again, whoever had it", () => {
  const again = results(price("21.00"), NONE, price("21.00"));
  expect(findStanding(again, [act("in_work", 1, price("21.00"))])).toMatchObject({
    state: "open",
    isReopened: true,
    raisedAt: "2026-03-12T12:00:00Z",
    version: 1,
  });
});

test("another difference voids an acceptance and leaves who has it, another limit does neither", () => {
  const worse = results(price("21.00"), price("400.00"));
  expect(stateOf(worse, act("accepted", 1, price("21.00")))).toBe("open");
  expect(findStanding(worse, [act("proposed", 1, price("21.00"))])).toMatchObject({ state: "open", isReopened: true });
  expect(stateOf(worse, act("in_work", 1, price("21.00")))).toBe("in_work");
  const limited = results(price("21.00"), [{ code: "PRICE", difference: usd("21.00"), limit: { amount: "5.00" } }]);
  expect(stateOf(limited, act("accepted", 1, price("21.00")))).toBe("accepted");
  expect(stateOf(worse, act("accepted", 2, price("400.00")))).toBe("accepted");
});

test("a result that was removed is resolved", () => {
  const [first, second] = results(price("21.00"), price("21.00"));
  if (!first || !second) throw new Error("two results");
  expect(stateOf([first, { ...second, isRemoved: true }])).toBe("resolved");
});

test("accepting costs the largest difference, or all that is billed where a cause has none", () => {
  expect(findWorth(price("-21.00"), usd("900.00"))).toEqual(usd("21.00"));
  expect(findWorth([...price("21.00"), { code: "DUP_EXACT" }], usd("-900.00"))).toEqual(usd("900.00"));
  expect(findWorth([{ code: "DATE_EARLY", difference: usd("10000.00") }], usd("900.00"))).toEqual(usd("900.00"));
  expect(findWorth([{ code: "NO_PO" }], null)).toBeUndefined();
  expect(findWorth([{ code: "UNDERBILL", difference: usd("-5.00") }, ...price("3.00")], null)).toEqual(usd("3.00"));
});

test("one person may accept up to and including the limit of the currency, and nothing in others", () => {
  const routing = {
    owners: [],
    rules: [],
    nextActions: {},
    acceptance: [{ currency: "USD", amount: "100.00" }],
    touchMinutes: OFF,
  };
  expect(["100.00", "100.01"].map((value) => needsSecondPerson(usd(value), routing))).toEqual([false, true]);
  expect(needsSecondPerson({ value: "1.00", currency: "EUR" }, routing)).toBe(true);
  expect(needsSecondPerson(undefined, routing)).toBe(true);
  expect(needsSecondPerson(usd("1.00"), undefined)).toBe(true);
});
