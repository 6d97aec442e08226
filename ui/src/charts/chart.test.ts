import { describe, expect, it } from "vitest";
import { type ChartData, joinSteps, listSteps, toCsv, toRows } from "./chart-data.ts";
import { listTicks } from "./chart-ticks.ts";

const HOUR = 3_600_000;
const START = Date.parse("2026-03-08T00:00:00Z");

const DATA: ChartData = {
  fromMs: START,
  toMs: START + 3 * HOUR,
  stepMs: HOUR,
  series: [
    { name: 'Accepted, "all"', colour: "series-1", kind: "bar", points: [{ atMs: START + HOUR, value: 7 }] },
    { name: "Failed", colour: "red-fill", kind: "bar", points: [] },
  ],
};

describe("a chart's table", () => {
  it("has a row for every step, with zero where nothing was", () => {
    expect(listSteps(DATA)).toHaveLength(3);
    expect(toRows(DATA)).toEqual([
      { atMs: START, values: [0, 0] },
      { atMs: START + HOUR, values: [7, 0] },
      { atMs: START + 2 * HOUR, values: [0, 0] },
    ]);
  });

  it("is CSV that other programs read, names with quotes and commas too", () => {
    expect(toCsv(DATA)).toBe(
      [
        'time,"Accepted, ""all""",Failed',
        "2026-03-08T00:00:00.000Z,0,0",
        "2026-03-08T01:00:00.000Z,7,0",
        "2026-03-08T02:00:00.000Z,0,0",
        "",
      ].join("\r\n"),
    );
  });
});

describe("a chart of a long time", () => {
  const long: ChartData = {
    ...DATA,
    toMs: START + 90 * 24 * HOUR,
    series: [
      {
        name: "a",
        colour: "series-1",
        kind: "bar",
        points: Array.from({ length: 2160 }, (_, i) => ({ atMs: START + i * HOUR, value: i })),
      },
    ],
  };

  it("has longer steps, and loses nothing of its sum", () => {
    const joined = joinSteps(long, 200);
    const sumOf = (data: ChartData): number => data.series[0]?.points.reduce((sum, { value }) => sum + value, 0) ?? 0;
    expect(toRows(joined).length).toBeLessThanOrEqual(201);
    expect(sumOf(joined)).toBe(sumOf(long));
  });

  it("stays as it is where it is short", () => {
    expect(joinSteps(DATA, 200)).toBe(DATA);
  });
});

describe("a chart's time axis", () => {
  it("is written in whole hours of the zone, midnight as a date", () => {
    const ticks = listTicks(START, START + 24 * HOUR, { zone: "Asia/Kolkata", most: 8 });
    expect(ticks.map(({ label }) => label)).toEqual([
      "06:00",
      "09:00",
      "12:00",
      "15:00",
      "18:00",
      "21:00",
      "9 Mar",
      "03:00",
    ]);
  });

  it("keeps to the clock when summer time begins", () => {
    const ticks = listTicks(START, START + 24 * HOUR, { zone: "America/Chicago", most: 12 });
    expect(ticks.map(({ label }) => label)).toContain("8 Mar");
    expect(new Set(ticks.map(({ atMs }) => atMs)).size).toBe(ticks.length);
    expect(ticks.map(({ label }) => label)).toContain("16:00");
  });

  it("writes no more than asked for, whatever the span", () => {
    for (const days of [0.1, 1, 3, 14, 90, 900]) {
      const ticks = listTicks(START, START + days * 24 * HOUR, { zone: "UTC", most: 8 });
      expect(ticks.length).toBeLessThanOrEqual(9);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
    }
  });
});
