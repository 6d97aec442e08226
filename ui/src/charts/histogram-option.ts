import type { EChartsCoreOption } from "echarts/core";
import type { SeriesColour } from "./chart-data.ts";
import { PLOT, formatAxis } from "./chart-option.ts";
import { toCsvText } from "./csv.ts";
import type { Palette } from "./palette.ts";

/** One class: where it begins in words, the whole of it, and a value for each series. */
export interface HistogramBin {
  from: string;
  title: string;
  values: readonly number[];
}

/** Counts by class, the series lying upon one another. Marks stand at a place counted in classes from the left. */
export interface HistogramData {
  /** What the classes are of, such as `Time taken`. */
  of: string;
  series: readonly { name: string; colour: SeriesColour }[];
  bins: readonly HistogramBin[];
  marks: readonly { at: number; name: string }[];
}

const LABEL_ROOM = 64;
const MARK_ROOM = 16;

/** What the engine draws for a histogram: bars from zero, where classes begin beneath, marks as dashed lines. */
export function toHistogramOption(
  data: HistogramData,
  { palette, width }: { palette: Palette; width: number },
): EChartsCoreOption {
  const text = { color: palette("text-quiet"), fontFamily: "Inter Variable, sans-serif", fontSize: 11 };
  const every = Math.max(1, Math.ceil((data.bins.length * LABEL_ROOM) / Math.max(1, width - PLOT.left - PLOT.right)));
  const values = data.bins.map((_, index) => index).filter((index) => index % every === 0);
  const line = { lineStyle: { color: palette("line-strong") } };
  return {
    animation: false,
    grid: { ...PLOT, top: PLOT.top + MARK_ROOM, containLabel: false },
    xAxis: {
      type: "value",
      min: 0,
      max: Math.max(1, data.bins.length),
      axisLine: line,
      axisTick: { show: true, customValues: values, length: 3, ...line },
      axisLabel: { ...text, customValues: values, formatter: (index: number) => data.bins[index]?.from ?? "" },
      splitLine: { show: false },
    },
    yAxis: {
      type: "value",
      min: 0,
      minInterval: 1,
      splitNumber: 3,
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { ...text, formatter: formatAxis },
      splitLine: { lineStyle: { color: palette("line") } },
    },
    series: data.series.map((series, index) => ({
      name: series.name,
      type: "bar",
      stack: "all",
      silent: true,
      barCategoryGap: "10%",
      itemStyle: { color: palette(series.colour) },
      data: data.bins.map((bin, place) => [place + 0.5, bin.values[index] ?? 0]),
      ...(index === 0 ? { markLine: toMarks(data, palette) } : {}),
    })),
  };
}

function toMarks({ marks }: HistogramData, palette: Palette): object {
  return {
    silent: true,
    symbol: "none",
    lineStyle: { color: palette("text"), type: "dashed", width: 1 },
    data: marks.map(({ at, name }) => ({
      xAxis: at,
      label: { formatter: name, position: "end", color: palette("text"), fontSize: 11, distance: 2 },
    })),
  };
}

/** The histogram as CSV after RFC 4180. */
export function toHistogramCsv(data: HistogramData): string {
  const rows = data.bins.map((bin) => [bin.title, ...bin.values.map(String)]);
  return toCsvText([[data.of, ...data.series.map(({ name }) => name)], ...rows]);
}
