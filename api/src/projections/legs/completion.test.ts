import { parseEquation } from "@throughline/schemas/pack/unit-equation";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitHistory } from "../engine/fold-instance.ts";
import type { Fact } from "../fact.ts";
import type { ItemUnits } from "../matches/reference.ts";
import { evaluateLegs } from "./evaluate-legs.ts";
import { toVersionedModel } from "./flow-model.ts";
import { at, changed, createContext, issued, orderFlow, orderModel, received } from "./order-flow.fixture.ts";
import { resolveFacts } from "./resolve-facts.ts";
import { summarize } from "./summarize.ts";

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
const restated = (time: string, ...texts: string[]) => changed(at(time), goods(...texts));
const came = (time: string, ...texts: string[]) => received(at(time), "0", goods(...texts));

/** The leg that ends when 95 % of what was ordered has come, as judged at 17:00, an hour before its deadline, unless said otherwise. */
function complete(
  facts: readonly Fact[],
  units: { item?: ItemUnits[]; standard?: string[]; now?: string; folded?: readonly Fact[] } = {},
) {
  const version = { since: 0, ruleVersion: "v1", flow: orderFlow, units: equations(...(units.standard ?? [])) };
  const base = units.folded && fold(units.folded);
  const context = { ...createContext(at(units.now ?? "17:00")), itemUnits: units.item ?? [] };
  const rows = evaluateLegs({ instanceId: LINE.id, base, facts }, toVersionedModel([version], new Map()), context);
  const row = rows.find(({ leg }) => leg === "complete-receipt");
  return row && [row.verdict, row.endedAt === undefined ? undefined : row.endedAt - at("00:00"), ...row.flags];
}

