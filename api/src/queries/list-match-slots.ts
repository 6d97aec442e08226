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
/** By how much more is looked at, each time that too little of what was looked at still stands. */
const GROWTH = 4;

export interface SlotPlace {
  enteredAt: string;
  slot: MatchSlot;
}

export interface SlotQuestion {
  filter: MatchFilter;
  /** Only results that keep something from being paid, or only those that pass and did not before. */
  work?: "standing" | "resolved" | undefined;
  ceiling: string;
  after: SlotPlace | undefined;
  limit: number;
}

const foundRow = z.object({ ...matchSlotShape, batch: z.number(), entered: instant });
/** A slot, and the result of it that fits. */
export type FoundSlot = z.infer<typeof foundRow>;

/**
 * The slots with a result that fits the filter, the latest entered first; all whose newest result fits are among them. Where a
 * newer one was entered on another day, the result that was found is not the newest: it is for the caller to see.
 */
export async function listMatchSlots(reader: StoreReader, asker: Asker, question: SlotQuestion): Promise<FoundSlot[]> {
  const { filter, limit } = question;
  // What one invoice or order line has is read as it lies; all others day by day.
  if (filter.invoice !== undefined || filter.order !== undefined) return findSlots(reader, asker, question);
  const found: FoundSlot[] = [];
  let days: string[] = [];
  let lookedAt = 0;
  let enough = Math.max(MIN_LOOKED_AT, 2 * limit);
  for (const { day, results } of await listDays(reader, asker, question)) {
    days.push(day);
    lookedAt += results;
    if (lookedAt < enough) continue;
    found.push(...(await findSlots(reader, asker, { ...question, days })));
    if (found.length >= limit) return found.slice(0, limit);
    [days, lookedAt, enough] = [[], 0, enough * GROWTH];
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

/** The newest results of the slots, of those that were entered on the days, where they fit. */
function findSlots(
  reader: StoreReader,
  asker: Asker,
  { filter, work, ceiling, after, limit, days }: SlotQuestion & { days?: readonly string[] },
): Promise<FoundSlot[]> {
  const slot = whereSlot(filter);
  const where = whereResult(filter);
  const table = days === undefined ? "match_results" : "match_dates";
  const standing = work === undefined ? "" : WORK[work];
  const within = `${days === undefined ? "1" : "toDate(entered_at) IN {days: Array(Date)}"} AND batch <= {ceiling: UInt64}
          AND ${toMoment(filter)} AND ${slot.sql}`;
  return reader.ask(asker, {
    caller: "list-match-slots",
    sql: `SELECT ${SLOT}, batch, entered_at AS entered FROM (
        SELECT ${SLOT}, batch, is_removed, outcome, codes, supplier, company, site, domain, entered_at FROM ${table}
        WHERE ${within} ${isNarrow(filter, work) ? toEverFitting({ table, within, fits: `${where.sql} ${standing}` }) : ""}
          ${work === "resolved" ? toOnceStanding(table, filter) : ""}
        ORDER BY ${SLOT}, batch DESC LIMIT 1 BY ${SLOT}
      )
      WHERE is_removed = 0 AND ${where.sql} AND ${after ? BEHIND : "1"} ${standing}
      ORDER BY entered_at DESC, ${SLOT} LIMIT {limit: UInt32}`,
    values: {
      ...slot.values,
      ...where.values,
      ...toMomentValues(filter),
      ...(days && { days }),
      ...(work && { stopping: STOPPING_CODES }),
      ...toPlaceValues(after),
      ceiling,
      limit,
    },
    row: foundRow,
    timeoutSeconds: TIMEOUT_SECONDS,
  });
}

const WORK = {
  standing: "AND kind != 'order' AND hasAny(codes, {stopping: Array(String)})",
  resolved: "AND kind != 'order' AND NOT hasAny(codes, {stopping: Array(String)})",
} as const;

/** Only some of the results of a day can fit. */
function isNarrow(
  { outcome, code, supplier, company, site, domain, q }: MatchFilter,
  work: SlotQuestion["work"],
): boolean {
  return (
    work === "standing" || [outcome, code, supplier, company, site, domain, q].some((given) => given !== undefined)
  );
}

/**
 * Any result of the slot fits: what was said of all others need not be put in order. By the hash of the slot: two slots that have the same
 * one are both looked at.
 */
function toEverFitting({ table, within, fits }: { table: string; within: string; fits: string }): string {
  return `AND ${SLOT_HASH} IN (SELECT ${SLOT_HASH} FROM ${table} WHERE ${within} AND is_removed = 0 AND ${fits})`;
}

/** The slot kept something from being paid at some time. */
function toOnceStanding(table: "match_results" | "match_dates", filter: MatchFilter): string {
  return `AND (${SLOT}) IN (
    SELECT ${SLOT} FROM ${table} WHERE outcome NOT IN ('matched', 'warned') AND is_removed = 0 ${WORK.standing}
      AND batch <= {ceiling: UInt64} AND ${toMoment(filter)} AND ${whereSlot(filter).sql})`;
}

const SLOT_HASH = `cityHash64(${SLOT})`;
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
