import fc from "fast-check";
import { expect, test } from "vitest";
import { isZero } from "@throughline/schemas/exact/rational";
import type { Fact } from "../../projections/fact.ts";
import { evaluateSubject } from "../../projections/reconciliations/item-row.ts";
import { RULES, toReceiptFact } from "../../projections/reconciliations/receipt-rule.fixture.ts";
import { toUnitStatements } from "../build-statement.ts";
import { type CheckpointInputs, toInputDigest, toModel } from "./checkpoint-inputs.ts";
import { createCheckpointTally, findUnexplained, toRowsDigest } from "./checkpoint-rows.ts";
import { sumRows, toStatementSums } from "./sum-rows.ts";

const MINUTE = 60_000;
const START = Date.UTC(2026, 2, 1);
const LARGE = "123456789012345678901234567890.000000000000000001";
const LINES = ["1/10", "1/20", "1/30"];

const drawnFact = fc.record({
  line: fc.constantFrom(...LINES),
  type: fc.constantFrom("receiving.goods_receipt.recorded", "erp.goods_receipt.posted", "erp.goods_receipt.reversed"),
  minute: fc.nat({ max: 100 }),
  value: fc.constantFrom("1", "0.1", "0.2", "100", LARGE),
  currency: fc.constantFrom("USD", "EUR", ""),
  site: fc.constantFrom("north", "harbor"),
});

const facts = fc.array(drawnFact, { maxLength: 25 }).map((drawn) =>
  drawn.map(({ line, type, minute, value, currency, site }, index): Fact => {
    const amount = { value, currency };
    const measures = { quantity: { value, unit: "EA" }, ...(currency !== "" && { amount }) };
    return toReceiptFact({
      id: `${index}`,
      position: index,
      line,
      type,
      time: START + minute * MINUTE,
      site,
      measures,
    });
  }),
);

function toInputs(id: string, [from, cutoff]: readonly [number, number], sites?: string[]): CheckpointInputs {
  const rule = RULES.reconciliations.find((each) => each.id === id);
  if (!rule) throw new Error(`no rule ${id}`);
  const feed = { watermark: START + 50 * MINUTE, isSilent: false };
  return {
    rule,
    ruleVersion: "v1",
    books: RULES.books,
    company: { id: "group", zone: "America/Chicago", ...(sites && { sites }) },
    from: START + from * MINUTE,
    cutoff: START + cutoff * MINUTE,
    now: START + 200 * MINUTE,
    feeds: { a: feed, b: feed },
    cursors: { log: 1000 },
  };
}

function evaluate(inputs: CheckpointInputs, given: readonly Fact[], order: readonly string[]) {
  const model = toModel(inputs);
  const tally = createCheckpointTally(inputs, model);
  for (const subject of order) {
    const own = given.filter(({ objects }) => objects[0]?.id === subject);
    tally.add(evaluateSubject(model, { subject, facts: own }, new Map()));
  }
  return tally.finish();
}

const rule = fc.constantFrom("receipts", "money", "counted");
const place = { accountLimit: "off", id: "any", to: "2026-04-01T00:00:00Z" };

test("a checkpoint comes to the same whatever the order of facts and objects", () => {
  fc.assert(
    fc.property(
      facts.chain((drawn) => fc.tuple(fc.constant(drawn), fc.shuffledSubarray(drawn, { minLength: drawn.length }))),
      rule,
      fc.shuffledSubarray(LINES, { minLength: LINES.length }),
      ([drawn, shuffled], id, order) => {
        const inputs = toInputs(id, [20, 80]);
        expect(toRowsDigest(evaluate(inputs, shuffled, order))).toBe(toRowsDigest(evaluate(inputs, drawn, LINES)));
      },
    ),
  );
});

test("net and roll-forward tie exactly over any split of time, in every unit and for any sites", () => {
  const drawn = fc.record({
    given: facts,
    id: rule,
    moments: fc.uniqueArray(fc.nat({ max: 110 }), { minLength: 2, maxLength: 5 }),
    sites: fc.constantFrom<string[] | undefined>(undefined, ["north"], ["harbor"]),
  });
  fc.assert(
    fc.property(drawn, ({ given, id, moments, sites }) => {
      const sorted = moments.toSorted((a, b) => a - b);
      const statements = sorted.slice(1).map((to, index) => {
        const rows = evaluate(toInputs(id, [sorted[index] ?? 0, to], sites), given, LINES);
        const left = [...Map.groupBy(rows, ({ unit }) => unit).values()].map(findUnexplained);
        expect(left.every(isZero)).toBe(true);
        // Throws where opening and flows do not make the closing.
        return toUnitStatements(toStatementSums(sumRows(rows)), place);
      });
      const shown = (units: (typeof statements)[number], which: "opening" | "closing") =>
        units.filter((unit) => unit[which].count > 0).map((unit) => [unit.unit, unit[which]]);
      const closings = statements.slice(0, -1).map((units) => shown(units, "closing"));
      expect(statements.slice(1).map((units) => shown(units, "opening"))).toEqual(closings);
    }),
  );
});

test("the digest of the inputs tells facts and rules apart, and not their order", () => {
  const inputs = toInputs("receipts", [0, 50]);
  const digest = toInputDigest(inputs, { count: 2, sum: 7n });
  expect(toInputDigest({ ...inputs, cutoff: inputs.cutoff + MINUTE }, { count: 2, sum: 7n })).not.toBe(digest);
  expect(toInputDigest(inputs, { count: 2, sum: 8n })).not.toBe(digest);
  expect(toInputDigest({ ...inputs }, { count: 2, sum: 7n })).toBe(digest);
});
