import type { Day, Movement, OrderHistory } from "./documents.ts";
import { createRunningSum } from "../running-sum.ts";
import { type Rational, ZERO, divide, isZero, multiply, sum, toRational } from "@throughline/schemas/exact/rational";
import { type ReferenceFacts, findItemUnits, toItemBook } from "./reference.ts";
import { type Quantity, type UnitBook, convert, createUnitBook, toEquations } from "@throughline/schemas/exact/units";

/** A movement in the order's units. */
export interface MeasuredMovement {
  time: number;
  quantity: Rational;
  /** In price units, where its document states it. */
  priceQuantity: Rational | undefined;
  movement: Movement;
}

/** An order line in figures: quantities in its order unit, amounts in its currency. */
export interface OrderMeasure {
  unit: string;
  currency: string;
  /** Of one order unit, exact and unrounded. */
  price: Rational;
  priceUnit: string;
  /** Of one price unit. */
  pricePerPriceUnit: Rational;
  /** Price units that one order unit is, by the order. */
  ratio: Rational;
  ordered: Rational;
  /** Those in free stock that stand. */
  receipts: readonly MeasuredMovement[];
  returns: readonly MeasuredMovement[];
  /** All receipts, and all returns, added up. */
  arrived: Rational;
  returned: Rational;
  /** The returns up to and including a moment. */
  returnedUntil: (time: number) => Rational;
  /** Price units to order units by the receipts up to and including a moment; undefined where one of them states none. */
  ratioUntil: (time: number) => Rational | undefined;
  /** What the receipts were worth at rates of a currency, per order unit; undefined where one of them states none. */
  rateIn: (currency: string) => Rational | undefined;
  noticed: Rational;
  /** The books that convert a document of a day to the units of the order. */
  booksOf: (day: Day) => readonly UnitBook[];
  /** Factors between units of this item, in either direction and other than 1. */
  factors: readonly Rational[];
}

/** Why an order line cannot be put in figures. */
export type Unmeasured = "CURRENCY" | "UOM_UNKNOWN";

const ONE = toRational(1n);

const measures = new WeakMap<OrderHistory, { reference: ReferenceFacts; measure: OrderMeasure | Unmeasured }>();

/**
 * Puts an order line and its movements in figures; says what is missing where that cannot be done. Of one history it is done
 * once, however many invoices are tested against it.
 */
export function measureOrder(history: OrderHistory, reference: ReferenceFacts): OrderMeasure | Unmeasured {
  const known = measures.get(history);
  if (known?.reference === reference) return known.measure;
  const measure = findMeasure(history, reference);
  measures.set(history, { reference, measure });
  return measure;
}

function findMeasure(history: OrderHistory, reference: ReferenceFacts): OrderMeasure | Unmeasured {
  const { terms } = history;
  const [ordered] = terms.quantities;
  if (ordered === undefined || ordered.unit === "") return "UOM_UNKNOWN";
  if (terms.price === undefined) return "CURRENCY";
  const own = createUnitBook(toEquations(terms.quantities));
  const booksOf = (day: Day) => [own, toItemBook(reference, terms.item, day)];
  const basis = terms.priceBasis ?? { value: toRational(1n), unit: ordered.unit };
  const ratio = convert([{ value: toRational(1n), unit: ordered.unit }], basis.unit, booksOf(terms.orderedOn));
  if (ratio === undefined || basis.value.numerator <= 0n) return "UOM_UNKNOWN";
  const pricePerPriceUnit = divide(terms.price.value, basis.value);
  const measure = (movements: readonly Movement[]) =>
    movements.map((movement) => measureMovement(movement, { unit: ordered.unit, priceUnit: basis.unit, booksOf }));
  const receipts = measure(history.receipts.filter(({ isBlocked }) => !isBlocked));
  const returns = measure(history.returns);
  if (!isMeasured(receipts) || !isMeasured(returns)) return "UOM_UNKNOWN";
  // What a notice says in an unknown unit gives no notice of anything.
  const notices = measure(history.notices).filter((notice) => notice !== undefined);
  return {
    unit: ordered.unit,
    currency: terms.price.currency,
    price: multiply(pricePerPriceUnit, ratio),
    priceUnit: basis.unit,
    pricePerPriceUnit,
    ratio,
    ordered: terms.isCancelled ? toRational(0n) : ordered.value,
    receipts,
    returns,
    arrived: sum(receipts.map(({ quantity }) => quantity)),
    returned: sum(returns.map(({ quantity }) => quantity)),
    returnedUntil: createSum(returns, ({ quantity }) => quantity),
    ratioUntil: createRatio(receipts),
    rateIn: createRates(receipts),
    noticed: sum(notices.map(({ quantity }) => quantity)),
    booksOf,
    factors: listFactors([own, createUnitBook(findItemUnits(reference, terms.item, terms.orderedOn))]),
  };
}

