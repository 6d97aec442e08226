import { describe, expect, it } from "vitest";
import type { Fact } from "../fact.ts";
import { type LegContext, evaluateLegs } from "./evaluate-legs.ts";
import { type ApprovedWindow, fromLegMove, toLegMove } from "./moves.ts";
import { acknowledged, at, createContext, createFact, issued, officeModel, orderModel } from "./order-flow.fixture.ts";

function acknowledgement(facts: Fact[], context: LegContext) {
  const rows = evaluateLegs({ instanceId: "4500000001/10", base: undefined, facts }, orderModel, context);
  return rows.find((row) => row.leg === "acknowledgement");
}

describe("approved windows", () => {
  it("L6: excused time moves the deadline once, however many windows excuse it", () => {
    const window = (id: string, from: string, until: string): ApprovedWindow => ({
      id,
      version: 1,
      kind: "excuse",
      from: at(from),
      until: at(until),
    });
    const judge = (windows: ApprovedWindow[]) =>
      acknowledgement([issued(at("10:00"))], createContext(at("14:30"), at("14:30"), windows));
    const one = window("release", "11:00", "12:30");
    const two = window("holiday", "12:00", "13:00");
    expect(judge([])).toMatchObject({ verdict: "BREACHED", dueAt: at("14:00"), moves: [] });
    expect(judge([one])).toMatchObject({ verdict: "OPEN", dueAt: at("15:30"), atRiskAt: at("14:42"), moves: [one] });
    for (const windows of [
      [one, two],
      [two, one],
    ])
      expect(judge(windows)).toMatchObject({
        verdict: "OPEN",
        dueAt: at("16:00"),
        excusedMs: 2 * 3_600_000,
        moves: [one, two],
      });
    expect(judge([window("later", "14:00", "15:00")])).toMatchObject({ dueAt: at("14:00"), moves: [] });
    expect(judge([window("reversed", "13:00", "11:00")])).toMatchObject({ dueAt: at("14:00"), moves: [] });
  });

  it("stands still while an approved pause is open, without a deadline while the pause has no end", () => {
    const pause = (until: number | undefined): ApprovedWindow => ({
      id: "hold",
      version: 2,
      kind: "pause",
      from: at("11:00"),
      until,
    });
    const judge = (now: number, window: ApprovedWindow) =>
      acknowledgement([issued(at("10:00"))], createContext(now, now, [window]));
    expect(judge(at("10:30"), pause(undefined))).toMatchObject({ verdict: "OPEN", wake: { at: at("11:00") } });
    expect(judge(at("23:00"), pause(undefined))).toMatchObject({
      verdict: "PAUSED",
      dueAt: undefined,
      wake: undefined,
    });
    expect(judge(at("12:00"), pause(at("13:00")))).toMatchObject({
      verdict: "PAUSED",
      dueAt: at("16:00"),
      wake: { at: at("13:00") },
    });
    expect(judge(at("13:00"), pause(at("13:00")))).toMatchObject({ verdict: "OPEN", wake: { at: at("15:12") } });
  });

  it("asks for the windows of the leg, its site and its supplier, and takes no more of them than its end allows", () => {
    const asked: object[] = [];
    const windows: LegContext["windows"] = (of) => {
      asked.push(of);
      return [{ id: "hold", version: 1, kind: "pause", from: at("11:00"), until: undefined }];
    };
    const supplier = { type: "supplier", id: "ACME" };
    const order = issued(at("10:00"), { objects: [{ type: "purchase_order_line", id: "4500000001/10" }, supplier] });
    const context = { ...createContext(at("18:00")), windows };
    expect(acknowledgement([order, acknowledged(at("10:30"))], context)).toMatchObject({
      verdict: "MET",
      dueAt: at("14:00"),
      excusedMs: 0,
      moves: [],
    });
    expect(acknowledgement([order, acknowledged(at("17:00"))], context)).toMatchObject({
      verdict: "MET",
      dueAt: undefined,
      excusedMs: 6 * 3_600_000,
    });
    expect(asked).toContainEqual({ flow: "order", leg: "acknowledgement", site: "north", supplier: "ACME" });
  });

  it("excuse no working time behind the end of a leg", () => {
    const judge = (facts: Fact[], windows: ApprovedWindow[] = []) =>
      evaluateLegs(
        { instanceId: "4500000001/10", base: undefined, facts },
        officeModel,
        createContext(at("23:00"), at("23:00"), windows),
      ).find((row) => row.leg === "acknowledgement");
    const window = (id: string, from: string, until: string): ApprovedWindow => ({
      id,
      version: 1,
      kind: "excuse",
      from: at(from),
      until: at(until),
    });
    const windows = [window("release", "14:00", "16:30"), window("holiday", "14:30", "16:45")];
    expect(judge([issued(at("13:00")), acknowledged(at("15:00"))], windows)).toMatchObject({
      verdict: "MET",
      excusedMs: 3_600_000,
    });
    const second = acknowledged(at("16:00"));
    const reversal = createFact({
      type: "supplier.acknowledgment.reversed",
      time: at("16:30"),
      reverses: { source: second.source, id: second.id },
    });
    expect(judge([issued(at("13:00")), acknowledged(at("14:00")), second, reversal])).toMatchObject({
      verdict: "MET",
      excusedMs: 0,
    });
  });

  it("are stored as they are told", () => {
    const move = { kind: "pause", id: "hold", version: 2, from: at("11:00"), until: undefined } as const;
    expect(fromLegMove(toLegMove(move))).toEqual(move);
    expect(fromLegMove(toLegMove({ ...move, until: at("12:00") }))).toEqual({ ...move, until: at("12:00") });
  });
});
