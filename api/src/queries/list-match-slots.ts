import { STOPPING_CODES } from "@throughline/schemas/pack/match-routing";
import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import { type MatchSlot, SLOT_COLUMNS as SLOT } from "../matches/match-id.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { toStoreTime } from "./conditions.ts";
import { type MatchFilter, whereResult, whereSlot } from "./match-filter.ts";
import { matchSlotShape } from "./match-row.ts";

const TIMEOUT_SECONDS = 15;
const MAX_DAYS = 40_000;
/** Results that are looked at for one page at least, so that days of few do not make many questions. */
const MIN_LOOKED_AT = 2000;

export interface SlotPlace {
  enteredAt: string;
  slot: MatchSlot;
}

export interface SlotQuestion {
  filter: MatchFilter;
  ceiling: string;
  after: SlotPlace | undefined;
  limit: number;
}

const foundRow = z.object({ ...matchSlotShape, entered: instant });
export type FoundSlot = z.infer<typeof foundRow>;

/** The slots whose newest result fits the filter, the latest entered first. */
export async function listMatchSlots(reader: StoreReader, asker: Asker, question: SlotQuestion): Promise<FoundSlot[]> {
  const { filter, limit } = question;
  // What one invoice or order line has is read as it lies; all others day by day.
  if (filter.invoice !== undefined || filter.order !== undefined) return findSlots(reader, asker, question);
  const found: FoundSlot[] = [];
  let days: string[] = [];
  let lookedAt = 0;
  for (const { day, results } of await listDays(reader, asker, question)) {
    days.push(day);
    lookedAt += results;
    if (lookedAt < Math.max(MIN_LOOKED_AT, 2 * limit)) continue;
    found.push(...(await findSlots(reader, asker, { ...question, days })));
    if (found.length >= limit) return found.slice(0, limit);
    [days, lookedAt] = [[], 0];
  }
  if (days.length > 0) found.push(...(await findSlots(reader, asker, { ...question, days })));
  return found.slice(0, limit);
}

const dayRow = z.object({ day: z.string(), results: z.int() });

/** The days on which anything was entered that ever fitted the filter, the last first. */
function listDays(reader: StoreReader, asker: Asker, { filter, ceiling, after }: SlotQuestion) {
  const where = whereResult(filter);
  return reader.ask(asker, {
    caller: "list-match-days",
    sql: `SELECT toString(toDate(entered_at)) AS day, count() AS results FROM match_dates
      WHERE batch <= {ceiling: UInt64} AND ${where.sql} AND ${toMoment(filter)}
        ${after === undefined ? "" : "AND toDate(entered_at) <= toDate({placeAt: DateTime64(3, 'UTC')})"}
      GROUP BY toDate(entered_at) ORDER BY day DESC LIMIT ${MAX_DAYS}`,
    values: {
      ...where.values,
      ceiling,
      ...toMomentValues(filter),
      ...(after && { placeAt: toStoreTime(after.enteredAt) }),
    },
    row: dayRow,
    timeoutSeconds: TIMEOUT_SECONDS,
  });
}

/** The newest results of the slots that were ever entered on the days, where they fit. */
function findSlots(
  reader: StoreReader,
  asker: Asker,
  { filter, ceiling, after, limit, days }: SlotQuestion & { days?: readonly string[] },
): Promise<FoundSlot[]> {
  const slot = whereSlot(filter);
  const where = whereResult(filter);
  const isResolved = filter.state?.includes("resolved") === true;
  return reader.ask(asker, {
    caller: "list-match-slots",
    sql: `SELECT ${SLOT}, entered_at AS entered FROM (
        SELECT ${SLOT}, is_removed, outcome, codes, supplier, company, site, domain, entered_at FROM match_results
        WHERE batch <= {ceiling: UInt64} AND ${toMoment(filter)} AND ${slot.sql} ${
          days === undefined
            ? ""
            : `AND (${SLOT}) IN (
          SELECT ${SLOT} FROM match_dates WHERE toDate(entered_at) IN {days: Array(Date)} AND batch <= {ceiling: UInt64})`
        }
        ORDER BY ${SLOT}, batch DESC LIMIT 1 BY ${SLOT}
      )
      WHERE is_removed = 0 AND ${where.sql} AND ${after ? BEHIND : "1"}
        ${days === undefined ? "" : "AND toDate(entered_at) IN {days: Array(Date)}"}
        ${isResolved ? RESOLVED : ""}
      ORDER BY entered_at DESC, ${SLOT} LIMIT {limit: UInt32}`,
    values: {
      ...slot.values,
      ...where.values,
      ...toMomentValues(filter),
      ...(days && { days }),
      ...(isResolved && { stopping: STOPPING_CODES }),
      ...toPlaceValues(after),
      ceiling,
      limit,
    },
    row: foundRow,
    timeoutSeconds: TIMEOUT_SECONDS,
  });
}

/** It passes; whether it did not at some time before is for the caller to see. */
const RESOLVED = "AND kind != 'order' AND NOT hasAny(codes, {stopping: Array(String)})";

const BEHIND = `(entered_at < {placeAt: DateTime64(3, 'UTC')} OR (entered_at = {placeAt: DateTime64(3, 'UTC')}
  AND (${SLOT}) > ({typeAt: String}, {idAt: String}, {documentAt: String}, {kindAt: String}, {orderAt: String}, {lineAt: String})))`;

function toMoment({ asOf }: MatchFilter): string {
  return asOf === undefined ? "1" : "evaluated_at <= {asOf: DateTime64(3, 'UTC')}";
}

function toMomentValues({ asOf }: MatchFilter) {
  return asOf === undefined ? {} : { asOf: toStoreTime(asOf) };
}

function toPlaceValues(after: SlotPlace | undefined) {
  if (after === undefined) return {};
  const {
    subject_type: typeAt,
    subject_id: idAt,
    document: documentAt,
    kind: kindAt,
    order_line: orderAt,
    line: lineAt,
  } = after.slot;
  return { placeAt: toStoreTime(after.enteredAt), typeAt, idAt, documentAt, kindAt, orderAt, lineAt };
}
