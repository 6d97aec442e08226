import { parseEquation } from "@throughline/schemas/pack/unit-equation";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Fact } from "../fact.ts";
import type { ItemUnits } from "../matches/reference.ts";
import { evaluateLegs } from "./evaluate-legs.ts";
import { toVersionedModel } from "./flow-model.ts";
import { at, createContext, issued, orderFlow, received } from "./order-flow.fixture.ts";

const ITEM = { type: "item", id: "00093415573" };
const LINE = { type: "purchase_order_line", id: "1/10" };
const equations = (...texts: string[]) => texts.flatMap((text) => parseEquation(text) ?? []);
const itemUnits = (from: string, ...texts: string[]): ItemUnits => ({
  item: ITEM.id,
  from,
  equations: equations(...texts),
});

/** Measures from texts such as "5 CS"; several are the same goods. */
function goods(...texts: string[]): Pick<Fact, "measures" | "objects"> {
  const names = ["quantity", "order_quantity", "base_quantity"];
  const measures = texts.flatMap((text, index) => {
    const [value = "", unit = ""] = text.split(" ");
    return text === "" ? [] : [[names[index] ?? "", { value, unit }] as const];
  });
  return { measures: Object.fromEntries(measures), objects: [LINE, ITEM] };
}

const ordered = (...texts: string[]) => issued(at("08:00"), goods(...texts));
const came = (time: string, ...texts: string[]) => received(at(time), "0", goods(...texts));

/** The leg that ends when 95 % of what was ordered has come, as judged at 17:00, an hour before its deadline, unless said otherwise. */
function complete(facts: readonly Fact[], units: { item?: ItemUnits[]; standard?: string[]; now?: string } = {}) {
  const version = { since: 0, ruleVersion: "v1", flow: orderFlow, units: equations(...(units.standard ?? [])) };
  const context = { ...createContext(at(units.now ?? "17:00")), itemUnits: units.item ?? [] };
  const rows = evaluateLegs(
    { instanceId: LINE.id, base: undefined, facts },
    toVersionedModel([version], new Map()),
    context,
  );
  const row = rows.find(({ leg }) => leg === "complete-receipt");
  return row && [row.verdict, row.endedAt === undefined ? undefined : row.endedAt - at("00:00"), ...row.flags];
}

const HOUR_MS = 3_600_000;
const UNITS = ["EA", "CS", "BX", ""] as const;
const CASES = ["1 CS = 24 EA"];

