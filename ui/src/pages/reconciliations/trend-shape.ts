import type { DriftSeries } from "@throughline/api/contract";

interface Size {
  width: number;
  height: number;
  /** Left free on all sides. */
  edge: number;
}

interface Place {
  x: number;
  y: number;
}

/** The line of a series of gross values from zero, drawn to the size, and where its level changed. Of no use as figures. */
export function toTrend(
  { points, changePoints }: Pick<DriftSeries["units"][number], "points" | "changePoints">,
  { width, height, edge }: Size,
): { line: string; shifts: Place[] } {
  const values = points.map(({ gross }) => Number(gross));
  const most = Math.max(...values, Number.MIN_VALUE);
  const step = values.length > 1 ? (width - 2 * edge) / (values.length - 1) : 0;
  const places = values.map((value, index) => ({
    x: round(edge + index * step),
    y: round(height - edge - (value / most) * (height - 2 * edge)),
  }));
  const placeOf = new Map(points.map(({ at }, index) => [at, places[index]]));
  return {
    line: places.map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${x} ${y}`).join(""),
    shifts: changePoints.flatMap(({ at }) => placeOf.get(at) ?? []),
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
