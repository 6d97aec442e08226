import type { EChartsCoreOption } from "echarts/core";
import { formatCount } from "../format/number.ts";
import { type ChartData, type ChartSeries, toRows } from "./chart-data.ts";
import type { Tick } from "./chart-ticks.ts";
import type { Palette } from "./palette.ts";

/** Room around the plot in pixels; the cursor and the brush reckon with it. */
export const PLOT = { left: 44, right: 12, top: 8, bottom: 24 };

/** What the engine draws for a chart: no animation, bars from zero, ticks where they were worked out. */
export function toOption(data: ChartData, ticks: readonly Tick[], palette: Palette): EChartsCoreOption {
  const labels = new Map(ticks.map((tick) => [tick.atMs, tick.label]));
  const text = { color: palette("text-quiet"), fontFamily: "Inter Variable, sans-serif", fontSize: 11 };
  const values = ticks.map(({ atMs }) => atMs);
  const rows = toRows(data);
  return {
    animation: false,
    grid: { ...PLOT, containLabel: false },
    xAxis: {
      type: "value",
      min: data.fromMs,
      max: data.toMs,
      axisLine: { lineStyle: { color: palette("line-strong") } },
      axisTick: { show: true, customValues: values, length: 3, lineStyle: { color: palette("line-strong") } },
      axisLabel: {
        ...text,
        customValues: values,
        formatter: (atMs: number) => labels.get(atMs) ?? "",
        hideOverlap: true,
      },
      splitLine: { show: false },
    },
    yAxis: {
      type: "value",
      min: 0,
      minInterval: 1,
      splitNumber: 3,
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { ...text, formatter: data.rate ?? formatAxis, showMaxLabel: data.limit === undefined },
      ...(data.limit && { max: toTop(data.limit.value) }),
      splitLine: { lineStyle: { color: palette("line") } },
    },
    series: data.series.map((series, index) => ({
      ...toSeries(series, { points: rows.map((row) => [row.atMs + data.stepMs / 2, row.values[index] ?? 0]), palette }),
      ...(index === 0 ? toLimit(data, palette) : {}),
    })),
  };
}

/** Bars stack by their place in the list, so every series has a point for every step. */
function toSeries(series: ChartSeries, { points, palette }: { points: number[][]; palette: Palette }): object {
  const colour = palette(series.colour);
  const shared = { name: series.name, data: points, silent: true, itemStyle: { color: colour } };
  if (series.kind === "line")
    return { ...shared, type: "line", showSymbol: points.length < 2, lineStyle: { color: colour, width: 1.5 } };
  return { ...shared, type: "bar", stack: "all", barCategoryGap: "12%", barMaxWidth: 28 };
}

function toLimit({ limit }: ChartData, palette: Palette): object {
  if (limit === undefined) return {};
  const colour = palette("text-quiet");
  return {
    markLine: {
      silent: true,
      symbol: "none",
      lineStyle: { color: colour, type: "dashed", width: 1 },
      label: { formatter: limit.name, position: "insideEndTop", color: colour, fontSize: 11 },
      data: [{ yAxis: limit.value }],
    },
  };
}

/** The limit is always in sight, with room for its name. */
function toTop(limit: number): ({ max }: { max: number }) => number {
  return ({ max }) => Math.max(Number.isFinite(max) ? max : 0, limit) * 1.1;
}

/** A value of an axis, short where it is large. */
export function formatAxis(value: number): string {
  if (value >= 1e6) return `${value / 1e6}M`;
  return value >= 10_000 ? `${value / 1000}k` : formatCount(value);
}
