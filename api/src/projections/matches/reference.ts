import type { Money } from "./currency.ts";
import type { Day } from "./documents.ts";
import { type Quantity, type UnitBook, type UnitEquation, createUnitBook } from "@throughline/schemas/exact/units";

/** The units of an item from a date on, until a later statement. */
export interface ItemUnits {
  item: string;
  from: Day;
  equations: readonly UnitEquation[];
}

/** A price that was agreed, for the days from `from` up to and including `to`. */
export interface ContractPrice {
  id: string;
  supplier: string;
  contract: string;
  item: string;
  price: Money;
  basis: Quantity;
  from: Day;
  to: Day | undefined;
}

/** What matching looks up and no document of the order says. */
export interface ReferenceFacts {
  /** Factors that hold for any item, such as 1 DZ = 12 EA. */
  standardUnits: readonly UnitEquation[];
  itemUnits: readonly ItemUnits[];
  contractPrices: readonly ContractPrice[];
}

/** The units of an item on a day: the latest statement that is in force, with what holds for any item. */
export function toItemBook(reference: ReferenceFacts, item: string, day: Day): UnitBook {
  return createUnitBook([...findItemUnits(reference, item, day), ...reference.standardUnits]);
}

/** The equations of an item alone, those in force on a day. */
export function findItemUnits(reference: ReferenceFacts, item: string, day: Day): readonly UnitEquation[] {
  const inForce = reference.itemUnits.filter((units) => units.item === item && units.from <= day);
  return (
    inForce.reduce<ItemUnits | undefined>((last, units) => (last && last.from > units.from ? last : units), undefined)
      ?.equations ?? []
  );
}

/** The prices that were in force for an item of a supplier on a day; of one contract where the order names one. */
export function listPricesInForce(
  reference: ReferenceFacts,
  order: { supplier: string; contract: string; item: string; day: Day },
): ContractPrice[] {
  return reference.contractPrices.filter(
    ({ supplier, contract, item, from, to }) =>
      supplier === order.supplier &&
      item === order.item &&
      (order.contract === "" || contract === order.contract) &&
      from <= order.day &&
      (to === undefined || order.day <= to),
  );
}
