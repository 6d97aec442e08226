import type { Fact } from "../fact.ts";
import { findObject } from "../matches/read-facts.ts";

/** Goods as an event states them: the same in one or more units, as exact decimals; the first is what was counted. */
export interface Goods {
  quantities: readonly { value: string; unit: string }[];
  item?: string | undefined;
}

/** What the same goods are in other units, where the milestone counts by `quantity`. */
const SAME_GOODS = ["order_quantity", "price_quantity", "base_quantity"] as const;

/** The goods that an event states by a measure; undefined where the milestone counts none. Money is no quantity. */
export function readGoods(fact: Fact, measure: string | undefined): Goods | undefined {
  if (measure === undefined) return undefined;
  const counted = listQuantity(fact, measure);
  const others = measure === "quantity" ? SAME_GOODS.flatMap((name) => listQuantity(fact, name)) : [];
  return { quantities: [...counted, ...others], item: findObject(fact, "item") };
}

/** True for an event that states a quantity, be it one that cannot be counted: without a unit, or an amount of money. */
export function statesGoods(fact: Fact, measure: string | undefined): boolean {
  if (measure === undefined) return false;
  return fact.measures[measure] !== undefined || readGoods(fact, measure)?.quantities.length !== 0;
}

function listQuantity({ measures }: Fact, name: string): { value: string; unit: string }[] {
  const measure = measures[name];
  return measure === undefined || !("unit" in measure) || measure.unit === "" ? [] : [measure];
}
