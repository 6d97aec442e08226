import { describe, expect, it } from "vitest";
import type { Fact } from "../fact.ts";
import { evaluateLegs } from "./evaluate-legs.ts";
import { at, createContext, createFact, issued, orderModel, received } from "./order-flow.fixture.ts";

function judge(facts: Fact[]) {
  return evaluateLegs({ instanceId: "4500000001/10", base: undefined, facts }, orderModel, createContext(at("23:00")));
}

describe("a reversal", () => {
  it("of a part reopens nothing, since what it was a part of had not ended", () => {
    const part = received(at("12:00"), "40");
    const reversal = createFact({
      type: "erp.goods_receipt.reversed",
      time: at("15:00"),
      reverses: { source: part.source, id: part.id },
    });
    const facts = [issued(at("08:00")), part, reversal, received(at("19:00"), "100")];
    const late = judge(facts).find(({ leg }) => leg === "complete-receipt");
    expect(late).toMatchObject({ verdict: "BREACHED", dueAt: at("18:00"), excusedMs: 0, flags: [] });
    const whole = [...facts, received(at("13:00"), "60")];
    const reopened = judge(whole).find(({ leg }) => leg === "complete-receipt");
    expect(reopened).toMatchObject({
      verdict: "MET",
      dueAt: at("20:00"),
      excusedMs: 2 * 3_600_000,
      flags: ["reopened"],
    });
  });

  it("takes nothing back where it did not succeed", () => {
    const first = received(at("12:00"), "100", { id: "receipt-1" });
    const reversal = createFact({
      type: "erp.goods_receipt.reversed",
      time: at("15:00"),
      outcome: "failed",
      reverses: { source: "erp", id: "receipt-1" },
    });
    const leg = judge([issued(at("08:00")), first, reversal]).find((row) => row.leg === "first-receipt");
    expect(leg).toMatchObject({ verdict: "MET", endedAt: at("12:00"), dueAt: at("18:00"), flags: [] });
  });
});
