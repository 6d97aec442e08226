import { absolute, formatDecimal, parseRational, subtract, ZERO } from "@throughline/schemas/exact/rational";
import { z } from "zod";
import type { LateChange, LateChangePage, LateChangesQuery } from "../contract/checkpoint.ts";
import { toJourneyHref } from "../http/href.ts";
import { parseIdentity } from "../projections/fact.ts";
import { SIDES } from "../projections/reconciliations/entry.ts";
import { KEY_SEPARATOR } from "../projections/reconciliations/entry-key.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { whereGiven } from "./conditions.ts";
import { parseCursor, toCursor } from "./cursor.ts";
import { type OpenItemsAt, selectOpenItems, toOpenItemValues } from "./open-items.ts";

const row = z.object({
  unit: z.string(),
  key: z.string(),
  side: z.enum(SIDES),
  item: z.string(),
  site: z.string(),
  kept: z.coerce.number(),
  open: z.coerce.number(),
  locked: z.string(),
  known: z.string(),
});
const place = z.object({ unit: z.string(), key: z.string(), side: z.string(), item: z.string() });

/** One page of the items that were open at a locked cut-off and are known otherwise now, by key. */
export async function listLateChanges(
  reader: StoreReader,
  asker: Asker,
  query: {
    checkpoint: string;
    at: OpenItemsAt;
    filter: Pick<LateChangesQuery, "unit">;
    limit: number;
    cursor: string | undefined;
  },
): Promise<LateChangePage> {
  const { checkpoint, at, filter, limit, cursor } = query;
  const filters = { ...filter, checkpoint, known: at.known };
  const after = cursor === undefined ? undefined : parseCursor(cursor, place, filters);
  const where = whereGiven({ unit: "unit IN {unit: Array(String)}" }, filter);
  const behind =
    "(unit, key, side, item) > ({placeUnit: String}, {placeKey: String}, {placeSide: String}, {placeItem: String})";
  const rows = await reader.ask(asker, {
    caller: "list-late-changes",
    sql: `SELECT unit, key, side, item, max(of_site) AS site, sum(is_kept) AS kept, sum(is_open) AS open,
        toString(sum(if(is_kept = 1, amount, 0))) AS locked, toString(sum(if(is_open = 1, amount, 0))) AS known
      FROM (
        SELECT unit, key, side, item, site AS of_site, 1 AS is_kept, 0 AS is_open, value AS amount FROM (
          SELECT * FROM reconciliation_checkpoint_rows WHERE checkpoint = {checkpoint: String} AND kind = 'open'
          ORDER BY checkpoint, ordinal LIMIT 1 BY checkpoint, ordinal)
        UNION ALL
        SELECT unit, key, side, item, site AS of_site, 0 AS is_kept, 1 AS is_open, value AS amount FROM (${selectOpenItems(at)}))
      WHERE ${where.sql} ${after ? `AND ${behind}` : ""}
      GROUP BY unit, key, side, item HAVING kept != open OR locked != known
      ORDER BY unit, key, side, item LIMIT {limit: UInt32}`,
    values: {
      ...toOpenItemValues(at),
      ...where.values,
      checkpoint,
      limit: limit + 1,
      ...(after && { placeUnit: after.unit, placeKey: after.key, placeSide: after.side, placeItem: after.item }),
    },
    row,
  });
  const last = rows[limit - 1];
  const hasNext = rows.length > limit && last !== undefined;
  const { subjectType } = at.model;
  return {
    items: rows.slice(0, limit).map((found) => toLateChange(found, { checkpoint, subjectType })),
    nextCursor: hasNext
      ? toCursor({ unit: last.unit, key: last.key, side: last.side, item: last.item }, filters)
      : null,
  };
}

function toLateChange(
  found: z.infer<typeof row>,
  { checkpoint, subjectType }: { checkpoint: string; subjectType: string },
): LateChange {
  const { unit, side, site, kept, open } = found;
  const [locked, known] = [parseRational(found.locked) ?? ZERO, parseRational(found.known) ?? ZERO];
  const key = found.key.split(KEY_SEPARATOR);
  return {
    checkpoint,
    unit,
    key,
    side,
    ...parseIdentity(found.item),
    locked: kept === 0 ? null : formatDecimal(locked),
    known: open === 0 ? null : formatDecimal(known),
    count: open - kept,
    gross: formatDecimal(subtract(absolute(known), absolute(locked))),
    net: formatDecimal(subtract(known, locked)),
    site,
    href: toJourneyHref({ type: subjectType, id: key[0] ?? "" }),
  };
}
