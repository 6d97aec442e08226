import { expect, test } from "vitest";
import { say } from "./events.fixture.ts";
import { readContractPrices, readItemUnits } from "./read-reference.ts";
import { listPricesInForce } from "./reference.ts";
import { equation, exact, money } from "./trade.fixture.ts";

const item = { purchase_order_line: "", item: "00093415573" };

test("an item master states units from a day on, else from its own", () => {
  const facts = [
    say(2, "erp.item.changed", { objects: item, attributes: { units: ["1 CS = 24 VL", "a case"] } }),
    say(3, "pharmacy.crosswalk.published", {
      objects: item,
      attributes: { units: ["1 CS = 20 VL"], effective_from: "2026-04-01T00:00:00-06:00" },
    }),
    say(4, "erp.item.changed", { objects: item }),
  ];
  expect(readItemUnits(facts)).toEqual([
    { item: "00093415573", from: "2026-03-02", equations: [equation("1 CS = 24 VL")] },
    { item: "00093415573", from: "2026-04-01", equations: [equation("1 CS = 20 VL")] },
  ]);
});

const contract = (day: number, [price, from]: readonly [string, string], more: Record<string, unknown> = {}) =>
  say(day, "procurement.contract_price.signed", {
    objects: { ...item, contract_price: `CARDINAL/C-1/T2/${from}`, contract: "C-1", supplier: "CARDINAL" },
    measures: { price, price_basis: "1 CS" },
    attributes: { effective_from: from, ...more },
  });

test("the last statement of a price counts, until it is withdrawn", () => {
  const withdrawn = say(5, "procurement.contract_price.withdrawn", {
    objects: { purchase_order_line: "", contract_price: "CARDINAL/C-1/T2/2026-05-01" },
  });
  const facts = [
    contract(1, ["240.00 USD", "2026-04-01"], { effective_to: "2026-04-30" }),
    contract(2, ["239.00 USD", "2026-04-01"], { effective_to: "2026-04-30" }),
    contract(3, ["230.00 USD", "2026-05-01"]),
    withdrawn,
  ];
  const contractPrices = readContractPrices(facts);
  expect(contractPrices).toMatchObject([{ price: money("239.00 USD"), basis: { value: exact("1"), unit: "CS" } }]);
  const inForce = (day: string) =>
    listPricesInForce(
      { standardUnits: [], itemUnits: [], contractPrices },
      { supplier: "CARDINAL", contract: "", item: "00093415573", day },
    ).length;
  expect([inForce("2026-03-31"), inForce("2026-04-30"), inForce("2026-05-01")]).toEqual([0, 1, 0]);
});

test("a price that does not say what it is for is none", () => {
  const { measures, ...fact } = contract(1, ["240.00 USD", "2026-04-01"]);
  expect(readContractPrices([{ ...fact, measures: { price: { value: "240.00", currency: "USD" } } }])).toEqual([]);
  expect(Object.keys(measures)).toContain("price_basis");
});
