import type { OutcomeItem, Outcomes, OutcomesQuery } from "../contract/outcome.ts";
import type { ApiDeps } from "../http/deps.ts";
import { toHref } from "../http/href.ts";
import { toStoreTime } from "../queries/conditions.ts";
import { listCarriedTypes } from "../queries/list-carried-types.ts";
import { toInstant } from "../queries/time-range.ts";
import type { CheckpointContext } from "../reconciliations/checkpoints/checkpoint-context.ts";
import { type Sample, type Span, isMeasurable, within } from "./cases.ts";
import { listFigures } from "./figures.ts";
import { measureShare, measureSpread, measureTotal } from "./measure.ts";
import { MAX_CASES, type OutcomeContext, type OutcomeFigure, TOO_MANY } from "./outcome-figure.ts";
import { countReasons, hasOpen, toSummedFigure } from "./summed-figure.ts";
import { isLikeForLike, listSteps, toBaseline, toPeriod } from "./periods.ts";

/** What figures are asked over: the period, and all that they are read with. */
export interface OutcomeReading {
  period: Span;
  context: OutcomeContext;
}

/** Prepares what the figures are read with. Throws `invalid_request` for a range that cannot be used. */
export async function openOutcomes(
  { reader, pack, workingTimes, now }: Pick<ApiDeps, "reader" | "pack" | "workingTimes" | "now">,
  checkpoints: CheckpointContext,
  asked: OutcomesQuery,
): Promise<OutcomeReading> {
  const { asOf, site: sites } = asked;
  const { asker } = checkpoints;
  const period = toPeriod(asked, asOf === undefined ? now() : Math.min(now(), Date.parse(asOf)));
  const baseline = toBaseline(period);
  const types = await listCarriedTypes(reader, asker, { asOf: asOf && toStoreTime(asOf), ceiling: undefined });
  const context = {
    reader,
    asker,
    pack,
    workingTimes,
    span: { from: baseline.from, to: period.to },
    windows: [baseline, ...listSteps(period)],
    sites,
    asOf,
    most: MAX_CASES,
    checkpoints,
    carried: new Set(types.map(({ type }) => type)),
  };
  return { period, context };
}

/** All figures of a period beside the period before it. */
export async function readOutcomes({ period, context }: OutcomeReading, readAt: number): Promise<Outcomes> {
  const figures = await listFigures(context);
  const items: OutcomeItem[] = [];
  // One after the other: those of many cases take the memory that the store lets a question have.
  for (const figure of figures) items.push(await readFigure(figure, { period, context }));
  const toRange = ({ from, to }: Span) => ({ from: toInstant(from), to: toInstant(to) });
  return {
    period: toRange(period),
    baseline: toRange(toBaseline(period)),
    isLikeForLike: isLikeForLike(period),
    readAt: toInstant(readAt),
    items,
  };
}

async function readFigure(figure: OutcomeFigure, { period, context }: OutcomeReading): Promise<OutcomeItem> {
  const { read, sum, scale: _scale, ...described } = figure;
  const cases = await read(context);
  const summed = cases === TOO_MANY ? await sum?.(context) : undefined;
  const { sites: site, asOf } = context;
  const rowsHref = toHref(`/outcomes/${figure.id}/cases`, {
    from: toInstant(period.from),
    to: toInstant(period.to),
    site,
    asOf,
  });
  const none = { measure: null, baseline: null, trend: [], exclusions: [], open: null };
  const shared = { ...described, isEstimated: false, rowsHref };
  if (summed !== undefined) return { ...shared, because: null, ...toSummedFigure(figure, context, summed) };
  if (!isMeasurable(cases)) return { ...shared, ...none, because: cases.because };
  const measure = (span: Span) => toMeasure(figure, within(cases.counted, span));
  const measured = measure(period);
  return {
    ...shared,
    isEstimated: measured.declared !== null && measured.declared > 0,
    because: null,
    measure: measured,
    baseline: measure(toBaseline(period)),
    trend: listSteps(period).map((step) => {
      const { n, value } = measure(step);
      return { from: toInstant(step.from), to: toInstant(step.to), n, value };
    }),
    exclusions: countReasons(within(cases.excluded, period).map(({ reason }) => ({ reason, cases: 1 }))),
    open: hasOpen(figure) ? cases.open.length : null,
  };
}

function toMeasure({ unit, scale }: OutcomeFigure, samples: readonly Sample[]): NonNullable<OutcomeItem["measure"]> {
  const none = { numerator: null, denominator: null, declared: null, p90: null };
  if (unit === "share") return { ...none, ...measureShare(samples, scale) };
  if (unit === "total_ms") return { ...none, ...measureTotal(samples) };
  const { n, median, p90 } = measureSpread(samples);
  const toText = (value: number | null) => (value === null ? null : String(value));
  return { ...none, n, value: toText(median), p90: toText(p90) };
}
