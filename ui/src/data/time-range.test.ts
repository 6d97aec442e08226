import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_RANGE, PRESETS, parseTimeRange, toBounds, toRangeQuery } from "./time-range.ts";

describe("time range in the URL", () => {
  it("comes back as it went in", () => {
    const instant = fc.integer({ min: 0, max: 4e12 });
    fc.assert(
      fc.property(instant, instant, (a, b) => {
        fc.pre(a !== b);
        const range = { kind: "between" as const, fromMs: Math.min(a, b), toMs: Math.max(a, b) };
        expect(parseTimeRange(toRangeQuery(range))).toEqual(range);
      }),
    );
    expect(parseTimeRange(toRangeQuery({ kind: "all" }))).toEqual({ kind: "all" });
    for (const preset of PRESETS) {
      expect(parseTimeRange(toRangeQuery({ kind: "last", preset }))).toEqual({ kind: "last", preset });
    }
  });

  it("falls back to the default for what cannot be read", () => {
    expect(parseTimeRange({ range: "9y" })).toEqual(DEFAULT_RANGE);
    expect(parseTimeRange({ from: "2026-02-01T00:00:00Z", to: "2026-01-01T00:00:00Z" })).toEqual(DEFAULT_RANGE);
    expect(parseTimeRange({ from: "yesterday", to: "today" })).toEqual(DEFAULT_RANGE);
  });

  it("starts with an hour when it is the last so long, and stays the same for that hour", () => {
    const now = Date.parse("2026-03-08T10:42:17Z");
    expect(toBounds({ kind: "last", preset: "4h" }, now)).toEqual({ from: "2026-03-08T06:00:00.000Z" });
    expect(toBounds({ kind: "last", preset: "4h" }, now + 60_000)).toEqual(
      toBounds({ kind: "last", preset: "4h" }, now),
    );
    expect(toBounds({ kind: "all" }, now)).toEqual({});
  });
});
