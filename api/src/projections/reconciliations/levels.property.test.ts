import { canonicalize } from "@throughline/schemas/pack/canonical";
import { formatDecimal } from "@throughline/schemas/exact/rational";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Fact } from "../fact.ts";
import { evaluateSubject } from "./item-row.ts";
import { type ReconciliationModel, toReconciliationModels } from "./model.ts";
import type { Reconciliation } from "@throughline/schemas/pack/reconciliation";
import { PLACES, STOCK, STOCK_AS_A_WHOLE, leaveOutSkewed, stockFact, toStockRules } from "./stock-rule.fixture.ts";

function getModel(rule: Reconciliation): ReconciliationModel {
  const [model] = toReconciliationModels(toStockRules(rule));
  if (!model) throw new Error("no model");
  return model;
}

function evaluate(model: ReconciliationModel, facts: readonly Fact[]): string[] {
  return PLACES.flatMap((subject) => {
    const own = facts.filter(({ objects }) => objects.some(({ id }) => id === subject));
    const { items, flows } = evaluateSubject(model, { subject, facts: own }, new Map());
    return [
      ...items.map((row) => canonicalize(row)),
      ...flows.map((flow) => canonicalize({ ...flow, value: formatDecimal(flow.value) })),
    ];
  }).toSorted();
}

const [folded, whole] = [getModel(STOCK), getModel(STOCK_AS_A_WHOLE)];

test("each key of a place by itself comes to what the place as a whole comes to", () => {
  fc.assert(
    fc.property(fc.array(stockFact, { minLength: 10, maxLength: 60 }), (facts) => {
      const plain = leaveOutSkewed(facts);
      expect(evaluate(folded, plain)).toEqual(evaluate(whole, plain));
    }),
    { numRuns: 300 },
  );
});

test("the order of events decides nothing, and a void takes back only what is of its own item", () => {
  fc.assert(
    fc.property(fc.array(stockFact, { minLength: 10, maxLength: 40 }), fc.nat(), (facts, seed) => {
      const turned = facts
        .map((_, index) => facts[(index * 7 + seed) % facts.length])
        .filter((fact) => fact !== undefined);
      const shuffled = [...new Set([...turned, ...facts])];
      expect(evaluate(folded, shuffled)).toEqual(evaluate(folded, facts));
      const ofX = facts.filter(({ objects }) => !objects.some(({ type, id }) => type === "item" && id === "Y"));
      const keyX = `\u001fX\u001f`;
      expect(evaluate(folded, ofX).filter((row) => row.includes(keyX))).toEqual(
        evaluate(folded, facts).filter((row) => row.includes(keyX)),
      );
    }),
    { numRuns: 200 },
  );
});
