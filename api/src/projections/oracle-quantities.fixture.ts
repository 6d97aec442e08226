import type { Fact } from "./fact.ts";
import type { LegModel } from "./legs/leg-model.ts";

/** What a leg that ends by quantity is compared with. */
export interface Counted {
  leg: LegModel;
  starts: readonly Fact[];
  /** The changes from the start on that state a quantity, one a moment. */
  restated: readonly Fact[];
  /** Since when half of what was ordered is enough. */
  since: number;
}

/** The event from which on there is always enough: tried with what is there after each receipt and each change in turn. */
export function findEnd({ ends, ...part }: Counted & { ends: readonly Fact[] }): Fact | undefined {
  if (!isByQuantity(part)) return ends[0];
  const steps = [...part.restated, ...ends].toSorted((a, b) => a.time - b.time);
  const isEnough = steps.map((step, index) => {
    const come = steps.slice(0, index + 1).filter((fact) => ends.includes(fact));
    return come.length > 0 && sumAmounts(come) >= findNeeded(part, step.time);
  });
  return isEnough.at(-1) ? steps[isEnough.lastIndexOf(false) + 1] : undefined;
}

/** True where not the first event ends a leg but the quantity. */
export function isByQuantity({ leg, starts }: Counted): boolean {
  return leg.id === "complete-receipt" && starts.length > 0;
}

/** The quantity that ends a leg at a time: what the last change until then states, and what was ordered since, up to the next. */
function findNeeded({ starts, restated, since }: Counted, time: number): number {
  const last = restated.findLast((change) => change.time <= time);
  const next = restated.find((change) => change.time > time);
  const besides = starts.filter(
    (start) => start.time > (last?.time ?? -Infinity) && start.time <= (next?.time ?? Infinity),
  );
  return sumAmounts([...(last ? [last] : []), ...besides]) * ((starts[0]?.time ?? 0) >= since ? 0.5 : 0.95);
}

function sumAmounts(facts: readonly Fact[]): number {
  return facts.reduce((sum, fact) => sum + Number(fact.measures["quantity"]?.value ?? 0), 0);
}

/** The stretches in which enough stood and after which it did not. */
export function listReached(
  ends: readonly { fact: Fact; from: number; until: number }[],
  part: Counted,
): { from: number; until: number }[] {
  const isReached = (time: number) => {
    const standing = ends.filter(({ from, until }) => from <= time && time < until).map(({ fact }) => fact);
    return standing.length > 0 && sumAmounts(standing) >= findNeeded(part, time);
  };
  const times = [...ends.flatMap(({ from, until }) => [from, until]), ...part.restated.map(({ time }) => time)];
  const moments = [...new Set(times)].toSorted((a, b) => a - b);
  return moments.flatMap((from, index) => {
    const until = moments.slice(index).find((time) => time < Infinity && !isReached(time));
    const isFirst = isReached(from) && !isReached(moments[index - 1] ?? -Infinity);
    return isFirst && until !== undefined ? [{ from, until }] : [];
  });
}
