import { describe, expect, it } from "vitest";
import { sayStanding } from "./overview-text.ts";

const figure = (value: number) => ({ value, href: "/api/v1/legs" });

function say(breached: number, overdue: number, atRisk: number): string {
  const counts = { open: figure(9), met: figure(9), others: figure(0), total: figure(9), breached: figure(breached), overdue: figure(99), atRisk: figure(99) };
  return sayStanding({ counts, standing: { open: figure(9), atRisk: figure(atRisk), overdue: figure(overdue) } });
}

describe("the sentence of the overview", () => {
  it.each([
    [0, 0, 0, "No leg is late and none is at risk"],
    [0, 0, 1, "No leg is late, 1 is at risk"],
    [0, 0, 1204, "No leg is late, 1,204 are at risk"],
    [1, 0, 0, "1 leg is late, none more is at risk"],
    [6, 2, 1, "8 legs are late, 1 more is at risk"],
    [1200, 0, 12, "1,200 legs are late, 12 more are at risk"],
  ])("for %d breached, %d overdue, %d at risk: %s", (breached, overdue, atRisk, sentence) => {
    expect(say(breached, overdue, atRisk)).toBe(sentence);
  });
});
