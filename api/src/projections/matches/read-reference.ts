import { referenceAttributes } from "@throughline/schemas/trade-attributes";
import { parseEquation } from "@throughline/schemas/pack/unit-equation";
import type { Fact } from "../fact.ts";
import { toDay } from "./measure-order.ts";
import { findMoney, findObject, findQuantity } from "./read-facts.ts";
import type { ContractPrice, ItemUnits } from "./reference.ts";
import { roleOf } from "./trade-types.ts";

/** The units that facts state of items, each from its day on. What is no equation is left out. */
export function readItemUnits(facts: readonly Fact[]): ItemUnits[] {
  return facts.flatMap((fact) => {
    const { units, effective_from: from } = referenceAttributes.parse(fact.attributes);
    const item = findObject(fact, "item");
    if (roleOf(fact) !== "units" || units === undefined || item === undefined) return [];
    return [
      {
        item,
        from: toStatedDay(from) ?? toDay(fact.time),
        equations: units.flatMap((text) => parseEquation(text) ?? []),
      },
    ];
  });
}

/** The prices that facts state and none withdraws; the last statement of each. A price says what it is for, or is none. */
export function readContractPrices(facts: readonly Fact[]): ContractPrice[] {
  const withdrawn = new Map<string, number>();
  for (const fact of facts) {
    const id = findObject(fact, "contract_price");
    if (roleOf(fact) === "price-withdrawal" && id !== undefined) withdrawn.set(id, fact.time);
  }
  const prices = new Map<string, ContractPrice>();
  for (const fact of facts) {
    const price = roleOf(fact) === "price" ? toContractPrice(fact) : undefined;
    if (price && fact.time >= (withdrawn.get(price.id) ?? -Infinity)) prices.set(price.id, price);
  }
  return [...prices.values()];
}

function toContractPrice(fact: Fact): ContractPrice | undefined {
  const id = findObject(fact, "contract_price");
  const [item, supplier] = [findObject(fact, "item"), findObject(fact, "supplier")];
  const [price, basis] = [findMoney(fact, "price"), findQuantity(fact, "price_basis")];
  const said = referenceAttributes.parse(fact.attributes);
  const from = toStatedDay(said.effective_from);
  if (!id || !item || !supplier || !price || !basis || !from) return undefined;
  const to = toStatedDay(said.effective_to);
  return { id, supplier, contract: findObject(fact, "contract") ?? "", item, price, basis, from, to };
}

/** The day of a date or of a time with its offset. */
function toStatedDay(text: string | undefined): string | undefined {
  return text === undefined ? undefined : /^\d{4}-\d{2}-\d{2}(?=$|T)/.exec(text)?.[0];
}
