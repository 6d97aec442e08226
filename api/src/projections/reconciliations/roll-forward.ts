import { AppError } from "@throughline/schemas/error";
import { type Rational, ZERO, formatDecimal, isZero, negate, subtract, sum } from "@throughline/schemas/exact/rational";
import { FLOW_KINDS, type FlowAmount, type FlowKind } from "./flows.ts";

export interface Amount {
  count: number;
  value: Rational;
}

/** A change of the figures that no event made. A reclassification sums to zero over all accounts that it names. */
export interface Adjustment extends Amount {
  kind: "fx" | "reclass" | "after_lock";
  /** What it is for: the locked period, the rate, the accounts. */
  reason: string;
}

/** Opening + new + reopened ± changed − cleared ± adjustments = closing, in gross, in count and in value. */
export interface RollForward extends Record<FlowKind, Amount> {
  opening: Amount;
  adjustments: readonly Adjustment[];
  closing: Amount;
}

export const NOTHING: Amount = { count: 0, value: ZERO };

/** What an opening becomes. Throws `invalid_request` when reclassifications do not sum to zero. */
export function rollForward(
  opening: Amount,
  flows: readonly FlowAmount[],
  adjustments: readonly Adjustment[] = [],
): RollForward {
  const reclass = sumAmounts(adjustments.filter(({ kind }) => kind === "reclass"));
  if (!isZero(reclass.value) || reclass.count !== 0)
    throw new AppError("invalid_request", "reclassifications have to sum to zero");
  const [opened, reopened, changed, cleared] = FLOW_KINDS.map((kind) =>
    sumAmounts(flows.filter((flow) => flow.kind === kind)),
  );
  const by = {
    new: opened ?? NOTHING,
    reopened: reopened ?? NOTHING,
    changed: changed ?? NOTHING,
    cleared: cleared ?? NOTHING,
  };
  const closing = sumAmounts([opening, by.new, by.reopened, by.changed, negateAmount(by.cleared), ...adjustments]);
  return { opening, ...by, adjustments, closing };
}

/** Holds a roll-forward against what is open. Throws `internal` on any residual: it is an error, and never a plug. */
export function checkResidual(rolled: RollForward, closing: Amount): RollForward {
  const value = subtract(closing.value, rolled.closing.value);
  const count = closing.count - rolled.closing.count;
  if (count === 0 && isZero(value)) return rolled;
  throw new AppError("internal", `the roll-forward leaves a residual of ${count} items and ${formatDecimal(value)}`);
}

export function sumAmounts(amounts: readonly Amount[]): Amount {
  return { count: amounts.reduce((left, { count }) => left + count, 0), value: sum(amounts.map(({ value }) => value)) };
}

function negateAmount({ count, value }: Amount): Amount {
  return { count: -count, value: negate(value) };
}
