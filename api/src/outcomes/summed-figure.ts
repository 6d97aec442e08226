import type { OutcomeItem } from "../contract/outcome.ts";
import { toInstant } from "../queries/time-range.ts";
import { type Span, within } from "./cases.ts";
import { toShare } from "./measure.ts";
import { type OutcomeContext, type OutcomeFigure, type SummedCases, toSumWindows } from "./outcome-figure.ts";

type Measure = NonNullable<OutcomeItem["measure"]>;
type SummedFigure = Pick<OutcomeItem, "measure" | "baseline" | "trend" | "exclusions" | "open">;

/** A figure from sums, as it would be from its cases one by one. */
export function toSummedFigure(figure: OutcomeFigure, context: OutcomeContext, summed: SummedCases): SummedFigure {
  const windows = toSumWindows(context);
  const [baseline, ...all] = windows.map((_, window) => toMeasure(figure, windows, { window, summed }));
  const measure = all.at(-1) ?? null;
  const whole = windows.length - 1;
  return {
    measure,
    baseline: baseline ?? null,
    trend: windows.slice(1, -1).flatMap(({ from, to }, index) => {
      const step = all[index];
      return step === undefined ? [] : [{ from: toInstant(from), to: toInstant(to), n: step.n, value: step.value }];
    }),
    exclusions: countReasons([
      ...summed.sums.filter(({ window, reason }) => window === whole && reason !== ""),
      ...within(summed.listed?.excluded ?? [], windows[whole] ?? context.span).map(({ reason }) => ({
        reason,
        cases: 1,
      })),
    ]),
    open: hasOpen(figure) ? summed.sums.reduce((left, { window, cases }) => left + (window < 0 ? cases : 0), 0) : null,
  };
}

/** How many cases are left out for which reason, the most frequent first. */
export function countReasons(excluded: readonly { reason: string; cases: number }[]): OutcomeItem["exclusions"] {
  return [...Map.groupBy(excluded, ({ reason }) => reason)]
    .map(([reason, own]) => ({ reason, count: own.reduce((left, { cases }) => left + cases, 0) }))
    .toSorted((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));
}

/** True for lengths of time, which have cases that have not come to their end. */
export function hasOpen({ unit }: Pick<OutcomeFigure, "unit">): boolean {
  return unit !== "share" && unit !== "total_ms";
}

function toMeasure(
  { unit, scale }: OutcomeFigure,
  windows: readonly Span[],
  { window, summed }: { window: number; summed: SummedCases },
): Measure {
  const none = { numerator: null, denominator: null, declared: null, p90: null };
  const sum = summed.sums.find((one) => one.window === window && one.reason === "");
  const toText = (value: number | null | undefined) => (typeof value === "number" ? String(value) : null);
  if (unit !== "share") return { ...none, n: sum?.cases ?? 0, value: toText(sum?.median), p90: toText(sum?.p90) };
  const span = windows[window];
  const listed = span === undefined ? [] : within(summed.listed?.counted ?? [], span);
  const total = listed.reduce(
    ({ part, whole }, sample) => ({ part: part + BigInt(sample.part), whole: whole + BigInt(sample.whole) }),
    { part: BigInt(sum?.numerator ?? 0), whole: BigInt(sum?.denominator ?? 0) },
  );
  const n = (sum?.n ?? 0) + new Set(listed.map(({ key }) => key)).size;
  return { ...none, ...toShare({ ...total, n }, scale) };
}
