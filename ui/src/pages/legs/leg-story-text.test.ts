import type { Excuse, StoryRules, StoryStep, StoryWindow } from "@throughline/api/contract";
import { describe, expect, it } from "vitest";
import { sayCause, sayChanges, sayRules, sayWindow } from "./leg-story-text.ts";

const STEP: StoryStep = {
  verdict: "OPEN",
  evaluatedAt: "2026-03-10T10:00:00.000Z",
  startedAt: "2026-03-10T10:00:00.000Z",
  endedAt: null,
  dueAt: "2026-03-10T14:00:00.000Z",
  atRiskAt: "2026-03-10T13:12:00.000Z",
  budgetMs: 14_400_000,
  excusedMs: 0,
  site: "north",
  flags: [],
  reason: "",
  ruleVersion: "aaaabbbbccccdddd",
  changed: [],
  isCorrection: false,
  cause: { kind: "clock", source: "", events: [], windows: [] },
};

describe("what brought a verdict", () => {
  it("says which moment passed, which feed reported and which rule holds", () => {
    expect(sayCause({ ...STEP, verdict: "BREACHED" })).toBe("Nothing arrived: the deadline passed.");
    expect(sayCause({ ...STEP, cause: { kind: "watermark", source: "/erp", events: [], windows: [] } })).toContain(
      "/erp reported",
    );
    expect(sayCause({ ...STEP, cause: { kind: "rules", source: "", events: [], windows: [] } })).toContain(
      "aaaabbbbcccc",
    );
    expect(sayCause({ ...STEP, cause: { kind: "event", source: "", events: [], windows: [] } })).toContain(
      "may not see",
    );
  });
});

describe("the rules of a leg", () => {
  const rules: StoryRules = {
    ruleVersion: "aaaabbbbccccdddd",
    since: "2026-03-01T08:00:00.000Z",
    isCurrent: true,
    targets: [{ within: "PT2H", where: { "attributes.criticality": ["critical"] } }, { within: "PT4H" }],
    atRiskPercent: 80,
  };

  it("are said with their targets and since when they hold", () => {
    expect(sayRules(rules, "UTC")).toBe(
      "Rule aaaabbbbcccc, since 1 Mar 2026, 08:00: Within 2 h where criticality is critical. Within 4 h otherwise. At risk from 80 % of the time on.",
    );
  });

  it("say when the flow has other rules now", () => {
    expect(sayRules({ ...rules, isCurrent: false }, "UTC")).toContain("What begins now is judged by other rules.");
  });
});

describe("what changed", () => {
  const say = (step: Partial<StoryStep>, before: Partial<StoryStep> = {}): string[] =>
    sayChanges({ ...STEP, ...step }, { ...STEP, ...before }, "UTC");

  it("is said with the value before and after", () => {
    expect(say({ changed: ["verdict", "dueAt"], dueAt: "2026-03-10T15:30:00.000Z" })).toEqual([
      "Deadline moved from 10 Mar, 14:00:00 to 10 Mar, 15:30:00",
    ]);
    expect(say({ changed: ["endedAt"] }, { endedAt: "2026-03-10T12:00:00.000Z" })).toEqual([
      "End of 10 Mar, 12:00:00 taken back",
    ]);
    expect(say({ changed: ["excusedMs", "flags"], excusedMs: 3_600_000, flags: ["reopened"] })).toEqual([
      "Excused 1 h instead of 0 ms",
      "Noted: reopened",
    ]);
  });

  it("is nothing for the first verdict", () => {
    expect(sayChanges(STEP, undefined, "UTC")).toEqual([]);
  });
});

describe("a window", () => {
  const person = { id: "a", name: "Ada" };
  const excuse: Excuse = {
    id: "w1",
    version: 2,
    kind: "excuse",
    state: "approved",
    flow: "",
    leg: "",
    site: "",
    supplier: "",
    source: "",
    domain: "",
    from: "2026-03-10T11:00:00.000Z",
    until: "2026-03-10T12:30:00.000Z",
    reason: "ERP release",
    requestedAt: "2026-03-10T10:00:00.000Z",
    requestedBy: person,
    decidedAt: "2026-03-10T10:30:00.000Z",
    decidedBy: { id: "b", name: "Bo" },
    changedAt: "2026-03-10T10:30:00.000Z",
    changedBy: { id: "b", name: "Bo" },
    note: "",
    href: "",
  };
  const window: StoryWindow = { ...excuse, change: "added", excuse, isListed: true };

  it("is told with who wanted it, who approved it and why", () => {
    expect(sayWindow(window, "UTC")).toBe(
      "Excuse 10 Mar, 11:00 to 10 Mar, 12:30 does not count: ERP release. Requested by Ada, approved by Bo.",
    );
    const withdrawn = { ...excuse, state: "withdrawn" as const, changedBy: person, note: "Called off" };
    expect(sayWindow({ ...window, until: null, change: "lifted", excuse: withdrawn }, "UTC")).toBe(
      "Excuse from 10 Mar, 11:00 on counts again: ERP release. Requested by Ada, approved by Bo, withdrawn by Ada. Note: Called off",
    );
    expect(sayWindow({ ...window, excuse: null }, "UTC")).toContain("why is not kept");
  });
});
