import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { type Conditions, toStoreSecond, toStoreTime, whereGiven } from "./conditions.ts";
import { toStoredVerdicts } from "./stored-verdicts.ts";
import { type LegFilter, whereLegMatches } from "./leg-filter.ts";
import { HOUR_MS, type LegPlace } from "./leg-place.ts";
import { legKeyShape } from "./leg-row.ts";

const foundRow = z.object({ ...legKeyShape, dated_at: instant, batch_text: z.string() });
export type FoundLeg = z.infer<typeof foundRow>;

const TIMEOUT_SECONDS = 15;
const KEY = "flow, leg, instance_type, instance_id, occurrence";
/** What a row must be for its verdict to be shown as one of those asked for; the hours of `leg_dates` are ordered by it. */
const STORED: Conditions<"stored"> = { stored: "verdict IN {stored: Array(String)}" };
const ORDERS = {
  newest: { comparison: "<", direction: "DESC" },
  oldest: { comparison: ">", direction: "ASC" },
} as const;

export interface LegPageQuestion {
  filter: LegFilter;
  ceiling: string;
  after: LegPlace | undefined;
  /** Only legs dated in these hours; undefined: in any, which is for the legs of one instance. */
  hours: readonly string[] | undefined;
  limit: number;
}

/**
 * The next legs of which a verdict fits the filter, in the order of the list by the newest one that does. Whether that is
 * the newest verdict of its leg is for the caller to see.
 */
export async function findLegPage(
  reader: StoreReader,
  asker: Asker,
  { filter, ceiling, after, hours, limit }: LegPageQuestion,
): Promise<FoundLeg[]> {
  const where = whereLegMatches(filter);
  const stored = whereGiven(STORED, { stored: toStoredVerdicts(filter.verdict) });
  const { comparison, direction } = ORDERS[filter.order];
  const fits = [
    "is_removed = 0 AND batch <= {ceiling: UInt64}",
    stored.sql,
    where.sql,
    ...(hours === undefined ? [] : [IN_HOURS]),
    ...(after === undefined ? [] : [`dated_at ${comparison}= {placeAt: DateTime64(3, 'UTC')}`, toBehind(comparison)]),
  ].join(" AND ");
  return reader.ask(asker, {
    caller: "find-leg-page",
    sql: `SELECT ${KEY}, toString(newest_batch) AS batch_text, newest_at AS dated_at
      FROM (
        SELECT ${KEY}, max(batch) AS newest_batch, argMax(dated_at, batch) AS newest_at
        FROM ${hours === undefined ? "leg_verdicts" : "leg_dates"}
        WHERE ${fits}
        GROUP BY ${KEY}
      )
      ORDER BY newest_at ${direction}, ${KEY}
      LIMIT {limit: UInt32}`,
    values: { ...where.values, ...stored.values, ceiling, limit, ...toHourValues(hours), ...toPlaceValues(after) },
    row: foundRow,
    timeoutSeconds: TIMEOUT_SECONDS,
  });
}

const IN_HOURS = `toStartOfHour(dated_at) IN {hours: Array(DateTime('UTC'))}
  AND dated_at >= {first: DateTime('UTC')} AND dated_at < {end: DateTime('UTC')}`;

function toBehind(comparison: string): string {
  return `(dated_at ${comparison} {placeAt: DateTime64(3, 'UTC')}
    OR (${KEY}) > ({flowAt: String}, {legAt: String}, {typeAt: String}, {idAt: String}, {occurrenceAt: UInt16}))`;
}

function toHourValues(hours: readonly string[] | undefined) {
  if (hours === undefined) return {};
  const times = hours.map((hour) => Date.parse(hour));
  const toSeconds = (ms: number) => toStoreSecond(ms);
  return {
    hours: times.map(toSeconds),
    first: toSeconds(Math.min(...times)),
    end: toSeconds(Math.max(...times) + HOUR_MS),
  };
}

function toPlaceValues(after: LegPlace | undefined) {
  if (after === undefined) return {};
  const [flowAt, legAt, typeAt, idAt, occurrenceAt] = after.key;
  return { placeAt: toStoreTime(after.datedAt), flowAt, legAt, typeAt, idAt, occurrenceAt };
}
