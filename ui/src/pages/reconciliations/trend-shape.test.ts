import { describe, expect, it } from "vitest";
import { toTrend } from "./trend-shape.ts";

const SIZE = { width: 106, height: 26, edge: 3 };
const point = (day: number, gross: string) => ({
  at: `2026-03-0${day}T06:00:00.000Z`,
  count: 1,
  gross,
  net: gross,
});

describe("the trend of a gross", () => {
  it("runs from zero at the bottom to the greatest value at the top", () => {
    const { line, shifts } = toTrend(
      { points: [point(1, "0"), point(2, "50"), point(3, "100")], changePoints: [] },
      SIZE,
    );
    expect(line).toBe("M3 23L53 13L103 3");
    expect(shifts).toEqual([]);
  });

  it("marks where the level changed, on the line", () => {
    const changePoints = [{ at: point(2, "").at, before: "0", after: "100", changed: [] }];
    const points = [point(1, "0"), point(2, "100"), point(3, "100")];
    expect(toTrend({ points, changePoints }, SIZE).shifts).toEqual([{ x: 53, y: 3 }]);
  });

  it("is a flat line where nothing was open, and none without points", () => {
    expect(toTrend({ points: [point(1, "0"), point(2, "0")], changePoints: [] }, SIZE).line).toBe("M3 23L103 23");
    expect(toTrend({ points: [], changePoints: [] }, SIZE)).toEqual({ line: "", shifts: [] });
  });
});
