import { type Judged, toBurn } from "./burn.ts";
import type { Span } from "./windows.ts";

/** Legs judged in the step that begins at `atMs`. */
export interface JudgedStep extends Judged {
  atMs: number;
}

/** The burn at a moment over each of the asked windows, in their order; null where nothing was judged. */
export interface BurnPoint {
  atMs: number;
  burns: (number | null)[];
}

/**
 * The burn over trailing windows at the end of each step of a span. `steps` hold the legs of whole steps, also of those
 * before the span that its first windows reach back to; window lengths are multiples of `stepMs`.
 */
export function toBurnSeries(
  steps: readonly JudgedStep[],
  {
    span,
    stepMs,
    windowsMs,
    objective,
  }: { span: Span; stepMs: number; windowsMs: readonly number[]; objective: number },
): BurnPoint[] {
  const startMs = span.fromMs - Math.max(0, ...windowsMs);
  const sums = toRunningSums(steps, { startMs, endMs: span.toMs, stepMs });
  const sumUntil = (ms: number): Judged => sums[Math.round((ms - startMs) / stepMs)] ?? { good: 0, bad: 0 };
  const points: BurnPoint[] = [];
  for (let atMs = span.fromMs + stepMs; atMs <= span.toMs; atMs += stepMs) {
    const until = sumUntil(atMs);
    const burns = windowsMs.map((lengthMs) => {
      const before = sumUntil(atMs - lengthMs);
      return toBurn({ good: until.good - before.good, bad: until.bad - before.bad }, objective);
    });
    points.push({ atMs, burns });
  }
  return points;
}

/** What was judged before each step, the sum of all last. */
function toRunningSums(
  steps: readonly JudgedStep[],
  { startMs, endMs, stepMs }: { startMs: number; endMs: number; stepMs: number },
): Judged[] {
  const byStep = new Map(steps.map((step) => [step.atMs, step]));
  const sums: Judged[] = [{ good: 0, bad: 0 }];
  let [good, bad] = [0, 0];
  for (let atMs = startMs; atMs < endMs; atMs += stepMs) {
    const step = byStep.get(atMs);
    good += step?.good ?? 0;
    bad += step?.bad ?? 0;
    sums.push({ good, bad });
  }
  return sums;
}
