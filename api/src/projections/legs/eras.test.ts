import { type Flow, flow } from "@throughline/schemas/pack/flow";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Fact } from "../fact.ts";
import { worlds } from "../world.fixture.ts";
import { evaluateLegs } from "./evaluate-legs.ts";
import { toFlowModel, toVersionedModel } from "./flow-model.ts";
import {
  acknowledged,
  at,
  changed,
  createContext,
  createFact,
  issued,
  orderFlow,
  received,
} from "./order-flow.fixture.ts";

const SINCE = at("12:00");
const NOW = at("00:00") + 3 * 86_400_000;

const [acknowledgement, shipment, firstReceipt, completeReceipt] = orderFlow.legs;
const withLegs = (legs: readonly unknown[], rest: object = {}): Flow => flow.parse({ ...orderFlow, legs, ...rest });
const patient = withLegs(
  [
    { ...acknowledgement, targets: [{ within: "PT8H" }], atRiskPercent: 50 },
    shipment,
    firstReceipt,
    { ...completeReceipt, completion: { underTolerancePercent: 50 } },
  ],
  { changes: [] },
);

function judge(next: Flow, facts: readonly Fact[], now = NOW) {
  const model = toVersionedModel(
    [
      { since: at("06:00"), ruleVersion: "v1", flow: orderFlow },
      { since: SINCE, ruleVersion: "v2", flow: next },
    ],
    new Map(),
  );
  return evaluateLegs({ instanceId: "4500000001/10", base: undefined, facts }, model, createContext(now));
}

const find = (rows: ReturnType<typeof judge>, leg: string) => rows.filter((row) => row.leg === leg);

