import { describe, expect, it } from "vitest";
import { formatGap, sayDelivery, sayFinding, saySilence, sayState, sayWatermark } from "./feed-text.ts";

const PROMISE = {
  watermark: "arrival",
  lagMs: 300_000,
  silentAfterMs: 900_000,
  silentAt: null,
  calendar: null,
  isExcused: false,
} as const;

const SOURCE = { state: "reporting", completeTo: "2026-03-02T08:00:00Z", promise: PROMISE } as const;

describe("a feed", () => {
  it("says how its watermark is known and when it is silent", () => {
    expect(sayWatermark(PROMISE)).toBe("By arrival, less 5 min");
    expect(sayWatermark({ ...PROMISE, watermark: "batch", lagMs: null })).toBe("By the trailers of its batches");
    expect(saySilence(PROMISE)).toBe("After 15 min without a sign of life");
    expect(saySilence({ ...PROMISE, calendar: "us-business" })).toMatch(/, in working time of us-business$/);
    expect(saySilence({ ...PROMISE, silentAfterMs: null })).toMatch(/never judged silent/);
  });

  it("is not blamed for a silence that its calendar excuses", () => {
    const closed = { ...SOURCE, promise: { ...PROMISE, calendar: "us-business", isExcused: true } };
    expect(sayState(closed)).toMatch(/us-business says that it is closed: nothing is wrong/);
    expect(sayState({ ...closed, state: "silent" })).toMatch(/cannot be judged/);
  });
});

describe("findings", () => {
  it.each([
    [{ kind: "silent", detail: "nothing is heard of it", count: 1, mostMs: null }, "Nothing is heard of it."],
    [{ kind: "missing-numbers", detail: "missing: 3–4, 6", count: 3, mostMs: null }, "3 numbers missing: 3–4, 6."],
    [
      { kind: "behind-watermark", detail: "arrived behind the watermark", count: 1, mostMs: 9000 },
      "1 event arrived behind the watermark, up to 9 s.",
    ],
    [
      { kind: "batch", detail: "inventory of 2026-03-10: late", count: 1, mostMs: null },
      "Inventory of 2026-03-10: late.",
    ],
    [
      { kind: "log-gap", detail: "positions 4–9 of this log did not reach the store", count: 6, mostMs: null },
      "Positions 4–9 of this log did not reach the store.",
    ],
  ] as const)("say %j as %s", (finding, said) => {
    expect(sayFinding(finding)).toBe(said);
  });

  it("show missing numbers as ranges, and batches with what is wrong with them", () => {
    expect([formatGap({ first: 41, last: 41 }), formatGap({ first: 1041, last: 1057 })]).toEqual(["41", "1041–1057"]);
    expect(sayDelivery({ faults: ["late", "doubled"], arrivedAt: "2026-03-02T08:00:00Z" })).toBe("late, doubled");
    expect(sayDelivery({ faults: [], arrivedAt: null })).toBe("expected");
    expect(sayDelivery({ faults: [], arrivedAt: "2026-03-02T08:00:00Z" })).toBe("as promised");
  });
});
