import fc from "fast-check";
import { expect, test } from "vitest";
import { toBurn } from "./burn.ts";
import { toBurnSeries } from "./burn-series.ts";

const STEP_MS = 300_000;

test("burns over what the windows before each moment hold, whatever was judged when", () => {
  const step = fc.record({ at: fc.nat(59), good: fc.nat(5), bad: fc.nat(5) });
  const steps = fc.uniqueArray(step, { selector: ({ at }) => at, maxLength: 60 });
  const windows = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(steps, windows, (sketches, lengths) => {
      const judged = sketches.map(({ at, good, bad }) => ({ atMs: at * STEP_MS, good, bad }));
      const span = { fromMs: 20 * STEP_MS, toMs: 50 * STEP_MS };
      const windowsMs = lengths.map((length) => length * STEP_MS);
      const series = toBurnSeries(judged, { span, stepMs: STEP_MS, windowsMs, objective: 99 });
      expect(series.map(({ atMs }) => atMs / STEP_MS)).toEqual(Array.from({ length: 30 }, (_, index) => index + 21));
      for (const { atMs, burns } of series)
        windowsMs.forEach((lengthMs, index) => {
          const within = judged.filter((leg) => leg.atMs >= atMs - lengthMs && leg.atMs < atMs);
          const sum = within.reduce((all, { good, bad }) => ({ good: all.good + good, bad: all.bad + bad }), {
            good: 0,
            bad: 0,
          });
          expect(burns[index]).toBe(toBurn(sum, 99));
        });
    }),
  );
});
