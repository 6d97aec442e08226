import { toCsvText } from "./csv.ts";

/** A colour of the charts by the name of its token. */
export type SeriesColour =
  | "series-1"
  | "series-2"
  | "series-3"
  | "series-4"
  | "series-5"
  | "series-6"
  | "series-7"
  | "series-8"
  | "red-fill"
  | "amber-fill"
  | "mark"
  | "scale-2";

export interface ChartPoint {
  /** Start of the step that the value belongs to. */
  atMs: number;
  value: number;
}

export interface ChartSeries {
  name: string;
  colour: SeriesColour;
  kind: "bar" | "line";
  points: readonly ChartPoint[];
}

export interface ChartLimit {
  value: number;
  name: string;
}

/** All that one chart shows: series over the same steps of the same time. Bars lie upon one another. */
export interface ChartData {
  series: readonly ChartSeries[];
  fromMs: number;
  toMs: number;
  stepMs: number;
  limit?: ChartLimit;
  /** Values are rates, written so: they are never added up, and a step without one has none instead of 0. */
  rate?: (value: number) => string;
  /** Times of which nothing is known. */
  blind?: readonly { fromMs: number; toMs: number }[];
}

/** The starts of all steps from `fromMs` to `toMs`, empty ones too. */
export function listSteps(data: Pick<ChartData, "fromMs" | "toMs" | "stepMs">): number[] {
  const first = Math.floor(data.fromMs / data.stepMs) * data.stepMs;
  const count = Math.max(0, Math.ceil((data.toMs - first) / data.stepMs));
  return Array.from({ length: count }, (_, index) => first + index * data.stepMs);
}

export interface ChartRow {
  atMs: number;
  values: number[];
}

/** The chart as a table: a row for each step, a value for each series; 0 where there is none, NaN where it is a rate. */
export function toRows(data: ChartData): ChartRow[] {
  const bySeries = data.series.map(({ points }) => new Map(points.map((point) => [point.atMs, point.value])));
  const nothing = data.rate === undefined ? 0 : Number.NaN;
  return listSteps(data).map((atMs) => ({ atMs, values: bySeries.map((values) => values.get(atMs) ?? nothing) }));
}

/** The chart as CSV after RFC 4180, times in UTC. */
export function toCsv(data: ChartData): string {
  const head = ["time", ...data.series.map(({ name }) => name)];
  const rows = toRows(data).map((row) => [
    new Date(row.atMs).toISOString(),
    ...row.values.map((value) => (Number.isNaN(value) ? "" : String(value))),
  ]);
  return toCsvText([head, ...rows]);
}

const MULTIPLES = [1, 2, 3, 4, 6, 8, 12, 24, 48, 72, 168, 336, 720];

/** The same data in steps so long that at most `most` of them are left; values of steps that become one are added. */
export function joinSteps(data: ChartData, most: number): ChartData {
  const steps = (data.toMs - data.fromMs) / data.stepMs;
  const multiple = MULTIPLES.find((factor) => steps / factor <= most) ?? Math.ceil(steps / most);
  if (multiple === 1 || data.rate !== undefined) return data;
  const stepMs = data.stepMs * multiple;
  return {
    ...data,
    stepMs,
    series: data.series.map((series) => ({ ...series, points: joinPoints(series.points, stepMs) })),
  };
}

function joinPoints(points: readonly ChartPoint[], stepMs: number): ChartPoint[] {
  const sums = new Map<number, number>();
  for (const { atMs, value } of points) {
    const start = Math.floor(atMs / stepMs) * stepMs;
    sums.set(start, (sums.get(start) ?? 0) + value);
  }
  return [...sums].map(([atMs, value]) => ({ atMs, value }));
}
