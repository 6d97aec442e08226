import { mergeIntervals, type WorkingTime } from "@throughline/schemas/calendar/working-time";
import type { TimeRange } from "../contract/figure.ts";
import type { Sql } from "./newest-legs.ts";

const DAY_MS = 86_400_000;

/** How long before its range a leg may have begun for its working time to be counted in full. */
const LOOK_BACK_MS = 400 * DAY_MS;

/** Most edges of shifts of a calendar that go into a question: about four years of two shifts a day. */
const MAX_EDGES = 6000;

/**
 * SQL of how long a leg took that ended inside the range, in milliseconds, excused time left out: working time where it is
 * counted by a calendar, all time else. Of columns as `leg_verdicts` has them.
 */
export function toElapsedSql(workingTimes: ReadonlyMap<string, WorkingTime>, range: TimeRange): Sql {
  const span = { from: Date.parse(range.from) - LOOK_BACK_MS, until: Date.parse(range.to) + DAY_MS };
  const calendars = [...workingTimes].map(([id, working], index) =>
    toCalendarSql({ id, index }, mergeIntervals(working.list(span))),
  );
  const all = `${toMillis("ended_at")} - ${toMillis("started_at")}`;
  const counted = calendars.map(({ when, sql }) => `${when}, ${sql}, `).join("");
  const took = calendars.length === 0 ? all : `multiIf(${counted}${all})`;
  return {
    sql: `greatest(0, ${took} - toInt64(excused_ms))`,
    values: Object.assign({}, ...calendars.map(({ values }) => values)),
  };
}

function toCalendarSql(
  { id, index }: { id: string; index: number },
  shifts: readonly { from: number; until: number }[],
) {
  const { edges, sums, rates } = toEdges(shifts);
  const names = { id: `calendar${index}`, edges: `edges${index}`, sums: `sums${index}`, rates: `rates${index}` };
  const worked = (column: string) => {
    const time = toMillis(column);
    const edge = `roundDown(${time}, {${names.edges}: Array(Int64)})`;
    const look = (name: string) =>
      `transform(${edge}, {${names.edges}: Array(Int64)}, {${name}: Array(Int64)}, toInt64(0))`;
    return `(${look(names.sums)} + greatest(0, ${time} - ${edge}) * ${look(names.rates)})`;
  };
  return {
    when: `calendar = {${names.id}: String}`,
    sql: `${worked("ended_at")} - ${worked("started_at")}`,
    values: { [names.id]: id, [names.edges]: edges, [names.sums]: sums, [names.rates]: rates },
  };
}

/** Where shifts begin and end, how much was worked up to each edge, and whether work goes on behind it. */
function toEdges(shifts: readonly { from: number; until: number }[]) {
  const edges: number[] = [0];
  const sums: number[] = [0];
  const rates: number[] = [0];
  let sum = 0;
  for (const { from, until } of shifts.slice(-MAX_EDGES / 2)) {
    edges.push(from, until);
    sums.push(sum, (sum += until - from));
    rates.push(1, 0);
  }
  return { edges, sums, rates };
}

function toMillis(column: string): string {
  return `toUnixTimestamp64Milli(assumeNotNull(${column}))`;
}
