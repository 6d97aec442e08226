import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import { type OpenItem, type OpenItemPage, type OpenItemsQuery, openItem } from "../contract/reconciliation.ts";
import { toJourneyHref } from "../http/href.ts";
import { parseIdentity } from "../projections/fact.ts";
import { MAX_LISTED, countStored, fromStoredEntries } from "../projections/reconciliations/item-entries.ts";
import { KEY_SEPARATOR } from "../projections/reconciliations/entry-key.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { type Conditions, toStoreTime, whereGiven } from "./conditions.ts";
import { parseCursor, toCursor } from "./cursor.ts";
import { type OpenItemsAt, selectOpenItems, toOpenItemValues } from "./open-items.ts";

export type OpenItemFilter = Omit<OpenItemsQuery, "limit" | "cursor" | "format" | "company" | "on" | "to" | "asOf">;

const CONDITIONS: Conditions<keyof OpenItemFilter> = {
  unit: "unit IN {unit: Array(String)}",
  class: "class IN {class: Array(String)}",
  cause: "cause IN {cause: Array(String)}",
  side: "side IN {side: Array(String)}",
  days: "days IN {days: Array(String)}",
  site: "site IN {site: Array(String)}",
  supplier: "supplier IN {supplier: Array(String)}",
  q: "positionCaseInsensitiveUTF8(key, {q: String}) > 0",
};

const row = openItem
  .pick({ unit: true, side: true, class: true, cause: true, days: true, period: true, supplier: true, site: true })
  .extend({
    key: z.string(),
    item: z.string(),
    subject: z.string(),
    value: z.string(),
    balance: z.string(),
    currency: z.string(),
    since: instant,
    due: instant,
    is_matched: z.number(),
    is_contested: z.number(),
    beyond: z.coerce.number(),
    count_a: z.coerce.number(),
    count_b: z.coerce.number(),
    first_a: z.array(z.string()),
    first_b: z.array(z.string()),
  });

const place = z.object({ since: instant, key: z.string(), item: z.string(), side: z.string(), unit: z.string() });

/** One page of the open items at a cut-off, the oldest first. */
export async function listOpenItems(
  reader: StoreReader,
  asker: Asker,
  query: { at: OpenItemsAt; filter: OpenItemFilter; limit: number; cursor: string | undefined },
): Promise<OpenItemPage> {
  const { at, filter, limit, cursor } = query;
  const filters = { ...filter, reconciliation: at.model.rule.id, known: at.known };
  const after = cursor === undefined ? undefined : parseCursor(cursor, place, filters);
  const where = whereGiven(CONDITIONS, filter);
  const behind = `(stored.since, key, item, side, unit) > ({placeSince: DateTime64(3, 'UTC')}, {placeKey: String},
    {placeItem: String}, {placeSide: String}, {placeUnit: String})`;
  const iso = (column: string) => `formatDateTime(${column}, '%Y-%m-%dT%H:%i:%S.%fZ', 'UTC')`;
  const rows = await reader.ask(asker, {
    caller: "list-open-items",
    sql: `SELECT key, item, subject, unit, side, exact_value AS value, class, cause, days, period, supplier, site, balance,
        currency, ${iso("stored.since")} AS since, ${iso("due_at")} AS due, is_matched, is_contested, is_beyond AS beyond,
        ${countStored("entries_a")} AS count_a, ${countStored("entries_b")} AS count_b,
        arraySlice(entries_a, 1, ${MAX_LISTED}) AS first_a, arraySlice(entries_b, 1, ${MAX_LISTED}) AS first_b
      FROM (${selectOpenItems(at)}) AS stored
      WHERE ${where.sql} ${after === undefined ? "" : `AND ${behind}`}
      ORDER BY stored.since, key, item, side, unit
      LIMIT {limit: UInt32}`,
    values: {
      ...toOpenItemValues(at),
      ...where.values,
      limit: limit + 1,
      ...(after && {
        placeSince: toStoreTime(after.since),
        placeKey: after.key,
        placeItem: after.item,
        placeSide: after.side,
        placeUnit: after.unit,
      }),
    },
    row,
  });
  const last = rows[limit - 1];
  const next = rows.length > limit && last !== undefined;
  return {
    items: rows.slice(0, limit).map((found) => toOpenItem(found, at.model.subjectType)),
    nextCursor: next
      ? toCursor({ since: last.since, key: last.key, item: last.item, side: last.side, unit: last.unit }, filters)
      : null,
  };
}

function toOpenItem(found: z.infer<typeof row>, subjectType: string): OpenItem {
  const { key, item, subject, balance, currency, due, is_matched, is_contested, beyond, ...rest } = found;
  const { count_a, count_b, first_a, first_b, ...same } = rest;
  const { source, id } = parseIdentity(item);
  return {
    ...same,
    key: key.split(KEY_SEPARATOR),
    source,
    id,
    dueAt: due,
    isMatched: is_matched === 1,
    isContested: is_contested === 1,
    isBeyondLimit: beyond === 1,
    worth: balance === "" ? null : { value: balance, currency },
    entries: { a: count_a, b: count_b },
    events: {
      a: fromStoredEntries(first_a, item).map(parseIdentity),
      b: fromStoredEntries(first_b, item).map(parseIdentity),
    },
    href: toJourneyHref({ type: subjectType, id: subject }),
  };
}
