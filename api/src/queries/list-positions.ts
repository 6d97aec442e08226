import { ZERO, absolute, formatDecimal, formatFixed, isZero, parseRational } from "@throughline/schemas/exact/rational";
import { z } from "zod";
import type { Position, PositionKind, PositionPage, PositionsQuery } from "../contract/position.ts";
import { toHref, toJourneyHref } from "../http/href.ts";
import { minorDigitsOf } from "../projections/matches/currency.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { parseCursor, toCursor } from "./cursor.ts";
import { type PositionFilter, wherePosition } from "./position-filter.ts";

const TIMEOUT_SECONDS = 15;
const NEVER = "9999-12-31";
const COLUMNS = `order_line, batch, supplier, company, item, ordered_on, due_on, unit, currency, open, commitment, uncleared,
  uncleared_worth, short, is_unknown, site`;

/** What a list of a kind is sorted by, the largest first; quantities of several units are not compared. */
const WORTH: Readonly<Record<PositionKind | "any", string>> = {
  commitment: "commitment",
  owed: "-uncleared_worth",
  unreceived: "uncleared_worth",
  short: "toDecimal256(0, 18)",
  unknown: "toDecimal256(0, 18)",
  any: "greatest(commitment, abs(uncleared_worth))",
};

const row = z.object({
  order_line: z.string(),
  supplier: z.string(),
  company: z.string(),
  item: z.string(),
  ordered_on: z.string(),
  due_on: z.string(),
  unit: z.string(),
  currency: z.string(),
  open: z.string(),
  commitment: z.string(),
  uncleared: z.string(),
  uncleared_worth: z.string(),
  short: z.string(),
  is_unknown: z.int(),
  site: z.string(),
  worth: z.string(),
});
type Row = z.infer<typeof row>;

const place = z.object({
  today: z.iso.date(),
  due: z.string(),
  currency: z.string(),
  worth: z.string(),
  order: z.string(),
});

export interface PositionQuestion {
  filter: PositionFilter;
  sort: PositionsQuery["sort"];
  limit: number;
  cursor: string | undefined;
  /** Milliseconds since 1970 UTC. */
  now: number;
}

/** One page of the order lines that bind or owe something now; what changes meanwhile is shown as it is when its page is read. */
export async function listPositions(
  reader: StoreReader,
  asker: Asker,
  { filter, sort, limit, cursor, now }: PositionQuestion,
): Promise<PositionPage> {
  const bound = { ...filter, sort };
  const after = cursor === undefined ? undefined : parseCursor(cursor, place, bound);
  const today = after?.today ?? new Date(now).toISOString().slice(0, 10);
  const where = wherePosition(filter, today);
  const { order, behind } = sort === "due" ? BY_DUE : BY_WORTH;
  const rows = await reader.ask(asker, {
    caller: "list-positions",
    sql: `SELECT order_line, supplier, company, item, toString(ordered_on) AS ordered_on, due_on, unit, currency,
        toString(open) AS open, toString(commitment) AS commitment, toString(uncleared) AS uncleared,
        toString(uncleared_worth) AS uncleared_worth, toString(short) AS short, is_unknown, site, toString(sorted) AS worth
      FROM (
        SELECT ${COLUMNS}, ${WORTH[filter.kind ?? "any"]} AS sorted, if(due_on = '', '${NEVER}', due_on) AS due
        FROM match_positions WHERE ${where.sql} GROUP BY ${COLUMNS} HAVING sum(results) > 0
      ) WHERE ${after ? behind : "1"}
      ORDER BY ${order} LIMIT {limit: UInt32}`,
    values: { ...where.values, limit: limit + 1, ...(after && toPlaceValues(after)) },
    row,
    timeoutSeconds: TIMEOUT_SECONDS,
  });
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map((found) => toPosition(found, today)),
    nextCursor: last ? toCursor(toPlace(last, today), bound) : null,
  };
}

const BY_WORTH = {
  order: "currency, sorted DESC, order_line",
  behind: `(currency > {placeCurrency: String} OR (currency = {placeCurrency: String}
    AND (sorted < {placeWorth: Decimal(76, 18)} OR (sorted = {placeWorth: Decimal(76, 18)} AND order_line > {placeOrder: String}))))`,
};
const BY_DUE = {
  order: "due, order_line",
  behind: "(due, order_line) > ({placeDue: String}, {placeOrder: String})",
};

function toPlace({ due_on: due, currency, worth, order_line: order }: Row, today: string): z.infer<typeof place> {
  return { today, due: due || NEVER, currency, worth, order };
}

function toPlaceValues({ due, currency, worth, order }: z.infer<typeof place>) {
  return { placeDue: due, placeCurrency: currency, placeWorth: worth, placeOrder: order };
}

function toPosition(found: Row, today: string): Position {
  const { order_line: order, unit, currency, due_on: dueOn } = found;
  const [open, commitment, uncleared, worth, short] = [
    found.open,
    found.commitment,
    found.uncleared,
    found.uncleared_worth,
    found.short,
  ].map((text) => parseRational(text) ?? ZERO);
  const toQuantity = (value = ZERO) => ({ value: formatDecimal(absolute(value)), unit });
  const toMoney = (value = ZERO) => ({ value: formatFixed(absolute(value), minorDigitsOf(currency)), currency });
  const isOwed = uncleared !== undefined && uncleared.numerator < 0n;
  const isOpen = open !== undefined && !isZero(open);
  const isUnreceived = uncleared !== undefined && uncleared.numerator > 0n;
  const unsettled = { quantity: toQuantity(uncleared), worth: toMoney(worth) };
  return {
    order,
    supplier: found.supplier,
    company: found.company,
    item: found.item,
    site: found.site,
    orderedOn: found.ordered_on,
    dueOn: dueOn === "" ? null : dueOn,
    isOverdue: isOpen && dueOn !== "" && dueOn < today,
    isKnown: found.is_unknown === 0,
    open: isOpen ? toQuantity(open) : null,
    commitment: isOpen || (commitment && !isZero(commitment)) ? toMoney(commitment) : null,
    owed: isOwed ? unsettled : null,
    unreceived: isUnreceived ? unsettled : null,
    short: short && !isZero(short) ? toQuantity(short) : null,
    href: toJourneyHref({ type: "purchase_order_line", id: order }),
    matchesHref: toHref("/matches", { order }),
  };
}
