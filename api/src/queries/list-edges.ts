import { REPORT_KINDS } from "@throughline/schemas/way-back/manifest";
import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { EdgePage, EdgesQuery } from "../contract/edge.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { whereGiven } from "./conditions.ts";
import { parseCursor, toCursor } from "./cursor.ts";

type EdgeFilter = Pick<EdgesQuery, "site">;

const edgeRow = z.object({
  edge: z.string(),
  site: z.string(),
  kind: z.enum(REPORT_KINDS),
  version: z.number(),
  reason: z.string(),
  last_at: instant,
});
const place = z.object({ edge: z.string() });

/** One page of the edges with what each said last of what is in force there, by name. */
export async function listEdges(
  reader: StoreReader,
  asker: Asker,
  { filter, limit, cursor }: { filter: EdgeFilter; limit: number; cursor: string | undefined },
): Promise<EdgePage> {
  const after = cursor === undefined ? undefined : parseCursor(cursor, place, filter);
  const where = whereGiven({ site: "site IN {site: Array(String)}" }, filter);
  const rows = await reader.ask(asker, {
    caller: "list-edges",
    sql: `SELECT edge, argMax(site, at) AS site, argMax(kind, at) AS kind, argMax(version, at) AS version,
        argMax(reason, at) AS reason, max(at) AS last_at
      FROM (SELECT * FROM edge_reports WHERE order_id = '' AND ${where.sql})
      GROUP BY edge HAVING edge > {after: String} ORDER BY edge LIMIT {limit: UInt32}`,
    values: { ...where.values, after: after?.edge ?? "", limit: limit + 1 },
    row: edgeRow,
  });
  const items = rows.slice(0, limit).map(({ last_at: at, ...row }) => ({ ...row, at }));
  const last = rows.length > limit ? items.at(-1) : undefined;
  return { items, nextCursor: last ? toCursor({ edge: last.edge }, filter) : null };
}
