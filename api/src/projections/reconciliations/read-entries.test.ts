import { formatDecimal } from "@throughline/schemas/exact/rational";
import { expect, test } from "vitest";
import type { Fact } from "../fact.ts";
import { type ItemRow, evaluateSubject } from "./item-row.ts";
import { toReconciliationModels } from "./model.ts";
import { readEntries } from "./read-entries.ts";
import { RECEIPTS, RULES, toReceiptFact } from "./receipt-rule.fixture.ts";

const POSTED = "erp.goods_receipt.posted";
const REVERSED = "erp.goods_receipt.reversed";
const HOUR = 3_600_000;
const DAWN = Date.UTC(2026, 2, 2);

function getModel(id = "receipts", rules = RULES) {
  const model = toReconciliationModels(rules).find(({ rule }) => rule.id === id);
  if (!model) throw new Error(`no reconciliation ${id}`);
  return model;
}

function openOf(facts: readonly Fact[], model = getModel()): ItemRow[] {
  const { items } = evaluateSubject(model, { subject: "1/10", facts }, new Map());
  return items.filter(({ until }) => until === undefined);
}

const show = (rows: readonly ItemRow[]) => rows.map(({ side, unit, value }) => `${side} ${value} ${unit}`);
const receipt = (id: string, quantity: string | undefined, more: Partial<Fact> = {}) =>
  toReceiptFact({ id, line: "1/10", quantity, time: DAWN, ...more });

test("nets out what names the event, its milestone, or nothing but the key", () => {
  const a = receipt("a", "100");
  const b = receipt("b", "60", { type: POSTED, time: DAWN + HOUR });
  const by = (reverses: Fact["reverses"]) =>
    receipt("r", undefined, { type: REVERSED, time: DAWN + 2 * HOUR, reverses });
  const object = { type: "purchase_order_line", id: "1/10" };
  for (const reverses of [{ source: "erp", id: "b" }, { object, milestone: "receipt-posted" }, undefined])
    expect(show(openOf([a, b, by(reverses)]))).toEqual(["a 100 EA"]);
  expect(show(openOf([a, by(undefined)]))).toEqual(["a 100 EA"]);
});

test("takes back a part where the reversal says so", () => {
  const facts = [
    receipt("a", "100"),
    receipt("b", "100", { type: POSTED }),
    receipt("r", "40", { type: REVERSED, time: DAWN + HOUR, reverses: { source: "erp", id: "b" } }),
  ];
  expect(show(openOf(facts))).toEqual(["a 40 EA"]);
});

test("assumes no unit: what states none agrees with nothing, and says so", () => {
  const facts = [receipt("a", undefined), receipt("b", undefined, { type: POSTED })];
  expect(openOf(facts).map(({ unit, value, isInOtherUnit }) => [unit, value, isInOtherUnit])).toEqual([
    ["", "0", true],
    ["", "0", true],
  ]);
  const other = receipt("b", undefined, { type: POSTED, measures: { quantity: { value: "5", unit: "CS" } } });
  const open = openOf([receipt("a", "120"), other]);
  expect(show(open).toSorted()).toEqual(["a 120 EA", "b -5 CS"]);
  expect(open.every(({ isInOtherUnit }) => isInOtherUnit)).toBe(true);
});

test("counts the smaller digest of one posting with other money, and says that it is contested", () => {
  const amount = (value: string) => ({ amount: { value, currency: "USD" } });
  const facts = [
    receipt("a", undefined, { measures: amount("100") }),
    receipt("b", undefined, { type: POSTED, digest: "bb", measures: amount("90") }),
    receipt("b", undefined, { type: POSTED, digest: "ab", measures: amount("80") }),
  ];
  expect(openOf(facts, getModel("money")).map(({ value, isContested }) => [value, isContested])).toEqual([
    ["20", true],
  ]);
});

test("tells a price that differs from a quantity that differs", () => {
  const both = (quantity: string, amount: string) => ({
    quantity: { value: quantity, unit: "EA" },
    amount: { value: amount, currency: "USD" },
  });
  const agree = (measures: Fact["measures"]) =>
    openOf(
      [receipt("a", undefined, { measures: both("10", "100") }), receipt("b", undefined, { type: POSTED, measures })],
      getModel("money"),
    ).map(({ quantitiesAgree }) => quantitiesAgree);
  expect(agree(both("10", "105"))).toEqual(["yes"]);
  expect(agree(both("9", "90"))).toEqual(["no"]);
});

test("dates a posting by its day where the books are, and puts it into that period", () => {
  const late = Date.parse("2026-04-01T06:40:00Z");
  const facts = [
    receipt("a", "2500", { site: "harbor", time: late }),
    receipt("b", "2500", { site: "harbor", type: POSTED, time: late, attributes: { posting_date: "2026-04-01" } }),
  ];
  const { items } = evaluateSubject(getModel(), { subject: "1/10", facts }, new Map());
  expect(items.map(({ period, from, until, isClearedElsewhere }) => [period, from, until, isClearedElsewhere])).toEqual(
    [["2026-03", late, Date.parse("2026-04-01T07:00:00Z"), true]],
  );
});

