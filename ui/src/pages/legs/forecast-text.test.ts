import { describe, expect, it } from "vitest";
import { foretell, formatLateChance } from "./forecast-text.ts";

const FORECAST = { chance: 0.28, n: 1184, level: "site-supplier" as const, frozenOn: "2026-03-10" };

describe("what is expected of a leg", () => {
  it("is the chance to be late and how many it comes from", () => {
    expect(foretell({ verdict: "OPEN", forecast: FORECAST })).toBe(
      "72 % likely to be late, from 1,184 like it: of the same supplier at the same site.",
    );
  });

  it("is never certain", () => {
    expect(formatLateChance({ ...FORECAST, chance: 0.9999 })).toBe("< 1 %");
    expect(formatLateChance({ ...FORECAST, chance: 0 })).toBe("> 99 %");
  });

  it("is said to be missing for an open leg, and left out for one that has ended", () => {
    expect(foretell({ verdict: "AT_RISK", forecast: null })).toContain("too few");
    expect(foretell({ verdict: "MET", forecast: null })).toBe("");
  });
});
