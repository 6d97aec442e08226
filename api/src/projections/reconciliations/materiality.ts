import type { Limit } from "@throughline/schemas/pack/tolerance";
import { type Rational, absolute, sum } from "@throughline/schemas/exact/rational";
import { exceeds } from "../matches/tolerance.ts";
import type { ItemClass } from "./classify.ts";

/** Each is `off`, `zero` or a value; the value itself passes. */
export interface Materiality {
  /** Of each open item by itself. */
  item: Limit;
  /** Of the gross of all breaks and cut-off items together. */
  account: Limit;
}

interface Judged {
  class: ItemClass;
  value: Rational;
}

/** The items beyond their limit, and whether all that is not in time is beyond the limit of the account. */
export function judgeMateriality<Item extends Judged>(items: readonly Item[], { item, account }: Materiality) {
  const counted = items.filter((open) => open.class === "BREAK" || open.class === "CUTOFF");
  const gross = sum(counted.map(({ value }) => absolute(value)));
  return {
    beyond: items.filter(({ value }) => exceeds(absolute(value), item)),
    account: { gross, isBreached: exceeds(gross, account) },
  };
}
