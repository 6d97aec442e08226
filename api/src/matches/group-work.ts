import { formatFixed, parseRational } from "@throughline/schemas/exact/rational";
import { minorDigitsOf } from "../projections/matches/currency.ts";
import type { WorkSum } from "../queries/sum-matches.ts";
import type { WorkState } from "./work-state.ts";

/** The states in which somebody still has something to do. */
export const OPEN_WORK: readonly WorkState[] = ["open", "in_work", "proposed"];

/** The sums of each name together: results of all currencies, and the money of each. */
export function groupWork(sums: readonly WorkSum[], hrefOf: (name: string) => string) {
  return [...Map.groupBy(sums, ({ name }) => name)]
    .map(([name, parts]) => ({
      name,
      results: { value: parts.reduce((total, { results }) => total + results, 0), href: hrefOf(name) },
      stakes: parts.flatMap(({ currency, stake }) => {
        const value = parseRational(stake);
        return currency === "" || value === undefined
          ? []
          : [{ value: formatFixed(value, minorDigitsOf(currency)), currency }];
      }),
    }))
    .toSorted((a, b) => b.results.value - a.results.value);
}