describe("rule versions", () => {
  it("leave a leg the target and share of the version in force when it started", () => {
    const ofStart = (time: number) => find(judge(patient, [issued(time)]), "acknowledgement")[0];
    const old = { ruleVersion: "v1", budgetMs: 4 * 3_600_000 };
    expect(ofStart(SINCE - 1)).toMatchObject({ ...old, dueAt: at("16:00") - 1, atRiskAt: at("15:12") - 1 });
    expect(ofStart(at("04:00"))).toMatchObject({ ...old, dueAt: at("08:00") });
    expect(ofStart(SINCE)).toMatchObject({
      ruleVersion: "v2",
      budgetMs: 8 * 3_600_000,
      dueAt: at("20:00"),
      atRiskAt: at("16:00"),
    });
  });

  it("leave a leg the completion under which it started, whenever it ends", () => {
    const endOf = (start: number) =>
      find(
        judge(patient, [issued(start), received(at("13:00"), "60"), received(at("14:00"), "36")]),
        "complete-receipt",
      );
    expect(endOf(at("11:00"))).toMatchObject([{ endedAt: at("14:00"), ruleVersion: "v1" }]);
    expect(endOf(SINCE)).toMatchObject([{ endedAt: at("13:00"), ruleVersion: "v2" }]);
  });

  it("go on with a removed leg that had started, and with no other", () => {
    const without = withLegs([shipment], { changes: [] });
    const legsOf = (facts: Fact[]) => judge(without, facts).map(({ leg, verdict }) => [leg, verdict]);
    expect(legsOf([issued(at("11:00")), acknowledged(at("13:00"))])).toEqual([
      ["shipment", "BREACHED"],
      ["acknowledgement", "MET"],
      ["first-receipt", "BREACHED"],
      ["complete-receipt", "BREACHED"],
    ]);
    expect(legsOf([issued(at("12:00")), acknowledged(at("13:00"))])).toEqual([["shipment", "BREACHED"]]);
  });

  it("do not judge what started before by a leg that was added", () => {
    const added = withLegs([...orderFlow.legs, { ...firstReceipt, id: "extra" }]);
    expect(find(judge(added, [issued(at("11:00")), received(at("13:00"), "1")]), "extra")).toEqual([]);
    expect(find(judge(added, [received(at("11:00"), "1")]), "extra")).toEqual([]);
    expect(find(judge(added, [issued(at("12:00"))]), "extra")).toMatchObject([{ ruleVersion: "v2" }]);
  });

  it("drop a leg with its milestone", () => {
    const { shipped: _, ...milestones } = orderFlow.milestones;
    const gone = withLegs([acknowledgement], { milestones, changes: [] });
    const shipped = createFact({ type: "supplier.shipment.sent", time: at("11:30") });
    const legs = judge(gone, [issued(at("10:00")), acknowledged(at("11:00")), shipped]).map(({ leg }) => leg);
    expect(legs).toEqual(["acknowledgement", "first-receipt", "complete-receipt"]);
  });

  it("judge a leg that leads elsewhere by the way that it had when it started", () => {
    const elsewhere = withLegs([{ ...acknowledgement, to: "received" }], { changes: [] });
    const rowsOf = (start: number) =>
      find(
        judge(elsewhere, [issued(start), acknowledged(at("13:00")), received(at("15:00"), "100")]),
        "acknowledgement",
      );
    expect(rowsOf(at("11:00"))).toMatchObject([{ endedAt: at("13:00"), ruleVersion: "v1" }]);
    expect(rowsOf(at("12:00"))).toMatchObject([{ endedAt: at("15:00"), ruleVersion: "v2" }]);
    const moved = withLegs([{ ...acknowledgement, from: "shipped", to: "received" }], { changes: [] });
    const both = [
      issued(at("11:00")),
      createFact({ type: "supplier.shipment.sent", time: at("12:30") }),
      acknowledged(at("13:00")),
    ];
    expect(find(judge(moved, both), "acknowledgement")).toMatchObject([{ startedAt: at("11:00"), ruleVersion: "v1" }]);
  });

  it("let only those changes start a leg anew that the rules of their time name", () => {
    const rows = find(
      judge(patient, [issued(at("10:00")), changed(at("11:00")), changed(at("13:00"))]),
      "acknowledgement",
    );
    expect(rows).toMatchObject([
      { occurrence: 0, verdict: "SUPERSEDED" },
      { occurrence: 1, verdict: "BREACHED", dueAt: at("15:00") },
    ]);
    expect(rows).toHaveLength(2);
  });

  it("give each leg what its own version alone would give", () => {
    const alone = [toFlowModel(orderFlow, "v1"), toFlowModel({ ...patient, changes: orderFlow.changes }, "v2")];
    const histories = worlds.map((world) =>
      world.map((fact) => ({ ...fact, objects: [{ type: "purchase_order_line", id: "1/10" }] })),
    );
    fc.assert(
      fc.property(histories, fc.integer({ min: 0, max: 26 * 60 }), (facts, minute) => {
        const since = at("00:00") + minute * 60_000;
        const history = { instanceId: "1/10", base: undefined, facts };
        const versions = alone.map(({ ruleVersion }, index) => ({
          since: index === 0 ? 0 : since,
          ruleVersion,
          flow: index === 0 ? orderFlow : { ...patient, changes: orderFlow.changes },
        }));
        const [first, second] = versions;
        if (!first || !second) return;
        const rows = evaluateLegs(history, toVersionedModel([first, second], new Map()), createContext(NOW));
        const expected = alone.flatMap((model, index) =>
          evaluateLegs(history, model, createContext(NOW)).filter(
            ({ startedAt, endedAt }) => (startedAt ?? endedAt ?? 0) >= since === (index === 1),
          ),
        );
        const byLeg = (a: (typeof rows)[number], b: (typeof rows)[number]) =>
          a.leg < b.leg ? -1 : a.leg > b.leg ? 1 : a.occurrence - b.occurrence;
        expect(rows.toSorted(byLeg)).toEqual(expected.toSorted(byLeg));
      }),
      { numRuns: 500 },
    );
  });
});
