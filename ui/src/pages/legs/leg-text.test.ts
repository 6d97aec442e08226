import { describe, expect, it } from "vitest";
import { explainLeg, lateMsOf, noteOf } from "./leg-text.ts";

const MINUTE = 60_000;
const DUE = "2026-03-02T14:00:00Z";
const DUE_MS = Date.parse(DUE);

const BASE = {
  verdict: "OPEN" as const,
  startedAt: "2026-03-02T10:00:00Z",
  endedAt: null,
  dueAt: DUE,
  elapsedMs: null,
  budgetMs: 240 * MINUTE,
  reason: "",
  flags: [],
};

describe("what is said of a leg", () => {
  it("is the time that remains while it is open", () => {
    expect(noteOf(BASE, DUE_MS - 134 * MINUTE)).toBe("2 h 14 min left");
    expect(lateMsOf(BASE, DUE_MS)).toBeUndefined();
  });

  it("is by how much it is late, counted from now until it ends", () => {
    expect(noteOf({ ...BASE, verdict: "BREACHED" }, DUE_MS + 45 * MINUTE)).toBe("by 45 min");
    const ended = {
      ...BASE,
      verdict: "BREACHED" as const,
      endedAt: "2026-03-02T14:00:00.001Z",
      elapsedMs: 240 * MINUTE + 1,
    };
    expect(lateMsOf(ended, DUE_MS + 900 * MINUTE)).toBe(1);
    expect(explainLeg(ended, DUE_MS)).toBe("It took 4 h of the 4 h allowed and ended 1 ms late.");
  });

  it("says what is missing where it is not known how much came", () => {
    const late = { ...BASE, verdict: "BREACHED" as const, flags: ["unit-unknown" as const] };
    expect(explainLeg(late, DUE_MS + 45 * MINUTE)).toBe(
      "Its deadline passed 45 min ago, and it is not known to be complete. A delivery states another unit than the order, and no factor between both is known for the item: it is not known whether all of it came. State the units of the item in its master data.",
    );
    expect(explainLeg({ ...BASE, flags: ["quantity-unknown"] }, DUE_MS - 134 * MINUTE)).toContain("states none");
  });

  it("never calls an excluded leg late", () => {
    expect(lateMsOf({ ...BASE, verdict: "EXCLUDED" }, DUE_MS + MINUTE)).toBeUndefined();
  });

  it("says that an overdue leg may still turn out to be in time", () => {
    expect(explainLeg({ ...BASE, verdict: "OVERDUE_PROVISIONAL" }, DUE_MS + 30 * MINUTE)).toContain("may still arrive");
  });
});