test("leaves out tests, takes each of several objects when counting, and divides no measure among them", () => {
  const model = getModel("counted");
  const objects = ["1/10", "1/20"].map((id) => ({ type: "purchase_order_line", id }));
  expect(show(openOf([receipt("a", "10", { objects })], model))).toEqual(["a 1 count"]);
  expect(show(openOf([receipt("a", "10", { objects })]))).toEqual(["a 0 "]);
  expect(openOf([receipt("a", "10", { attributes: { usage: "test" } })])).toEqual([]);
});

test("names a failed step of the other side", () => {
  const failed = receipt("b", "10", { type: POSTED, outcome: "failed" });
  expect(openOf([receipt("a", "10"), failed]).map(({ hasFailed }) => hasFailed)).toEqual([true]);
});

test("values what is open by the price of side a", () => {
  const measures = (quantity: string, amount: string) => ({
    quantity: { value: quantity, unit: "EA" },
    amount: { value: amount, currency: "USD" },
  });
  const facts = [
    receipt("a", undefined, { measures: measures("100", "1000") }),
    receipt("b", undefined, { type: POSTED, time: DAWN + HOUR, measures: measures("60", "630") }),
  ];
  expect(openOf(facts).map(({ value, balance, currency }) => [value, balance, currency])).toEqual([
    ["40", "400", "USD"],
  ]);
});

test("values each item by what stands in it, and what is left of a part that was taken back", () => {
  const measures = (quantity: string, amount: string) => ({
    quantity: { value: quantity, unit: "EA" },
    amount: { value: amount, currency: "USD" },
  });
  const facts = [
    receipt("a", undefined, { measures: measures("100", "1000") }),
    receipt("b", undefined, { time: DAWN + HOUR, measures: measures("50", "550") }),
    receipt("c", undefined, {
      type: "receiving.goods_receipt.reversed",
      time: DAWN + 2 * HOUR,
      measures: measures("20", "0"),
      reverses: { source: "erp", id: "b" },
    }),
  ];
  expect(openOf(facts).map(({ value, balance }) => [value, balance])).toEqual([
    ["100", "1000"],
    ["30", "330"],
  ]);
});

test("holds what moved between two counts against the second one (R8)", () => {
  const [first] = RULES.reconciliations;
  if (!first) throw new Error("no rule");
  const counts = {
    ...first,
    id: "counts",
    a: { ...first.a, events: [...first.a.events, { type: "test.stock.issued", sign: "minus" as const }] },
    b: { ...RECEIPTS.b, date: "event", isLevel: true },
  };
  const model = getModel("counts", { ...RULES, reconciliations: [counts] });
  const counted = (id: string, quantity: string, time: number) => receipt(id, quantity, { type: POSTED, time });
  const facts = [
    receipt("before", "7", { time: DAWN - HOUR }),
    counted("c1", "500", DAWN),
    receipt("in", "200", { time: DAWN + HOUR }),
    receipt("out", "260", { type: "test.stock.issued", time: DAWN + 2 * HOUR }),
    receipt("waste", "5", { type: "test.stock.issued", time: DAWN + 3 * HOUR }),
    counted("c2", "431", DAWN + 4 * HOUR),
    receipt("after", "9", { time: DAWN + 5 * HOUR }),
  ];
  expect(show(openOf(facts, model))).toEqual(["a 4 EA"]);
  const { units } = readEntries(model, { subject: "1/10", facts }, new Map());
  expect(
    [...units.values()].flat().map(({ side, movements }) => [side, movements.map(({ value }) => formatDecimal(value))]),
  ).toEqual([
    ["a", ["-65"]],
    ["b", ["-69"]],
  ]);
});

test("a key goes by the clocks and the calendar of the company that its first site belongs to, on both sides", () => {
  const pattern: [number, number, number] = [4, 4, 5];
  const weeks = { kind: "weeks" as const, firstDay: "2026-02-01", pattern };
  const company = { title: "Ours", sites: ["bay"], zone: "America/Los_Angeles", calendar: weeks, closing: undefined };
  const books = { ...RULES.books, companies: [{ id: "bay", ...company }] };
  const model = getModel("receipts", { ...RULES, books });
  // The last evening of its first period of four weeks, which ends in the night to Sunday, 1 March; in Chicago it is over.
  const evening = Date.parse("2026-03-01T07:40:00Z");
  const received = receipt("a", "100", { site: "bay", time: evening });
  const postedOn = (day: string) =>
    receipt("b", "100", { type: POSTED, site: "", time: evening, attributes: { posting_date: day } });
  const rowsOf = (day: string) =>
    evaluateSubject(model, { subject: "1/10", facts: [received, postedOn(day)] }, new Map()).items;
  expect(
    rowsOf("2026-03-01").map(({ period, isClearedElsewhere, until }) => [period, isClearedElsewhere, until]),
  ).toEqual([["2027-P01", true, Date.parse("2026-03-01T08:00:00Z")]]);
  expect(rowsOf("2026-02-28").map(({ period, isClearedElsewhere }) => [period, isClearedElsewhere])).toEqual([
    ["2027-P01", false],
  ]);
});