function fold(facts: readonly Fact[]) {
  return summarize({ instanceId: LINE.id, base: undefined, facts }, orderModel, new Map());
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

  describe("where a change states another quantity", () => {
    const order = ordered("100 EA");

    it("ends at the change that takes the rest away", () => {
      const facts = [order, came("10:00", "60 EA"), restated("12:00", "60 EA")];
      expect(complete(facts)).toEqual(["MET", 12 * HOUR_MS]);
      expect(complete(facts, { now: "18:01" })).toEqual(["MET", 12 * HOUR_MS]);
      expect(complete([order, came("10:00", "56 EA"), restated("12:00", "60 EA")])).toEqual(["AT_RISK", undefined]);
      expect(complete([order, restated("12:00", "0 EA")])).toEqual(["MET", 12 * HOUR_MS]);
    });

    it("counts a change in the moment of the order over the order, whatever their ids are, as matching does", () => {
      for (const [own, other] of [
        ["a", "b"],
        ["b", "a"],
      ] as const) {
        const facts = [{ ...order, id: own }, { ...restated("08:00", "60 EA"), id: other }, came("10:00", "60 EA")];
        expect(complete(facts)).toEqual(["MET", 10 * HOUR_MS]);
        expect(complete(facts.toReversed())).toEqual(["MET", 10 * HOUR_MS]);
      }
    });

    it("breaches where the change comes after the deadline", () => {
      const facts = [order, came("10:00", "60 EA"), restated("18:30", "60 EA")];
      expect(complete(facts, { now: "19:00" })).toEqual(["BREACHED", 18.5 * HOUR_MS]);
    });

    it("asks for no more than the change, and no less", () => {
      expect(complete([order, restated("09:00", "60 EA"), came("10:00", "60 EA")])).toEqual(["MET", 10 * HOUR_MS]);
      const more = [order, restated("09:00", "150 EA"), came("10:00", "100 EA")];
      expect(complete(more)).toEqual(["AT_RISK", undefined]);
      expect(complete(more, { now: "18:01" })).toEqual(["BREACHED", undefined]);
      expect(complete([...more, came("11:00", "50 EA")])).toEqual(["MET", 11 * HOUR_MS]);
    });

    it("opens again when more is ordered, and the time in which enough had come does not count", () => {
      const facts = [order, came("10:00", "100 EA"), restated("14:00", "150 EA")];
      expect(complete(facts)).toEqual(["OPEN", undefined, "reopened"]);
      expect(complete(facts, { now: "21:59" })).toEqual(["AT_RISK", undefined, "reopened"]);
      expect(complete(facts, { now: "22:01" })).toEqual(["BREACHED", undefined, "reopened"]);
      const whole = [...facts, came("15:00", "50 EA")];
      expect(complete(whole)).toEqual(["MET", 15 * HOUR_MS, "reopened"]);
      expect(complete([...facts, restated("16:00", "100 EA")])).toEqual(["MET", 16 * HOUR_MS, "reopened"]);
    });

    it("stays as it was after a change without a quantity, one before the order, and one that was taken back", () => {
      const part = [order, came("10:00", "60 EA")];
      const back = { ...restated("11:00", "60 EA"), source: "erp", id: "back" };
      const reversal = changed(at("12:00"), { type: "erp.correction", reverses: { source: "erp", id: "back" } });
      for (const each of [
        restated("11:00", ""),
        restated("07:00", "60 EA"),
        changed(at("11:00"), { outcome: "failed" }),
      ])
        expect(complete([...part, each])).toEqual(["AT_RISK", undefined]);
      expect(complete([...part, back])).toEqual(["MET", 11 * HOUR_MS]);
      expect(complete([...part, back, reversal])).toEqual(["AT_RISK", undefined]);
    });

    it("counts the change in the unit of the order, and is never complete by one that nothing converts", () => {
      const cases = [ordered("5 CS"), came("10:00", "3 CS")];
      expect(complete([...cases, restated("12:00", "72 EA")], { standard: CASES })).toEqual(["MET", 12 * HOUR_MS]);
      expect(complete([...cases, restated("12:00", "96 EA")], { standard: CASES })).toEqual(["AT_RISK", undefined]);
      const item = [itemUnits("2026-01-01", ...CASES)];
      expect(complete([...cases, restated("12:00", "72 EA")], { item })).toEqual(["MET", 12 * HOUR_MS]);
      const unknown = [...cases, restated("12:00", "72 EA")];
      expect(complete(unknown)).toEqual(["AT_RISK", undefined, "unit-unknown"]);
      expect(complete([...unknown, came("13:00", "9 CS")])).toEqual(["AT_RISK", undefined, "unit-unknown"]);
      expect(complete([...unknown, restated("14:00", "3 CS")])).toEqual(["MET", 14 * HOUR_MS]);
      const money = changed(at("12:00"), { measures: { quantity: { value: "3", currency: "USD" } } });
      expect(complete([...cases, money])).toEqual(["AT_RISK", undefined, "quantity-unknown"]);
      expect(complete([ordered(""), came("10:00", "3 CS"), restated("12:00", "3 CS")])).toEqual(["MET", 12 * HOUR_MS]);
    });

    it("adds what is ordered after a change to what the change states", () => {
      const facts = [order, restated("09:00", "60 EA"), issued(at("10:00"), goods("40 EA")), came("11:00", "60 EA")];
      expect(complete(facts)).toEqual(["AT_RISK", undefined]);
      expect(complete([...facts, came("12:00", "40 EA")])).toEqual(["MET", 12 * HOUR_MS]);
    });

    it("keeps a thousand changes, and of more the newest quantity counts", () => {
      const toTime = (minute: number) => at("08:10") + minute * 10_000;
      const changes = Array.from({ length: 1200 }, (_, index) => changed(toTime(index), goods(`${2000 - index} EA`)));
      const base = fold([order, ...changes]);
      expect(base.milestones["issued"]?.restated).toHaveLength(1000);
      const facts = [order, ...changes.slice(0, 1100)];
      const rest = [...changes.slice(1100), received(at("12:00"), "0", goods("801 EA"))];
      expect(complete(rest, { folded: facts })).toEqual(["MET", 12 * HOUR_MS]);
      expect(complete([...facts, ...rest])).toEqual(["MET", 12 * HOUR_MS]);
      expect(complete([...facts, ...rest, restated("13:00", "900 EA")])).toEqual(["AT_RISK", undefined]);
    });

    it("takes the last by source and id of several at one moment, whichever arrived first", () => {
      const first = { ...restated("09:00", "60 EA"), id: "a" };
      const last = { ...restated("09:00", "80 EA"), id: "b" };
      const part = [order, came("10:00", "60 EA")];
      expect(complete([...part, first, last])).toEqual(["AT_RISK", undefined]);
      expect(complete([last, first, ...part])).toEqual(["AT_RISK", undefined]);
    });
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

  const movements = fc.uniqueArray(
    fc.record({
      id: fc.uuid(),
      isChange: fc.boolean(),
      minute: fc.integer({ min: 0, max: 8 * 60 }),
      value: fc.integer({ min: 0, max: 60 }),
    }),
    { maxLength: 12, selector: ({ id }) => id },
  );
  it("is met exactly where enough has come for what the last change states, whatever arrives first, folded or not", () => {
    fc.assert(
      fc.property(
        movements.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 })),
        ),
        fc.nat(14),
        ([straight, shuffled], kept) => {
          const tell = (list: typeof straight) =>
            list.map(({ id, isChange, minute, value }) => {
              const fact = { ...goods(`${value} EA`), id, digest: "same" };
              const time = at("08:30") + minute * 60_000;
              return isChange ? changed(time, fact) : received(time, "0", fact);
            });
          const order = { ...ordered("40 EA"), id: "order" };
          const verdict = complete([order, ...tell(straight)]);
          expect(complete([...tell(shuffled), order])).toEqual(verdict);
          const { folded, kept: rest } = splitHistory(resolveFacts([order, ...tell(straight)], new Map()).facts, kept);
          expect(complete(rest, { folded })).toEqual(verdict);
          const last = straight
            .filter(({ isChange }) => isChange)
            .toSorted((a, b) => a.minute - b.minute || (a.id < b.id ? -1 : 1))
            .at(-1);
          const come = straight.filter(({ isChange }) => !isChange).reduce((sum, { value }) => sum + value, 0);
          expect(verdict?.[0] === "MET").toBe(come >= (last?.value ?? 40) * 0.95);
        },
      ),
    );
  });
});
