import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { whereGiven } from "./conditions.ts";
import { COUNT_CONDITIONS } from "./counted-legs.ts";
import { type LegFilter, whereLegMatches } from "./leg-filter.ts";
import { toStoredVerdicts } from "./stored-verdicts.ts";

const MAX_HOURS = 20_000;
const MAX_CHANGED = 20_000;

const hourRow = z.object({ hour: instant, legs: z.int() });
const changedRow = z.object({ hours: z.array(instant), changed: z.int() });

/** An hour with the number of its legs that a list has to look for. */
export interface LegHours {
  hour: string;
  legs: number;
}

/**
 * The hours in which legs of the filter can be, with how many there are at most, so that a list need not look at the
 * superseded verdicts of all others. Counts are of now; what changed since `ceiling` is added. Undefined when that is too
 * much to follow.
 */
export async function findLegHours(
  reader: StoreReader,
  asker: Asker,
  { filter, ceiling }: { filter: LegFilter; ceiling: string },
): Promise<LegHours[] | undefined> {
  const counted = await listCountedHours(reader, asker, filter);
  const changed = await findChangedHours(reader, asker, { filter, ceiling });
  if (counted.length >= MAX_HOURS || changed === undefined) return undefined;
  const hours = new Map(counted.map(({ hour, legs }) => [hour, legs]));
  for (const hour of changed.hours) hours.set(hour, (hours.get(hour) ?? 0) + changed.changed);
  return [...hours].map(([hour, legs]) => ({ hour, legs }));
}

/** The hours of all verdicts that fit the filter, current or not, with how many there are. */
export async function listVerdictHours(
  reader: StoreReader,
  asker: Asker,
  { filter, ceiling }: { filter: LegFilter; ceiling: string },
): Promise<LegHours[]> {
  const where = whereLegMatches(filter);
  return reader.ask(asker, {
    caller: "list-verdict-hours",
    sql: `SELECT toStartOfHour(dated_at) AS hour, count() AS legs FROM leg_dates
      WHERE is_removed = 0 AND batch <= {ceiling: UInt64} AND ${where.sql}
      GROUP BY hour
      LIMIT 200000`,
    values: { ...where.values, ceiling },
    row: hourRow,
  });
}

async function listCountedHours(reader: StoreReader, asker: Asker, filter: LegFilter) {
  const { flow, leg, site, domain, criticality, supplier, verdict, ended, from, to } = filter;
  const bounds = { from: from && toHour(from), to: to && toHour(Date.parse(to) + 3_599_999) };
  const where = whereGiven(COUNT_CONDITIONS, {
    flow,
    leg,
    site,
    domain,
    criticality,
    supplier,
    verdict: toStoredVerdicts(verdict),
    ended,
    ...bounds,
  });
  return reader.ask(asker, {
    caller: "list-leg-hours",
    sql: `SELECT hour, sum(legs) AS legs FROM leg_rollups WHERE ${where.sql} GROUP BY hour HAVING legs > 0 LIMIT ${MAX_HOURS}`,
    values: where.values,
    row: hourRow,
  });
}

async function findChangedHours(reader: StoreReader, asker: Asker, of: { filter: LegFilter; ceiling: string }) {
  const where = whereLegMatches(of.filter);
  const [row] = await reader.ask(asker, {
    caller: "find-changed-leg-hours",
    sql: `WITH changed_legs AS (
        SELECT DISTINCT flow, leg, instance_type, instance_id, occurrence
        FROM leg_verdicts WHERE batch > {ceiling: UInt64} LIMIT ${MAX_CHANGED}
      )
      SELECT groupUniqArray(${MAX_HOURS})(toStartOfHour(dated_at)) AS hours, (SELECT count() FROM changed_legs) AS changed
      FROM leg_verdicts
      WHERE (flow, leg, instance_type, instance_id, occurrence) IN changed_legs AND batch <= {ceiling: UInt64} AND ${where.sql}
      LIMIT 1`,
    values: { ...where.values, ceiling: of.ceiling },
    row: changedRow,
  });
  return row === undefined || row.changed >= MAX_CHANGED ? undefined : row;
}

function toHour(time: string | number): string {
  return `${new Date(time).toISOString().slice(0, 13).replace("T", " ")}:00:00`;
}
