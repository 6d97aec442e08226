import type { ClickHouseClient } from "@clickhouse/client";
import type { WorkingTime } from "@throughline/schemas/calendar/working-time";
import { z } from "zod";
import type { Cohort } from "../../forecasts/cohort.ts";
import { CELLS, SHARE_GRID } from "../../forecasts/share-grid.ts";
import { toStartHoursSql } from "../../forecasts/start-hours.ts";
import { readRows } from "../engine/read-rows.ts";

const MAX_COHORTS = 200_000;

const cohortRow = z.tuple([
  z.string(),
  z.string(),
  z.string(),
  z.string(),
  z.string(),
  z.array(z.tuple([z.enum(["ended", "matured", "running", "late"]), z.number(), z.number()])),
]);

/** Which legs are counted: one leg of a flow under one calendar, as it was known at a finished step. */
export interface CohortQuestion {
  flow: string;
  leg: string;
  calendar: string;
  working: WorkingTime | undefined;
  /** The last step whose verdicts count. */
  ceiling: number;
  /** Legs that started earlier are left out. */
  since: number;
  frozenAt: number;
  /** Up to when it is known what ended; for some sites another time, and for some suppliers there. */
  until: number;
  sites: Readonly<Record<string, number>>;
  places: Readonly<Record<string, number>>;
  zone: string;
}

/**
 * How the legs went on that started in a window, counted in the store by one thread. A verdict that was dated before the
 * window and moved into it since is counted as it stands now; the cost grows with the verdicts dated in the window.
 */
export async function countCohorts(client: ClickHouseClient, question: CohortQuestion): Promise<Cohort[]> {
  const { flow, leg, calendar, working, ceiling, since, frozenAt, until, sites, places, zone } = question;
  const shifts = working?.list({ from: since, until: frozenAt }) ?? [];
  const rows = await readRows(client, cohortRow, {
    caller: "forecasts.cohorts",
    sql: toSql(working !== undefined),
    values: {
      flow,
      leg,
      calendar,
      ceiling,
      since,
      until,
      sites: Object.keys(sites),
      untils: Object.values(sites),
      places: Object.keys(places),
      placeUntils: Object.values(places),
      zone,
      grid: SHARE_GRID,
      starts: shifts.map(({ from }) => from),
      ends: shifts.map((shift) => shift.until),
      before: sumBefore(shifts.map(({ from, until: end }) => end - from)),
    },
  });
  return rows.map((row) => toCohort(row, { flow, leg, calendar }));
}

function toSql(isWorking: boolean): string {
  const elapsed = isWorking ? `${toWorkedSql("seen_until")} - ${toWorkedSql("started_ms")}` : "seen_until - started_ms";
  return `SELECT criticality, site, domain, supplier, hours, groupArray((how, cell, legs))
    FROM (
      SELECT criticality, site, domain, supplier, hours, how, cell, count() AS legs
      FROM (SELECT *, ${toCellSql(`(${elapsed} - toInt64(excused_ms)) / budget_ms`)} AS cell FROM (${OUTCOMES}))
      GROUP BY criticality, site, domain, supplier, hours, how, cell
    )
    GROUP BY criticality, site, domain, supplier, hours
    LIMIT ${MAX_COHORTS}
    SETTINGS max_threads = 1, max_execution_time = 50, optimize_aggregation_in_order = 1,
      max_bytes_before_external_group_by = 500000000`;
}

/** The cell of a share as `findCell` has it; of late legs it does not matter. */
function toCellSql(share: string): string {
  const point = `arrayLastIndex(point -> point <= ${share}, {grid: Array(Float64)})`;
  return `if(how = 'late', 0, least(greatest(${point}, 1), ${CELLS}) - 1)`;
}

const CURRENT = `SELECT row.1 AS verdict, toUnixTimestamp64Milli(row.2) AS started, toUnixTimestamp64Milli(row.3) AS ended,
    toUnixTimestamp64Milli(row.4) AS due, row.5 AS excused_ms, row.6 AS budget_ms, row.7 AS calendar, row.8 AS criticality,
    row.9 AS site, row.10 AS domain, row.11 AS supplier, row.12 AS is_removed
  FROM (
    SELECT argMax((verdict, started_at, ended_at, due_at, excused_ms, budget_ms, calendar, criticality, site, domain,
      supplier, is_removed), batch) AS row
    FROM leg_verdicts
    WHERE flow = {flow: String} AND leg = {leg: String} AND batch <= {ceiling: UInt64}
      AND dated_at >= fromUnixTimestamp64Milli({since: Int64})
    GROUP BY flow, leg, instance_type, instance_id, occurrence
  )`;

const OUTCOMES = `SELECT criticality, site, domain, supplier, excused_ms, budget_ms, assumeNotNull(started) AS started_ms,
    transform(concat(site, '\u001f', supplier), {places: Array(String)}, {placeUntils: Array(Int64)},
      transform(site, {sites: Array(String)}, {untils: Array(Int64)}, {until: Int64})) AS known_until,
    ${toStartHoursSql("fromUnixTimestamp64Milli(started_ms)", "{zone: String}")} AS hours,
    if(verdict = 'MET', assumeNotNull(ended), known_until) AS seen_until,
    multiIf(
      verdict = 'BREACHED' OR (verdict = 'OVERDUE_PROVISIONAL' AND isNotNull(ended)), 'late',
      verdict != 'MET', 'running',
      due <= known_until, 'matured',
      'ended') AS how
  FROM (${CURRENT})
  WHERE verdict IN ('MET', 'BREACHED', 'OPEN', 'AT_RISK', 'OVERDUE_PROVISIONAL') AND is_removed = 0 AND budget_ms > 0
    AND calendar = {calendar: String} AND started >= {since: Int64} AND started < known_until`;

/** The working time from the start of the window to a time in milliseconds. */
function toWorkedSql(time: string): string {
  const index = `arrayLastIndex(start -> start <= ${time}, {starts: Array(Int64)})`;
  return `if(${index} = 0, 0,
    {before: Array(Int64)}[${index}] + least(${time}, {ends: Array(Int64)}[${index}]) - {starts: Array(Int64)}[${index}])`;
}

function sumBefore(lengths: readonly number[]): number[] {
  let sum = 0;
  return lengths.map((length) => {
    sum += length;
    return sum - length;
  });
}

function toCohort(row: z.infer<typeof cohortRow>, kind: { flow: string; leg: string; calendar: string }): Cohort {
  const [criticality, site, domain, supplier, hours, counts] = row;
  const cells = () => Array.from({ length: CELLS }, () => 0);
  const cohort = {
    ...kind,
    criticality,
    site,
    domain,
    supplier,
    hours,
    ended: cells(),
    matured: cells(),
    running: cells(),
    late: 0,
  };
  const add = (to: number[], cell: number, legs: number) => (to[cell] = (to[cell] ?? 0) + legs);
  for (const [how, cell, legs] of counts) {
    if (how === "late") cohort.late += legs;
    else if (how === "running") add(cohort.running, cell, legs);
    else add(cohort.ended, cell, legs);
    if (how === "matured") add(cohort.matured, cell, legs);
  }
  return cohort;
}
