import { useNavigate } from "@solidjs/router";
import type { Overview, Source } from "@throughline/api/contract";
import { type JSX, createMemo } from "solid-js";
import type { ChartData } from "../../charts/chart-data.ts";
import { Chart } from "../../charts/chart.tsx";
import { createSourcesRead } from "./feed-panel.tsx";
import { useScope } from "../../data/scope.tsx";

const HEIGHT = 216;

/** Events accepted over time; a drag narrows the page to a part of it, a click opens what came then. */
export function ThroughputChart(props: { overview: Overview }): JSX.Element {
  const scope = useScope();
  const navigate = useNavigate();
  const sources = createSourcesRead();
  const data = createMemo((): ChartData => {
    const { throughput, range } = props.overview;
    const points = throughput.points.map((point) => ({ ...point, atMs: Date.parse(point.at) }));
    return {
      fromMs: Date.parse(range.from),
      toMs: Date.parse(range.to),
      stepMs: throughput.stepMs,
      blind: findBlind(sources.isSuccess ? sources.data.items : [], Date.parse(range.from), Date.parse(range.to)),
      series: [
        {
          name: "accepted",
          colour: "series-1",
          kind: "bar",
          points: points.map(({ atMs, accepted, failed }) => ({ atMs, value: accepted - failed })),
        },
        {
          name: "failed",
          colour: "red-fill",
          kind: "bar",
          points: points.map(({ atMs, failed }) => ({ atMs, value: failed })),
        },
      ],
    };
  });
  const rangeOf = (atMs: number): string =>
    `from=${new Date(atMs).toISOString()}&to=${new Date(atMs + props.overview.throughput.stepMs).toISOString()}`;
  return (
    <Chart
      title="Events"
      data={data()}
      height={HEIGHT}
      onBrush={(fromMs, toMs) => scope.setRange({ kind: "between", fromMs, toMs })}
      onOpen={(atMs) => navigate(scope.linkTo(`/coverage?range=&${rangeOf(atMs)}`))}
    />
  );
}

/** The time since the first of the feeds that are silent now fell silent. */
function findBlind(sources: readonly Source[], fromMs: number, toMs: number): { fromMs: number; toMs: number }[] {
  const silent = sources.flatMap(({ silentSince }) => (silentSince === null ? [] : [Date.parse(silentSince)]));
  const firstMs = Math.max(fromMs, Math.min(...silent));
  return silent.length > 0 && firstMs < toMs ? [{ fromMs: firstMs, toMs }] : [];
}
