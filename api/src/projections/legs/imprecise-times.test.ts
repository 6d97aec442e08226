import { describe, expect, it } from "vitest";
import type { Fact } from "../fact.ts";
import { evaluateLegs, type LegContext } from "./evaluate-legs.ts";
import { acknowledged, at, createContext, createFact, issued, orderModel } from "./order-flow.fixture.ts";

function findLeg(leg: string, facts: readonly Fact[], context: LegContext) {
  const rows = evaluateLegs({ instanceId: "4500000001/10", base: undefined, facts }, orderModel, context);
  return rows.find((row) => row.leg === leg);
}

const acknowledgement = (facts: readonly Fact[], context: LegContext) => findLeg("acknowledgement", facts, context);

describe("a leg with a day instead of a time", () => {
  const DAY = { impreciseMs: 86_399_999 };
  const start = at("10:00");
  const later = createContext(at("00:00") + 3 * 86_400_000);

  it("is in time where its deadline lies in the day of its end, and says that it is imprecise", () => {
    const facts = [issued(start), acknowledged(at("00:00"), DAY)];
    expect(acknowledgement(facts, later)).toMatchObject({ verdict: "MET", endedAt: start, flags: ["imprecise"] });
    const nextDay = [issued(at("20:00")), acknowledged(at("00:00") + 86_400_000, DAY)];
    expect(acknowledgement(nextDay, later)).toMatchObject({
      verdict: "MET",
      dueAt: at("00:00") + 86_400_000,
      flags: ["imprecise"],
    });
  });

  it("is late where the day begins after the deadline, and surely in time where it ends before", () => {
    const late = [issued(at("19:59")), acknowledged(at("00:00") + 86_400_000, DAY)];
    expect(acknowledgement(late, later)).toMatchObject({ verdict: "BREACHED", flags: [] });
    const inTime = [acknowledged(start), createFact({ type: "supplier.shipment.sent", time: at("00:00"), ...DAY })];
    expect(findLeg("shipment", inTime, later)).toMatchObject({ verdict: "MET", endedAt: start, flags: [] });
  });

  it("is out of sequence only where the day ends before the start", () => {
    const before = [issued(start), acknowledged(at("00:00") - 86_400_000, DAY)];
    expect(acknowledgement(before, later)?.verdict).toBe("SEQUENCE");
  });

  it("has its time from the end of the day on in which it starts", () => {
    const dueAt = at("00:00") + DAY.impreciseMs + 4 * 3_600_000;
    const ofEnd = (time: number) => acknowledgement([issued(at("00:00"), DAY), acknowledged(time)], later);
    expect(ofEnd(at("03:59"))).toMatchObject({ verdict: "MET", dueAt, startedAt: at("00:00"), flags: [] });
    expect(ofEnd(at("04:01"))).toMatchObject({ verdict: "MET", flags: ["imprecise"] });
    expect(ofEnd(dueAt + 1)).toMatchObject({ verdict: "BREACHED", flags: [] });
  });
});
