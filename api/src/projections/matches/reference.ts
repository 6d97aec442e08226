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

/** The books that were made, by the equations that they follow: the same lists come again for each line of an item. */
const books = new WeakMap<readonly UnitEquation[], { standard: readonly UnitEquation[]; book: UnitBook }>();

/** The units of an item on a day: the latest statement that is in force, with what holds for any item. */
export function toItemBook(reference: ReferenceFacts, item: string, day: Day): UnitBook {
  const [own, standard] = [findItemUnits(reference, item, day), reference.standardUnits];
  const known = books.get(own);
  if (known?.standard === standard) return known.book;
  const book = createUnitBook([...own, ...standard]);
  books.set(own, { standard, book });
  return book;
}

const NO_UNITS: readonly UnitEquation[] = [];

/** The equations of an item alone, those in force on a day. */
export function findItemUnits(reference: ReferenceFacts, item: string, day: Day): readonly UnitEquation[] {
  let last: ItemUnits | undefined;
  for (const units of listUnitsOf(reference, item))
    if (units.from <= day && !(last && last.from > units.from)) last = units;
  return last?.equations ?? NO_UNITS;
}

const unitsByItem = new WeakMap<readonly ItemUnits[], Map<string, ItemUnits[]>>();

function listUnitsOf(reference: ReferenceFacts, item: string): readonly ItemUnits[] {
  const known = unitsByItem.get(reference.itemUnits);
  if (known) return known.get(item) ?? [];
  const groups = Map.groupBy(reference.itemUnits, (units) => units.item);
  unitsByItem.set(reference.itemUnits, groups);
  return groups.get(item) ?? [];
}

/** The prices that were in force for an item of a supplier on a day; of one contract where the order names one. */
export function listPricesInForce(
  reference: ReferenceFacts,
  order: { supplier: string; contract: string; item: string; day: Day },
): ContractPrice[] {
  return listPricesOf(reference, order.item).filter(
    ({ supplier, contract, from, to }) =>
      supplier === order.supplier &&
      (order.contract === "" || contract === order.contract) &&
      from <= order.day &&
      (to === undefined || order.day <= to),
  );
}

const pricesByItem = new WeakMap<readonly ContractPrice[], Map<string, ContractPrice[]>>();

function listPricesOf(reference: ReferenceFacts, item: string): readonly ContractPrice[] {
  const known = pricesByItem.get(reference.contractPrices);
  if (known) return known.get(item) ?? [];
  const groups = Map.groupBy(reference.contractPrices, (price) => price.item);
  pricesByItem.set(reference.contractPrices, groups);
  return groups.get(item) ?? [];
}
