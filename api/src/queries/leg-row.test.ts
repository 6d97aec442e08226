import { expect, test } from "vitest";
import { type LegRow, toLegVerdict } from "./leg-row.ts";

const ROW: LegRow = {
  flow: "order",
  leg: "receipt",
  instance_type: "purchase_order_line",
  instance_id: "1/10",
  occurrence: 0,
  batch_text: "1",
  verdict: "PAUSED",
  dated_at: "2026-06-01T10:00:00.000Z",
  started_at: "2026-06-01T10:00:00.000Z",
  ended_at: null,
  due_at: null,
  at_risk_at: null,
  excused: 0,
  budget: 4 * 3_600_000,
  calendar: "",
  site: "north",
  domain: "procurement",
  criticality: "high",
  supplier: "",
  flags: [],
  reason: "",
  moves: JSON.stringify([
    { kind: "excuse", id: "w", version: 1, from: "2026-06-01T11:00:00.000Z", until: "2026-06-01T12:30:00.000Z" },
    { kind: "pause", id: "p", version: 1, from: "2026-06-01T12:00:00.000Z", until: null },
  ]),
  rule_version: "v1",
  evaluated_at: "2026-06-01T12:00:00.000Z",
  is_removed: 0,
  is_corrected: 0,
  shown_verdict: "PAUSED",
  shown_reason: "",
};

test("counts of a running leg only the time that was neither excused nor paused, once", () => {
  const at = (time: string) =>
    toLegVerdict(ROW, { now: Date.parse(`2026-06-01T${time}:00Z`), workingTimes: new Map() });
  expect(at("10:30")).toMatchObject({ elapsedMs: 1_800_000, budgetMs: 4 * 3_600_000 });
  expect(at("11:45").elapsedMs).toBe(3_600_000);
  expect(at("20:00").elapsedMs).toBe(3_600_000);
  expect(at("20:00").moves.map(({ id }) => id)).toEqual(["w", "p"]);
});

test("took no time where it ended before it started because clocks differ", () => {
  const ended = {
    ...ROW,
    moves: "",
    ended_at: "2026-06-01T09:59:00.000Z",
    verdict: "MET",
    shown_verdict: "MET",
  } as const;
  expect(toLegVerdict(ended, { now: Date.parse("2026-06-01T12:00:00Z"), workingTimes: new Map() }).elapsedMs).toBe(0);
});
