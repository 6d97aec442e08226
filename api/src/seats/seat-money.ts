import { formatFixed, parseRational } from "@throughline/schemas/exact/rational";
import type { Figure } from "../contract/figure.ts";
import type { FinanceSeat } from "../contract/seat.ts";
import { toHref } from "../http/href.ts";
import { minorDigitsOf } from "../projections/matches/currency.ts";
import type { PositionFilter } from "../queries/position-filter.ts";
import type { PositionSum } from "../queries/sum-positions.ts";

type SeatMoney = NonNullable<FinanceSeat["figures"]>["commitments"][number];

/** The amounts of positions, each that they have with its currency and the list that it is made of. */
export const AMOUNTS = {
  commitments: { kind: "commitment", lines: "committed_lines", value: "commitment_worth" },
  overdue: { kind: "commitment", overdue: "yes", lines: "overdue_lines", value: "overdue_worth" },
  owed: { kind: "owed", lines: "owed_lines", value: "owed_worth" },
  unreceived: { kind: "unreceived", lines: "unreceived_lines", value: "unreceived_worth" },
} as const;

/** An amount of some positions by currency; those of no line are left out. */
export function toSeatMoney(
  sums: readonly PositionSum[],
  name: keyof typeof AMOUNTS,
  filter: PositionFilter,
): SeatMoney[] {
  const { lines, value, ...narrowed } = AMOUNTS[name];
  return sums
    .filter((sum) => sum[lines] > 0)
    .map((sum) => {
      const { currency } = sum;
      const exact = parseRational(sum[value]);
      return {
        currency,
        value: exact === undefined ? sum[value] : formatFixed(exact, minorDigitsOf(currency)),
        lines: { value: sum[lines], href: toHref("/positions", { ...filter, ...narrowed, currency }) },
      };
    });
}

/** How many lines of some positions have something of a kind, whatever the currency. */
export function countLines(
  sums: readonly PositionSum[],
  name: "overdue_lines" | "short_lines" | "unknown_lines",
  filter: PositionFilter,
): Figure {
  const value = sums.reduce((total, sum) => total + sum[name], 0);
  const narrowed = {
    overdue_lines: { overdue: "yes" },
    short_lines: { kind: "short" },
    unknown_lines: { kind: "unknown" },
  };
  return { value, href: toHref("/positions", { ...filter, ...narrowed[name] }) };
}
