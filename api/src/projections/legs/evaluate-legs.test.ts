import { describe, expect, it } from "vitest";
import type { Fact } from "../fact.ts";
import type { ApprovedWindow } from "./moves.ts";
import { type LegContext, evaluateLegs } from "./evaluate-legs.ts";
import {
  acknowledged,
  at,
  changed,
  createContext,
  createFact,
  issued,
  orderModel,
  received,
} from "./order-flow.fixture.ts";

function findLeg(leg: string, facts: Fact[], context: LegContext) {
  const rows = evaluateLegs({ instanceId: "4500000001/10", base: undefined, facts }, orderModel, context);
  return rows.find((row) => row.leg === leg);
}

const acknowledgement = (facts: Fact[], context: LegContext) => findLeg("acknowledgement", facts, context);

describe("evaluateLegs", () => {
  it("L1: an end at the deadline meets it, a millisecond later breaches it by 1 ms", () => {
    const met = acknowledgement([issued(at("10:00")), acknowledged(at("14:00"))], createContext(at("15:00")));
    expect(met).toMatchObject({ verdict: "MET", dueAt: at("14:00") });
    const late = acknowledgement([issued(at("10:00")), acknowledged(at("14:00:00.001"))], createContext(at("15:00")));
    expect(late).toMatchObject({ verdict: "BREACHED", endedAt: at("14:00") + 1, dueAt: at("14:00") });
  });

  it("L2: an acknowledgement that arrives before its order waits for it, then meets its target in 5 minutes", () => {
    const early = acknowledged(at("10:05"));
    const pending = acknowledgement([early], createContext(at("10:06"), at("10:01")));
    expect(pending).toMatchObject({ verdict: "PENDING_START", wake: { source: "feed", watermark: at("10:05") } });
    const met = acknowledgement([early, issued(at("10:00"))], createContext(at("10:07"), at("10:02")));
    expect(met).toMatchObject({ verdict: "MET", startedAt: at("10:00"), endedAt: at("10:05"), excusedMs: 0 });
  });

  it("L3: an overdue leg is provisional while its feed is behind, and met when the proof arrives", () => {
    const order = issued(at("10:00"));
    const overdue = acknowledgement([order], createContext(at("14:30"), at("13:40")));
    expect(overdue).toMatchObject({ verdict: "OVERDUE_PROVISIONAL", wake: { source: "feed", watermark: at("14:00") } });
    const proof = acknowledged(at("13:50"), { arrivedAt: at("15:10") });
    expect(acknowledgement([order, proof], createContext(at("15:10"), at("13:55")))?.verdict).toBe("MET");
  });

  it("L4: a leg is breached once its feed is complete beyond the deadline, and corrected by a late proof", () => {
    const order = issued(at("10:00"));
    expect(acknowledgement([order], createContext(at("14:30"), at("14:20")))?.verdict).toBe("BREACHED");
    const proof = acknowledged(at("13:50"), { arrivedAt: at("15:10") });
    expect(acknowledgement([order, proof], createContext(at("15:10")))?.verdict).toBe("MET");
  });

  it("L5: 4 h from 10:00 are at risk from 13:12 on", () => {
    const order = issued(at("10:00"));
    expect(acknowledgement([order], createContext(at("13:11:59.999")))).toMatchObject({
      verdict: "OPEN",
      wake: { at: at("13:12") },
    });
    expect(acknowledgement([order], createContext(at("13:12")))).toMatchObject({
      verdict: "AT_RISK",
      atRiskAt: at("13:12"),
      wake: { at: at("14:00") + 1 },
    });
  });

  it("L12: the first receipt ends at the first, the complete one when 95 of 100 are there", () => {
    const facts = [issued(at("10:00")), received(at("11:00"), "40"), received(at("12:00"), "56")];
    expect(findLeg("first-receipt", facts, createContext(at("13:00")))).toMatchObject({
      verdict: "MET",
      endedAt: at("11:00"),
    });
    expect(findLeg("complete-receipt", facts, createContext(at("13:00")))).toMatchObject({
      verdict: "MET",
      endedAt: at("12:00"),
    });
    const short = findLeg("complete-receipt", facts.slice(0, 2), createContext(at("13:00")));
    expect(short).toMatchObject({ verdict: "OPEN", endedAt: undefined });
  });

  it("L13: a repetition changes nothing; the same revision with other content is a conflict, decided by content", () => {
    const first = acknowledged(at("10:05"), { id: "855", digest: "b" });
    const again = acknowledged(at("10:05"), { id: "855", digest: "b", arrivedAt: at("16:00") });
    const context = createContext(at("17:00"));
    expect(acknowledgement([issued(at("10:00")), again, first], context)).toMatchObject({
      endedAt: at("10:05"),
      flags: [],
    });
    const rival = acknowledged(at("10:30"), { id: "855", digest: "a" });
    for (const facts of [
      [first, rival],
      [rival, first],
    ])
      expect(acknowledgement([issued(at("10:00")), ...facts], context)).toMatchObject({
        endedAt: at("10:30"),
        flags: ["conflict"],
      });
  });

  it("L14: the time in which a reversed end stood extends the deadline", () => {
    const first = received(at("12:00"), "100", { id: "receipt-1" });
    const reversal = createFact({
      type: "erp.goods_receipt.reversed",
      time: at("15:00"),
      reverses: { source: "erp", id: "receipt-1" },
    });
    const open = findLeg("first-receipt", [issued(at("08:00")), first, reversal], createContext(at("16:00")));
    expect(open).toMatchObject({ verdict: "OPEN", dueAt: at("21:00"), flags: ["reopened"] });
    const again = received(at("19:00"), "100");
    const met = findLeg("first-receipt", [issued(at("08:00")), first, reversal, again], createContext(at("22:00")));
    expect(met).toMatchObject({ verdict: "MET", dueAt: at("21:00"), excusedMs: 3 * 3_600_000, flags: ["reopened"] });
    const excuse: ApprovedWindow = { id: "w", version: 1, kind: "excuse", from: at("14:00"), until: at("16:00") };
    const both = createContext(at("23:00"), at("23:00"), [excuse]);
    expect(findLeg("first-receipt", [issued(at("08:00")), first, reversal, again], both)).toMatchObject({
      verdict: "MET",
      dueAt: at("22:00"),
      excusedMs: 4 * 3_600_000,
      flags: ["reopened"],
    });
  });

  it("L15: an order change at 11:00 supersedes the acknowledgement leg and starts it anew", () => {
    const judge = (facts: Fact[], context: LegContext) =>
      evaluateLegs({ instanceId: "4500000001/10", base: undefined, facts }, orderModel, context)
        .filter(({ leg }) => leg === "acknowledgement")
        .map(({ occurrence, verdict, startedAt, endedAt, dueAt }) => ({
          occurrence,
          verdict,
          startedAt,
          endedAt,
          dueAt,
        }));
    const first = { occurrence: 0, startedAt: at("10:00"), endedAt: undefined, dueAt: at("14:00") };
    const second = { occurrence: 1, startedAt: at("11:00"), endedAt: undefined, dueAt: at("15:00") };
    const facts = [issued(at("10:00")), changed(at("11:00"))];
    expect(judge(facts, createContext(at("12:00")))).toEqual([
      { ...first, verdict: "SUPERSEDED" },
      { ...second, verdict: "OPEN" },
    ]);
    expect(judge([...facts, acknowledged(at("11:30"))], createContext(at("12:00")))).toEqual([
      { ...first, verdict: "SUPERSEDED" },
      { ...second, verdict: "MET", endedAt: at("11:30") },
    ]);
    expect(judge([...facts, acknowledged(at("10:30"))], createContext(at("12:00")))).toEqual([
      { ...first, verdict: "MET", endedAt: at("10:30") },
      { ...second, verdict: "OPEN" },
    ]);
    expect(judge([issued(at("10:00")), changed(at("14:00:00.001"))], createContext(at("15:00")))).toEqual([
      { ...first, verdict: "BREACHED" },
      { ...second, verdict: "OPEN", startedAt: at("14:00") + 1, dueAt: at("18:00") + 1 },
    ]);
  });

  it("forgets a change that was taken back, and one that lies before the start", () => {
    const reversal = createFact({ type: "erp.x.reversed", time: at("11:30"), reverses: { source: "erp", id: "860" } });
    const context = createContext(at("12:00"));
    for (const facts of [[changed(at("11:00"), { id: "860" }), reversal], [changed(at("09:00"))]])
      expect(
        evaluateLegs(
          { instanceId: "1", base: undefined, facts: [issued(at("10:00")), ...facts] },
          orderModel,
          context,
        ).filter(({ leg }) => leg === "acknowledgement"),
      ).toMatchObject([{ occurrence: 0, verdict: "OPEN" }]);
  });

  it("takes back the latest occurrence of a milestone that names the object, and waits for one that is not there yet", () => {
    const object = { type: "goods_receipt", id: "5001" };
    const receipt = received(at("12:00"), "100", {
      objects: [object, { type: "purchase_order_line", id: "4500000001/10" }],
    });
    const reversal = createFact({
      type: "erp.goods_receipt.reversed",
      time: at("13:00"),
      reverses: { object, milestone: "received" },
    });
    const context = createContext(at("14:00"));
    expect(findLeg("first-receipt", [issued(at("08:00")), reversal], context)).toMatchObject({
      verdict: "OPEN",
      flags: [],
    });
    expect(findLeg("first-receipt", [issued(at("08:00")), reversal, receipt], context)).toMatchObject({
      verdict: "OPEN",
      flags: ["reopened"],
    });
  });

  it("restores an end whose reversal was itself reversed", () => {
    const receipt = received(at("12:00"), "100", { id: "r" });
    const reversal = createFact({
      type: "erp.x.reversed",
      time: at("13:00"),
      id: "rr",
      reverses: { source: "erp", id: "r" },
    });
    const restored = createFact({ type: "erp.x.reversed", time: at("13:30"), reverses: { source: "erp", id: "rr" } });
    const leg = findLeg(
      "first-receipt",
      [issued(at("08:00")), receipt, reversal, restored],
      createContext(at("14:00")),
    );
    expect(leg).toMatchObject({ verdict: "MET", endedAt: at("12:00"), flags: [] });
  });

  it("says that an end without a start is an orphan once the start can no longer come", () => {
    expect(acknowledgement([acknowledged(at("10:05"))], createContext(at("11:00")))?.verdict).toBe("ORPHAN_END");
  });

  it("leaves out a leg whose start is optional while it has none", () => {
    const legs = orderModel.legs.map((leg) => ({ ...leg, isStartOptional: true }));
    const history = { instanceId: "4500000001/10", base: undefined, facts: [acknowledged(at("10:05"))] };
    const rows = evaluateLegs(history, { ...orderModel, legs }, createContext(at("11:00")));
    expect(rows.map(({ leg, verdict }) => [leg, verdict])).toEqual([["shipment", "OPEN"]]);
  });

  it("takes an end slightly before its start as clock skew, and a clear one as a wrong sequence", () => {
    const skewed = acknowledgement([issued(at("10:00")), acknowledged(at("09:58"))], createContext(at("11:00")));
    expect(skewed).toMatchObject({ verdict: "MET", flags: ["skewed"] });
    expect(acknowledgement([issued(at("10:00")), acknowledged(at("09:57"))], createContext(at("11:00")))?.verdict).toBe(
      "SEQUENCE",
    );
  });

  it("excludes a leg that is cancelled by its end or deadline and flags a later cancellation", () => {
    const cancel = (time: number) => createFact({ type: "procurement.purchase_order.cancelled", time });
    const context = createContext(at("16:00"));
    expect(acknowledgement([issued(at("10:00")), cancel(at("14:00"))], context)).toMatchObject({
      verdict: "EXCLUDED",
      reason: "cancelled",
    });
    expect(acknowledgement([issued(at("10:00")), cancel(at("14:01"))], context)).toMatchObject({
      verdict: "BREACHED",
      flags: ["late-cancellation"],
    });
  });

  it("excludes a leg whose start was reversed and keeps the reason", () => {
    const order = issued(at("10:00"), { id: "po" });
    const reversal = createFact({ type: "erp.po.reversed", time: at("11:00"), reverses: { source: "erp", id: "po" } });
    expect(acknowledgement([order, reversal], createContext(at("16:00")))).toMatchObject({
      verdict: "EXCLUDED",
      reason: "start reversed",
    });
  });

  it("does not count what failed, nor a code that does not accept", () => {
    const context = createContext(at("11:00"));
    expect(
      acknowledgement([issued(at("10:00")), acknowledged(at("10:30"), { outcome: "failed" })], context)?.verdict,
    ).toBe("OPEN");
    const rejected = acknowledged(at("10:30"), { attributes: { line_status: "IR" } });
    expect(acknowledgement([issued(at("10:00")), rejected], context)?.verdict).toBe("OPEN");
  });

  it("lets a higher revision supersede a lower one in whatever order they come", () => {
    const first = acknowledged(at("10:05"), { id: "855" });
    const corrected = acknowledged(at("12:00"), { id: "855", revision: 1 });
    for (const facts of [
      [first, corrected],
      [corrected, first],
    ])
      expect(acknowledgement([issued(at("10:00")), ...facts], createContext(at("13:00")))?.endedAt).toBe(at("12:00"));
  });
});
