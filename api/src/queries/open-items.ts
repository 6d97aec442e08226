import type { Limit } from "@throughline/schemas/pack/tolerance";
import type { ClassContext } from "../projections/reconciliations/classify.ts";
import type { ReconciliationModel } from "../projections/reconciliations/model.ts";
import { toStoreTime } from "./conditions.ts";
import { ALL_STEPS } from "./find-unreconciled.ts";

/** What is asked of a reconciliation: its open items at a cut-off, by what was known then or is known now. */
export interface OpenItemsAt extends Pick<ClassContext, "cutoff" | "now" | "feeds"> {
  model: ReconciliationModel;
  zone: string;
  /** Only items of these sites; those of all where it is absent. */
  sites?: readonly string[] | undefined;
  /** As known by that step of the reconciler, a whole number as text; by the last one where it is absent. */
  known?: string;
}

const SLOT = "reconciliation, subject, unit, key, side, item, from_at";
const SLOT_HASH = `cityHash64(${SLOT})`;
const CUTOFF = "{cutoff: DateTime64(3, 'UTC')}";
const ASKED = `reconciliation = {reconciliation: String} AND from_at < ${CUTOFF}`;
const KNOWN = `${ASKED} AND batch <= {known: UInt64}`;
const SAYS_OPEN = `is_removed = 0 AND until_at >= ${CUTOFF}`;
const COLUMNS = `subject, unit, key, side, item, from_at, exact_value, since, last_at, due_at, period, is_matched, is_cleared_elsewhere,
  is_contested, has_failed, is_in_other_unit, quantities_agree, balance, currency, entries_a, entries_b, supplier, site`;
const COUNTED = "toDecimal256(exact_value, 18) AS value, toInt64(1) AS times";

/**
 * Known then: the rows that say last of their item that it is open. Most items are said to be closed by a later row: these are left
 * out by the hash of their slot, so that only the few that are left have to be put in order. What is removed from one site in the
 * step that says it of another is not gone.
 */
const SAID_OPEN = `SELECT ${COLUMNS}, ${COUNTED} FROM (
    SELECT *, ${SLOT_HASH} AS slot_hash FROM reconciliation_items WHERE ${KNOWN} AND ${SAYS_OPEN}) AS said
  LEFT ANY JOIN (
    SELECT ${SLOT_HASH} AS gone_hash, max(batch) AS gone_batch FROM reconciliation_items
    WHERE ${KNOWN} AND NOT (${SAYS_OPEN}) GROUP BY gone_hash) AS gone ON said.slot_hash = gone.gone_hash
  WHERE said.batch >= gone.gone_batch
  ORDER BY ${SLOT}, batch DESC LIMIT 1 BY ${SLOT}`;

const ENDS_LATER = `${ASKED} AND ${SAYS_OPEN} AND until_at < toDateTime64('2262-01-01 00:00:00', 3, 'UTC')`;

const SUBJECT_HASH = "cityHash64(subject)";

/**
 * Known now: the items that are open without an end, and those that were closed after the cut-off. Only of the objects of the latter
 * is looked up whether that is what was said of them last. What was added and taken away, and not merged yet, is left out by the sum
 * of its object, so that only the rows of what is open are put together as a whole.
 */
const STANDING_OPEN = `SELECT ${COLUMNS}, ${COUNTED} FROM reconciliation_open WHERE ${ASKED}
      AND ${SUBJECT_HASH} IN (SELECT ${SUBJECT_HASH} AS open_hash FROM reconciliation_open WHERE ${ASKED}
        GROUP BY open_hash HAVING sum(items) > 0)
    GROUP BY ${COLUMNS}, domain HAVING sum(items) > 0
  UNION ALL
  SELECT ${COLUMNS}, ${COUNTED} FROM (
    SELECT *, ${SLOT_HASH} AS slot_hash FROM reconciliation_items WHERE ${ENDS_LATER}) AS said
  INNER ANY JOIN (
    SELECT ${SLOT_HASH} AS last_hash, max(batch) AS last_batch FROM reconciliation_items
    WHERE reconciliation = {reconciliation: String}
      AND subject IN (SELECT subject FROM reconciliation_items WHERE ${ENDS_LATER})
    GROUP BY last_hash) AS last ON said.slot_hash = last.last_hash
  WHERE said.batch = last.last_batch`;

