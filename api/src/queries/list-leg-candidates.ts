import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { toStoreTime } from "./conditions.ts";
import { type LegFilter, whereLegMatches } from "./leg-filter.ts";
import { legKeyShape } from "./leg-row.ts";

const candidateRow = z.object({ ...legKeyShape, dated_at: instant, batch_text: z.string() });
export type LegCandidate = z.infer<typeof candidateRow>;

/** A place in a list of legs: the last one that was looked at. */
export const legPlace = z.object({
  datedAt: instant,
  key: z.tuple([z.string(), z.string(), z.string(), z.string(), z.int().min(0).max(65_535)]),
});
export type LegPlace = z.infer<typeof legPlace>;

const KEY = "flow, leg, instance_type, instance_id, occurrence";
const ORDERS = {
  newest: { comparison: "<", direction: "DESC" },
  oldest: { comparison: ">", direction: "ASC" },
} as const;

export interface CandidateQuestion {
  filter: LegFilter;
  ceiling: string;
  after: LegPlace | undefined;
  /** Only legs dated in these hours; undefined: in any. */
  hours: readonly string[] | undefined;
  limit: number;
}

/**
 * Verdicts of the filter in the order of the list, each of them the current one or one that a later verdict replaced:
 * whoever asks has to look.
 */
export async function listLegCandidates(
  reader: StoreReader,
  asker: Asker,
  { filter, ceiling, after, hours, limit }: CandidateQuestion,
): Promise<LegCandidate[]> {
  const where = whereLegMatches(filter);
  const { comparison, direction } = ORDERS[filter.order];
  const inHours =
    "toStartOfHour(dated_at) IN {hours: Array(DateTime('UTC'))} AND dated_at >= {first: DateTime('UTC')} AND dated_at < {end: DateTime('UTC')}";
  const behind = `dated_at ${comparison}= {placeAt: DateTime64(3, 'UTC')} AND (dated_at ${comparison} {placeAt: DateTime64(3, 'UTC')}
    OR (${KEY}) > ({flowAt: String}, {legAt: String}, {typeAt: String}, {idAt: String}, {occurrenceAt: UInt16}))`;
  return reader.ask(asker, {
    caller: "list-leg-candidates",
    sql: `SELECT ${KEY}, dated_at, toString(batch) AS batch_text
      FROM leg_verdicts
      WHERE is_removed = 0 AND batch <= {ceiling: UInt64} AND ${where.sql}
        ${hours === undefined ? "" : `AND ${inHours}`} ${after === undefined ? "" : `AND ${behind}`}
      ORDER BY dated_at ${direction}, ${KEY}, batch DESC
      LIMIT {limit: UInt32}`,
    values: { ...where.values, ceiling, limit, ...toHourValues(hours), ...toPlaceValues(after) },
    row: candidateRow,
  });
}

function toHourValues(hours: readonly string[] | undefined) {
  if (hours === undefined) return {};
  const times = hours.map((hour) => Date.parse(hour));
  const toSeconds = (ms: number) => toStoreTime(ms).slice(0, 19);
  return {
    hours: times.map(toSeconds),
    first: toSeconds(times.reduce((a, b) => Math.min(a, b))),
    end: toSeconds(times.reduce((a, b) => Math.max(a, b)) + 3_600_000),
  };
}

function toPlaceValues(after: LegPlace | undefined) {
  if (after === undefined) return {};
  const [flowAt, legAt, typeAt, idAt, occurrenceAt] = after.key;
  return { placeAt: toStoreTime(after.datedAt), flowAt, legAt, typeAt, idAt, occurrenceAt };
}
