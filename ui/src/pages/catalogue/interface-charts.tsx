import type { InterfaceDetail } from "@throughline/api/contract";
import { type JSX, Show, createMemo } from "solid-js";
import { ChartCursorProvider } from "../../charts/chart-cursor.tsx";
import type { ChartData, ChartPoint, ChartSeries } from "../../charts/chart-data.ts";
import { Chart } from "../../charts/chart.tsx";
import { useScope } from "../../data/scope.tsx";

const HEIGHT = 120;
const HOUR_MS = 3_600_000;

type Hour = InterfaceDetail["hours"][number];

/** Events and calls of an interface by the hour; a drag narrows the time of the page. */
export function InterfaceCharts(props: { detail: InterfaceDetail }): JSX.Element {
  const scope = useScope();
  const toData = (series: readonly ChartSeries[]): ChartData => ({
    fromMs: Date.parse(props.detail.range.from),
    toMs: Date.parse(props.detail.range.to),
    stepMs: HOUR_MS,
    series,
  });
  const toPoints = (valueOf: (hour: Hour) => number): ChartPoint[] =>
    props.detail.hours
      .map((hour) => ({ atMs: Date.parse(hour.at), value: valueOf(hour) }))
      .filter(({ value }) => value > 0);
  const events = createMemo(() =>
    toData([{ name: "events", colour: "series-1", kind: "bar", points: toPoints(({ events: count }) => count) }]),
  );
  const calls = createMemo(() =>
    toData([
      { name: "answered", colour: "series-1", kind: "bar", points: toPoints((hour) => hour.calls - hour.failed) },
      {
        name: "failed",
        colour: "red-fill",
        kind: "bar",
        points: toPoints((hour) => Math.max(0, hour.failed - hour.refused - hour.throttled)),
      },
      { name: "refused", colour: "series-6", kind: "bar", points: toPoints(({ refused }) => refused) },
      { name: "throttled", colour: "amber-fill", kind: "bar", points: toPoints(({ throttled }) => throttled) },
    ]),
  );
  const narrow = (fromMs: number, toMs: number): void => scope.setRange({ kind: "between", fromMs, toMs });
  return (
    <ChartCursorProvider>
      <Show when={props.detail.events > 0}>
        <Chart title="Events by the hour" data={events()} height={HEIGHT} onBrush={narrow} />
      </Show>
      <Show when={props.detail.calls > 0}>
        <Chart title="Calls by the hour" data={calls()} height={HEIGHT} onBrush={narrow} />
      </Show>
      <Show when={props.detail.events + props.detail.calls === 0}>
        <p class="quiet">No traffic of it falls into this time.</p>
      </Show>
    </ChartCursorProvider>
  );
}