describe("a leg that ends by quantity", () => {
  it("compares in one unit only: 24 each complete no order of five cases", () => {
    const facts = [ordered("5 CS"), came("12:00", "24 EA")];
    expect(complete(facts)).toEqual(["AT_RISK", undefined, "unit-unknown"]);
    expect(complete(facts, { now: "18:01" })).toEqual(["BREACHED", undefined, "unit-unknown"]);
  });

  it("converts by the item's factors, and by those that hold for any item", () => {
    const part = [ordered("5 CS"), came("12:00", "24 EA")];
    const whole = [...part, came("13:00", "96 EA")];
    const item = [itemUnits("2026-01-01", ...CASES)];
    expect(complete(part, { item })).toEqual(["AT_RISK", undefined]);
    expect(complete(whole, { item })).toEqual(["MET", 13 * HOUR_MS]);
    expect(complete(whole, { standard: CASES })).toEqual(["MET", 13 * HOUR_MS]);
    expect(complete([ordered("7 M"), came("12:00", "3 RL")], { standard: ["3 RL = 7 M"] })).toEqual([
      "MET",
      12 * HOUR_MS,
    ]);
  });

  it("takes the factor of the document's day, after what the document and the order state themselves", () => {
    const item = [itemUnits("2026-01-01", "1 CS = 10 EA"), itemUnits("2026-06-02", "1 CS = 1 EA")];
    expect(complete([ordered("5 CS"), came("12:00", "50 EA")], { item })).toEqual(["MET", 12 * HOUR_MS]);
    expect(complete([ordered("5 CS", "120 EA"), came("12:00", "50 EA")], { item })).toEqual(["AT_RISK", undefined]);
    expect(complete([ordered("5 CS"), came("12:00", "50 EA", "4 CS")], { item })).toEqual(["AT_RISK", undefined]);
    expect(complete([ordered("5 CS"), came("12:00", "100 EA", "5 CS")], { item })).toEqual(["MET", 12 * HOUR_MS]);
  });

  it("is never complete without the ordered quantity, and says so before anything comes", () => {
    expect(complete([ordered("")], { now: "09:00" })).toEqual(["OPEN", undefined, "quantity-unknown"]);
    expect(complete([ordered(""), came("12:00", "100 EA")])).toEqual(["AT_RISK", undefined, "quantity-unknown"]);
    expect(complete([ordered("-5 EA"), came("12:00", "1 EA")])).toEqual(["AT_RISK", undefined, "quantity-unknown"]);
    const money = { ...ordered("").measures, quantity: { value: "5.00", currency: "USD" } };
    expect(complete([issued(at("08:00"), { ...goods(""), measures: money }), came("12:00", "5 EA")])).toEqual([
      "AT_RISK",
      undefined,
      "quantity-unknown",
    ]);
  });

  it("counts a receipt without a quantity as nothing, and says so unless enough came before it", () => {
    expect(complete([ordered("5 EA"), came("12:00", "")])).toEqual(["AT_RISK", undefined, "quantity-unknown"]);
    const later = [ordered("5 EA"), came("12:00", ""), came("13:00", "5 EA")];
    expect(complete(later)).toEqual(["MET", 13 * HOUR_MS, "quantity-unknown"]);
    expect(complete([ordered("5 EA"), came("12:00", "5 EA"), came("13:00", "")])).toEqual(["MET", 12 * HOUR_MS]);
    const both = [ordered("5 EA"), came("12:00", ""), came("13:00", "2 BX")];
    expect(complete(both)).toEqual(["AT_RISK", undefined, "quantity-unknown", "unit-unknown"]);
  });

  it("is not complete any more when a later receipt takes away", () => {
    const facts = [ordered("5 EA"), came("10:00", "5 EA"), came("12:00", "-3 EA")];
    expect(complete(facts)).toEqual(["OPEN", undefined, "reopened"]);
    expect(complete([...facts, came("13:00", "3 EA")])).toEqual(["MET", 13 * HOUR_MS, "reopened"]);
  });

  const amounts = fc.record({
    hour: fc.integer({ min: 9, max: 15 }),
    value: fc.integer({ min: -20, max: 60 }),
    unit: fc.constantFrom(...UNITS),
  });
  it("is never met below the tolerance, in any order of arrival", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc
          .array(amounts, { maxLength: 6 })
          .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        fc.boolean(),
        (cases, [straight, shuffled], isKnown) => {
          const item = isKnown ? [itemUnits("2026-01-01", ...CASES)] : [];
          const tell = (list: typeof straight) =>
            list.map(({ hour, value, unit }) =>
              received(at(`${String(hour).padStart(2, "0")}:00`), "0", {
                ...goods(unit === "" ? "" : `${value} ${unit}`),
                id: JSON.stringify([
                  straight.findIndex((each) => each.hour === hour && each.value === value && each.unit === unit),
                ]),
                digest: "same",
              }),
            );
          const order = issued(at("08:00"), { ...goods(`${cases} CS`), id: "order" });
          const verdict = complete([order, ...tell(straight)], { item });
          expect(complete([...tell(shuffled), order], { item })).toEqual(verdict);
          const worth = { EA: isKnown ? 1 : 0, CS: 24, BX: 0, "": 0 } as const;
          const distinct = new Map(straight.map((each) => [JSON.stringify(each), each]));
          const sum = [...distinct.values()].reduce((total, { value, unit }) => total + value * worth[unit], 0);
          expect(verdict?.[0] === "MET" && sum < cases * 24 * 0.95).toBe(false);
        },
      ),
    );
  });
});