/** Added up when it is asked for first. */
function createSum(
  movements: readonly MeasuredMovement[],
  pick: (movement: MeasuredMovement) => Rational,
): (until: number) => Rational {
  let until: ((time: number) => Rational) | undefined;
  return (time) => {
    until ??= createRunningSum(movements.map((movement) => ({ at: movement.time, value: pick(movement) })));
    return until(time);
  };
}

function createRatio(receipts: readonly MeasuredMovement[]): OrderMeasure["ratioUntil"] {
  const quantityUntil = createSum(receipts, ({ quantity }) => quantity);
  const statedUntil = createSum(receipts, ({ priceQuantity }) => priceQuantity ?? ZERO);
  const silentUntil = createSum(receipts, ({ priceQuantity }) => (priceQuantity === undefined ? ONE : ZERO));
  return (time) => {
    const quantity = quantityUntil(time);
    return isZero(silentUntil(time)) && !isZero(quantity) ? divide(statedUntil(time), quantity) : undefined;
  };
}

function createRates(receipts: readonly MeasuredMovement[]): OrderMeasure["rateIn"] {
  const known = new Map<string, Rational | undefined>();
  const find = (currency: string) => {
    const rates = receipts.map(({ movement: { rate } }) => (rate?.currency === currency ? rate.value : undefined));
    const quantity = sum(receipts.map((receipt) => receipt.quantity));
    if (rates.includes(undefined) || isZero(quantity)) return undefined;
    return divide(sum(receipts.map((receipt, index) => multiply(receipt.quantity, rates[index] ?? ZERO))), quantity);
  };
  return (currency) => {
    if (!known.has(currency)) known.set(currency, find(currency));
    return known.get(currency);
  };
}

/** A day in UTC of a time in milliseconds. */
export function toDay(time: number): Day {
  return new Date(time).toISOString().slice(0, 10);
}

function measureMovement(
  movement: Movement,
  to: { unit: string; priceUnit: string; booksOf: (day: Day) => readonly UnitBook[] },
): MeasuredMovement | undefined {
  const quantity = convert(movement.quantities, to.unit, to.booksOf(toDay(movement.time)));
  if (quantity === undefined) return undefined;
  return { time: movement.time, quantity, priceQuantity: findStated(movement.quantities, to.priceUnit), movement };
}

/** The quantity that a document itself states in a unit. */
export function findStated(quantities: readonly Quantity[], unit: string): Rational | undefined {
  return quantities.find((quantity) => quantity.unit === unit)?.value;
}

function isMeasured(movements: readonly (MeasuredMovement | undefined)[]): movements is MeasuredMovement[] {
  return movements.every((movement) => movement !== undefined);
}

function listFactors(books: readonly UnitBook[]): Rational[] {
  const factors = books.flatMap(({ units, find }) =>
    units.flatMap((from) => units.flatMap((to) => (from === to ? [] : (find(from, to) ?? [])))),
  );
  return factors.filter(({ numerator, denominator }) => numerator !== denominator);
}
