import { z } from "zod";
import { ROW_KINDS } from "../reconciliations/checkpoints/checkpoint-rows.ts";
import type { CheckpointRowsQuery, KeptRow, KeptRowPage } from "../contract/checkpoint.ts";
import { toJourneyHref } from "../http/href.ts";
import { KEY_SEPARATOR } from "../projections/reconciliations/entry-key.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { whereGiven } from "./conditions.ts";
import { parseCursor, toCursor } from "./cursor.ts";

const PAGE = 50_000;

/** The text of all rows that a lock keeps, in their order. Whoever asks may see all of them. */
export async function listKeptBodies(
  reader: StoreReader,
  asker: Asker,
  { checkpoint, most }: { checkpoint: string; most: number },
): Promise<string[]> {
  const found: string[] = [];
  for (let from = 0; from < most; from += PAGE) {
    const rows = await reader.ask(asker, {
      caller: "list-kept-bodies",
      sql: `SELECT body FROM reconciliation_checkpoint_rows
        WHERE checkpoint = {checkpoint: String} AND ordinal >= {from: UInt32} AND ordinal < {until: UInt32}
        ORDER BY checkpoint, ordinal LIMIT 1 BY checkpoint, ordinal LIMIT ${PAGE}`,
      values: { checkpoint, from, until: from + PAGE },
      row: z.object({ body: z.string() }),
    });
    found.push(...rows.map(({ body }) => body));
  }
  return found;
}

const row = z.object({
  ordinal: z.int(),
  kind: z.enum(ROW_KINDS),
  unit: z.string(),
  site: z.string(),
  key: z.string(),
  side: z.string(),
  count: z.coerce.number(),
  signed: z.string(),
  unsigned: z.string(),
  class: z.string(),
  cause: z.string(),
  days: z.string(),
  body: z.string(),
});
const place = z.object({ ordinal: z.int() });

const CONDITIONS = {
  unit: "unit IN {unit: Array(String)}",
  kind: "kind IN {kind: Array(String)}",
  class: "class IN {class: Array(String)}",
  cause: "cause IN {cause: Array(String)}",
  days: "days IN {days: Array(String)}",
};

/** One page of the rows that a lock keeps, as far as the asker may see them. */
export async function listCheckpointRows(
  reader: StoreReader,
  asker: Asker,
  query: {
    checkpoint: string;
    /** The type of the object that keys begin with. */
    subjectType: string;
    filter: Pick<CheckpointRowsQuery, "unit" | "kind" | "class" | "cause" | "days">;
    limit: number;
    cursor: string | undefined;
  },
): Promise<KeptRowPage> {
  const { checkpoint, subjectType, filter, limit, cursor } = query;
  const filters = { ...filter, checkpoint };
  const after = cursor === undefined ? -1 : parseCursor(cursor, place, filters).ordinal;
  const where = whereGiven(CONDITIONS, filter);
  const rows = await reader.ask(asker, {
    caller: "list-checkpoint-rows",
    sql: `SELECT ordinal, kind, unit, site, key, side, items AS count, toString(value) AS signed, toString(gross) AS unsigned,
        class, cause, days, body
      FROM reconciliation_checkpoint_rows
      WHERE checkpoint = {checkpoint: String} AND ordinal > {after: Int64} AND ${where.sql}
      ORDER BY checkpoint, ordinal LIMIT 1 BY checkpoint, ordinal LIMIT {limit: UInt32}`,
    values: { checkpoint, after, limit: limit + 1, ...where.values },
    row,
  });
  const last = rows[limit - 1];
  const hasNext = rows.length > limit && last !== undefined;
  return {
    items: rows.slice(0, limit).map((found) => toKeptRow(found, subjectType)),
    nextCursor: hasNext ? toCursor({ ordinal: last.ordinal }, filters) : null,
  };
}

function toKeptRow({ key: text, signed, unsigned, ...same }: z.infer<typeof row>, type: string): KeptRow {
  const key = text === "" ? [] : text.split(KEY_SEPARATOR);
  const href = key[0] === undefined ? null : toJourneyHref({ type, id: key[0] });
  return { ...same, key, value: signed, gross: unsigned, href };
}