/** The items whose spans reach over a cut-off, each `times` times: a row that is taken back stands once more, with -1. */
const STANDING_SPANS = `SELECT unit, side, toDecimal256(value, 18) AS value, items AS times, is_matched, is_cleared_elsewhere, has_failed,
    is_in_other_unit, quantities_agree, site, subtractMinutes(from_at, since_before) AS since,
    addMilliseconds(from_at, waits_ms) AS due_at
  FROM reconciliation_spans WHERE ${ASKED} AND until_at >= {cutoff: DateTime64(3, 'UTC')}`;

/**
 * Gives items class, cause and age, the same that `classify`, `findCause` and `findAgeBand` give. Ages go by the clocks of the
 * books.
 */
const judge = (items: string) => `SELECT *,
    multiIf(due_at < {cutoff: DateTime64(3, 'UTC')} AND watermark <= due_at, 'UNKNOWN',
      due_at >= {cutoff: DateTime64(3, 'UTC')} AND is_incomplete, 'UNKNOWN',
      is_cleared_elsewhere = 1, 'CUTOFF',
      due_at >= {cutoff: DateTime64(3, 'UTC')} AND (is_matched = 0 OR {matching: String} != '1:1'), 'TIMING',
      'BREAK') AS class,
    multiIf(has_failed = 1, 'failed_message', is_in_other_unit = 1, 'unit_mismatch', class != 'BREAK', 'in_flight',
      is_matched = 0, 'unexplained', {measure: String} = 'quantity', 'quantity_mismatch',
      {measure: String} = 'count' OR quantities_agree = '', 'unexplained', quantities_agree = 'yes', 'price_mismatch',
      'quantity_mismatch') AS cause,
    dateDiff('day', toDate(since, {zone: String}), toDate({lastMoment: DateTime64(3, 'UTC')}, {zone: String})) AS age,
    multiIf(age <= 1, '0-1', age <= 7, '2-7', age <= 30, '8-30', age <= 60, '31-60', age <= 90, '61-90', '>90') AS days,
    {hasItemLimit: UInt8} = 1 AND abs(value) > toDecimal256({itemLimit: String}, 18) AS is_beyond
  FROM (
    SELECT *,
      if(side = 'a', {watermarkB: DateTime64(3, 'UTC')}, {watermarkA: DateTime64(3, 'UTC')}) AS watermark,
      if({isPast: UInt8} = 1, watermark < {cutoff: DateTime64(3, 'UTC')},
        if(side = 'a', {isSilentB: UInt8}, {isSilentA: UInt8}) = 1) AS is_incomplete
    FROM (${items}) WHERE {isNarrow: UInt8} = 0 OR has({sites: Array(String)}, site))`;

/** Open items, judged, a row each: as known by a step, or now. */
export function selectOpenItems({ known }: Pick<OpenItemsAt, "known">): string {
  return judge(known === undefined ? STANDING_OPEN : SAID_OPEN);
}

/** The same to be added up, of what is known now and without what tells one item from another. `times`: how often a row counts. */
export const OPEN_SPANS = judge(STANDING_SPANS);

/** The values of `selectOpenItems` and `OPEN_SPANS`. */
export function toOpenItemValues({
  model,
  cutoff,
  now,
  feeds,
  zone,
  sites,
  known,
}: OpenItemsAt): Record<string, unknown> {
  const { id, matching, measure, materiality } = model.rule;
  return {
    reconciliation: id,
    known: known ?? ALL_STEPS,
    isNarrow: sites === undefined ? 0 : 1,
    sites: sites ?? [],
    matching,
    measure: measure.kind,
    zone,
    cutoff: toStoreTime(cutoff),
    lastMoment: toStoreTime(cutoff - 1),
    isPast: now > cutoff ? 1 : 0,
    watermarkA: toStoreTime(feeds.a.watermark),
    watermarkB: toStoreTime(feeds.b.watermark),
    isSilentA: feeds.a.isSilent ? 1 : 0,
    isSilentB: feeds.b.isSilent ? 1 : 0,
    hasItemLimit: materiality.item === "off" ? 0 : 1,
    itemLimit: toLimitText(materiality.item),
  };
}

function toLimitText(limit: Limit): string {
  return limit === "off" || limit === "zero" ? "0" : limit;
}
