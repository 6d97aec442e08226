import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { ExcusePage, ExcusesQuery } from "../contract/excuse.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { type Conditions, toStoreTime, whereGiven } from "./conditions.ts";
import { parseCursor, toCursor } from "./cursor.ts";
import { EXCUSE_COLUMNS, excuseRow, toExcuse } from "./excuse-row.ts";

export type ExcuseFilter = Omit<ExcusesQuery, "limit" | "cursor" | "format">;

const CONDITIONS: Conditions<Exclude<keyof ExcuseFilter, "asOf">> = {
  kind: "kind IN {kind: Array(String)}",
  state: "state IN {state: Array(String)}",
  flow: "flow IN {flow: Array(String)}",
  leg: "leg IN {leg: Array(String)}",
  site: "site = '' OR site IN {site: Array(String)}",
  domain: "domain = '' OR domain IN {domain: Array(String)}",
  supplier: "supplier IN {supplier: Array(String)}",
  source: "source IN {source: Array(String)}",
  q: "positionCaseInsensitiveUTF8(reason, {q: String}) > 0",
  from: "until_at IS NULL OR until_at > {from: DateTime64(3, 'UTC')}",
  to: "from_at < {to: DateTime64(3, 'UTC')}",
};

const place = z.object({ requestedAt: instant, id: z.string() });

/** One page of the windows as they stood at a moment, last requested first. */
export async function listExcuses(
  reader: StoreReader,
  asker: Asker,
  { filter, limit, cursor }: { filter: ExcuseFilter; limit: number; cursor: string | undefined },
): Promise<ExcusePage> {
  const after = cursor === undefined ? undefined : parseCursor(cursor, place, filter);
  const { from, to, asOf } = filter;
  const where = whereGiven(CONDITIONS, { ...filter, from: from && toStoreTime(from), to: to && toStoreTime(to) });
  const behind = `(requested_at < {placeAt: DateTime64(3, 'UTC')}
    OR requested_at = {placeAt: DateTime64(3, 'UTC')} AND id > {placeId: String})`;
  const rows = await reader.ask(asker, {
    caller: "list-excuses",
    sql: `SELECT ${EXCUSE_COLUMNS} FROM (
        SELECT * FROM excuse_windows WHERE at <= {asOf: DateTime64(3, 'UTC')} ORDER BY id, version DESC LIMIT 1 BY id)
      WHERE ${where.sql} ${after === undefined ? "" : `AND ${behind}`}
      ORDER BY requested_at DESC, id
      LIMIT {limit: UInt32}`,
    values: {
      ...where.values,
      asOf: toStoreTime(asOf ?? "2199-12-31T00:00:00Z"),
      limit: limit + 1,
      ...(after && { placeAt: toStoreTime(after.requestedAt), placeId: after.id }),
    },
    row: excuseRow,
  });
  const items = rows.slice(0, limit).map(toExcuse);
  const last = items.at(-1);
  const next = rows.length > limit && last ? { requestedAt: last.requestedAt, id: last.id } : undefined;
  return { items, nextCursor: next ? toCursor(next, filter) : null };
}
