import { formatDecimal, parseRational, ZERO } from "@throughline/schemas/exact/rational";
import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { Accrual, AccrualPage, AccrualsQuery } from "../contract/accrual.ts";
import { toJourneyHref } from "../http/href.ts";
import { parseIdentity } from "../projections/fact.ts";
import { KEY_SEPARATOR } from "../projections/reconciliations/entry-key.ts";
import { UNMEASURED } from "../projections/reconciliations/read-entries.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { type Conditions, whereGiven } from "./conditions.ts";
import { parseCursor, toCursor } from "./cursor.ts";
import { type OpenItemsAt, selectOpenItems, toOpenItemValues } from "./open-items.ts";
import { toInstant } from "./time-range.ts";

const MAX_CURRENCIES = 500;
const LAST_MOMENT = Date.UTC(2200, 0);

export type AccrualFilter = Pick<AccrualsQuery, "currency" | "supplier" | "site">;

const CONDITIONS: Conditions<keyof AccrualFilter> = {
  currency: "of_currency IN {currency: Array(String)}",
  supplier: "supplied_by IN {supplier: Array(String)}",
  site: "at_site IN {site: Array(String)}",
};

/**
 * What is left of each key where side a has more, and what side a states without a unit: how much that is nobody knows. A key one
 * of whose items has no amount, or another currency, has none.
 */
const selectAccrued = (
  at: OpenItemsAt,
) => `SELECT key, unit, sum(value) AS quantity, sum(toDecimal256OrZero(balance, 18)) AS worth,
    if(unit != '' AND countIf(balance = '') = 0 AND uniqExact(currency) = 1, any(currency), '') AS of_currency,
    min(since) AS oldest, max(supplier) AS supplied_by, max(site) AS at_site
  FROM (${selectOpenItems(at)}) GROUP BY key, unit HAVING quantity > 0 OR unit = '' AND any(side) = 'a'`;

const row = z.object({
  key: z.string(),
  unit: z.string(),
  quantity: z.string(),
  worth: z.string(),
  of_currency: z.string(),
  oldest: instant,
  supplied_by: z.string(),
  at_site: z.string(),
});
const totalRow = z.object({ of_currency: z.string(), lines: z.coerce.number(), worth: z.string() });
const place = z.object({ key: z.string(), unit: z.string(), cutoff: z.int().min(0).max(LAST_MOMENT) });

/**
 * One page of what was received and not invoiced at a cut-off, with the totals of the whole list by currency. All pages are of
 * the cut-off of the first one.
 */
export async function listAccruals(
  reader: StoreReader,
  asker: Asker,
  query: {
    at: OpenItemsAt;
    /** The period or cut-off as it was asked for, which pages are bound to. */
    asked: Pick<AccrualsQuery, "on" | "to">;
    filter: AccrualFilter;
    limit: number;
    cursor: string | undefined;
  },
): Promise<AccrualPage> {
  const { filter, limit, cursor, asked } = query;
  const { model, sites: company, known } = query.at;
  const filters = { ...filter, ...asked, reconciliation: model.rule.id, company, known };
  const after = cursor === undefined ? undefined : parseCursor(cursor, place, filters);
  const at = { ...query.at, cutoff: after?.cutoff ?? query.at.cutoff };
  const where = whereGiven(CONDITIONS, filter);
  const values = { ...toOpenItemValues(at), ...where.values };
  const [rows, totals] = await Promise.all([
    reader.ask(asker, {
      caller: "list-accruals",
      sql: `SELECT key, unit, toString(quantity) AS quantity, toString(worth) AS worth, of_currency, oldest, supplied_by, at_site
        FROM (${selectAccrued(at)}) WHERE ${where.sql} ${after ? "AND (key, unit) > ({placeKey: String}, {placeUnit: String})" : ""}
        ORDER BY key, unit LIMIT {limit: UInt32}`,
      values: { ...values, limit: limit + 1, ...(after && { placeKey: after.key, placeUnit: after.unit }) },
      row,
    }),
    reader.ask(asker, {
      caller: "sum-accruals",
      sql: `SELECT of_currency, count() AS lines, toString(sum(worth)) AS worth FROM (${selectAccrued(at)}) WHERE ${where.sql}
        GROUP BY of_currency ORDER BY of_currency LIMIT ${MAX_CURRENCIES}`,
      values,
      row: totalRow,
    }),
  ]);
  const last = rows[limit - 1];
  const hasNext = rows.length > limit && last !== undefined;
  return {
    items: rows.slice(0, limit).map((found) => toAccrual(found, model.subjectType)),
    nextCursor: hasNext ? toCursor({ key: last.key, unit: last.unit, cutoff: at.cutoff }, filters) : null,
    cutoff: toInstant(at.cutoff),
    totals: totals.map(({ of_currency: currency, lines, worth }) => ({
      currency: currency === "" ? null : currency,
      lines,
      value: currency === "" ? null : toText(worth),
    })),
  };
}

function toAccrual(found: z.infer<typeof row>, subjectType: string): Accrual {
  const isMeasured = found.unit !== UNMEASURED;
  const parts = found.key.split(KEY_SEPARATOR);
  return {
    // What has no unit stands by itself, and its key ends with its event.
    key: isMeasured ? parts : [...parts.slice(0, -1), parseIdentity(parts.at(-1) ?? "").id],
    unit: found.unit,
    quantity: isMeasured ? toText(found.quantity) : null,
    worth: found.of_currency === "" ? null : { value: toText(found.worth), currency: found.of_currency },
    since: found.oldest,
    supplier: found.supplied_by,
    site: found.at_site,
    href: toJourneyHref({ type: subjectType, id: parts[0] ?? "" }),
  };
}

function toText(decimal: string): string {
  return formatDecimal(parseRational(decimal) ?? ZERO);
}
