import { describe, expect, it } from "vitest";
import { isBehind, sayReconciler, sayStanding } from "./overview-text.ts";

const figure = (value: number) => ({ value, href: "/api/v1/legs" });

function say({
  breached,
  overdue,
  atRisk,
  unknown = 0,
  lagMs = 0,
}: Record<"breached" | "overdue" | "atRisk", number> & { unknown?: number; lagMs?: number }): string {
  const counts = {
    open: figure(9),
    met: figure(9),
    unknown: figure(0),
    others: figure(0),
    total: figure(9),
    breached: figure(breached),
    overdue: figure(99),
    atRisk: figure(99),
  };
  return sayStanding({
    counts,
    standing: { open: figure(9), atRisk: figure(atRisk), overdue: figure(overdue), unknown: figure(unknown) },
    projection: { lagMs, pendingSince: null, evaluatedAt: null },
  });
}

describe("the sentence of the overview", () => {
  it.each([
    { late: [0, 0], atRisk: 0, sentence: "No leg is late and none is at risk" },
    { late: [0, 0], atRisk: 1, sentence: "No leg is late, 1 is at risk" },
    { late: [0, 0], atRisk: 1204, sentence: "No leg is late, 1,204 are at risk" },
    { late: [1, 0], atRisk: 0, sentence: "1 leg is late, none more is at risk" },
    { late: [6, 2], atRisk: 1, sentence: "8 legs are late, 1 more is at risk" },
    { late: [1200, 0], atRisk: 12, sentence: "1,200 legs are late, 12 more are at risk" },
  ])("is: $sentence", ({ late: [breached = 0, overdue = 0], atRisk, sentence }) => {
    expect(say({ breached, overdue, atRisk })).toBe(sentence);
  });

  it("says that verdicts are behind, so that their counts are not taken for all", () => {
    const quiet = { breached: 0, overdue: 0, atRisk: 0 };
    expect(say({ ...quiet, lagMs: 59_999 })).toBe("No leg is late and none is at risk");
    expect(say({ ...quiet, lagMs: 408_000 })).toBe(
      "No leg is late and none is at risk; verdicts are 6 min 48 s behind",
    );
    expect(say({ ...quiet, unknown: 2, lagMs: 60_000 })).toBe(
      "No leg is late and none is at risk; 2 legs cannot be judged; verdicts are 1 min behind",
    );
  });

  it("says how many legs cannot be judged because their feed is silent", () => {
    const sentence = say({ breached: 0, overdue: 0, atRisk: 0, unknown: 12 });
    expect(sentence).toBe("No leg is late and none is at risk; 12 legs cannot be judged");
  });
});

describe("the figure of evaluation", () => {
  const lag = (lagMs: number) => ({ lagMs, pendingSince: null, evaluatedAt: null });

  it("says how far matches are behind, and nothing where they are current or not kept", () => {
    expect(sayReconciler(lag(408_000))).toBe("; matches 6 min 48 s behind");
    expect([sayReconciler(lag(0)), sayReconciler(null)]).toEqual(["", ""]);
  });

  it("warns from a minute on", () => {
    expect([lag(59_999), lag(60_000), null].map(isBehind)).toEqual([false, true, false]);
  });
});
