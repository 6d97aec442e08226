import type { PositionKind, PositionsQuery } from "../contract/position.ts";
import { type Conditions, whereGiven } from "./conditions.ts";
import type { Sql } from "./newest-legs.ts";

export type PositionFilter = Pick<
  PositionsQuery,
  "kind" | "overdue" | "supplier" | "company" | "site" | "currency" | "q"
>;

/** What has something of a kind, by the columns of `match_positions`. */
export const IS_OF_KIND: Readonly<Record<PositionKind, string>> = {
  commitment: "(open > 0 OR commitment > 0)",
  owed: "uncleared < 0",
  unreceived: "uncleared > 0",
  short: "short > 0",
  unknown: "is_unknown = 1",
};
export const IS_OVERDUE = "(open > 0 AND due_on != '' AND due_on < {today: String})";

const CONDITIONS: Conditions<"supplier" | "company" | "site" | "currency" | "q"> = {
  supplier: "supplier IN {supplier: Array(String)}",
  company: "company IN {company: Array(String)}",
  site: "site IN {site: Array(String)}",
  currency: "currency IN {currency: Array(String)}",
  q: "positionCaseInsensitiveUTF8(order_line, {q: String}) > 0",
};

/** The condition of a row of `match_positions`; `today` is a day such as 2026-03-20. */
export function wherePosition({ kind, overdue, ...filter }: PositionFilter, today: string): Sql {
  const where = whereGiven(CONDITIONS, filter);
  const fits = [where.sql, ...(kind ? [IS_OF_KIND[kind]] : []), ...(overdue ? [IS_OVERDUE] : [])];
  return { sql: fits.join(" AND "), values: { ...where.values, today } };
}
