import type { SloDetail, SloItem } from "@throughline/api/contract";
import { For, type JSX } from "solid-js";
import { ChartCursorProvider } from "../../charts/chart-cursor.tsx";
import type { ChartData } from "../../charts/chart-data.ts";
import { Chart } from "../../charts/chart.tsx";
import { useScope } from "../../data/scope.tsx";
import { formatBurn, formatLength } from "./slo-text.ts";

const HEIGHT = 96;

/** How fast the budget burnt over each longer window, beneath each other on the same time, with the line of its rule. */
export function BurnCharts(props: { slo: SloItem; series: SloDetail["series"] }): JSX.Element {
  const scope = useScope();
  return (
    <ChartCursorProvider>
      <div class="slo-charts">
        <For each={props.series.windowsMs}>
          {(windowMs, index) => (
            <Chart
              title={`Burn over ${formatLength(windowMs)}`}
              data={toData(props.series, { index: index(), windowMs, rules: props.slo.rules })}
              height={HEIGHT}
              onBrush={(fromMs, toMs) => scope.setRange({ kind: "between", fromMs, toMs })}
            />
          )}
        </For>
      </div>
    </ChartCursorProvider>
  );
}

function toData(
  series: SloDetail["series"],
  { index, windowMs, rules }: { index: number; windowMs: number; rules: SloItem["rules"] },
): ChartData {
  const rule = rules.find(({ long }) => long.lengthMs === windowMs);
  const points = series.points.flatMap(({ at, burns }) => {
    const value = burns[index];
    return typeof value === "number" ? [{ atMs: Date.parse(at) - series.stepMs, value }] : [];
  });
  return {
    fromMs: Date.parse(series.from),
    toMs: Date.parse(series.to),
    stepMs: series.stepMs,
    series: [{ name: "burn", colour: "series-1", kind: "line", points }],
    rate: formatBurn,
    ...(rule && { limit: { value: rule.times, name: `${rule.severity} ${rule.times}×` } }),
  };
}
