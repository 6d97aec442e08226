import { REPORT_KINDS, replayRevision, replayTarget } from "@throughline/schemas/way-back/manifest";
import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { EdgeOrder, EdgeOrderPage, EdgeOrdersQuery } from "../contract/edge.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { type Conditions, toStoreTime, whereGiven } from "./conditions.ts";
import { parseCursor, toCursor } from "./cursor.ts";

interface OrderFilter extends Pick<EdgeOrdersQuery, "interface" | "site"> {
  id?: readonly string[];
}

const CONDITIONS: Conditions<keyof OrderFilter> = {
  id: "id IN {id: Array(String)}",
  interface: "interface IN {interface: Array(String)}",
  site: "site = '' OR site IN {site: Array(String)}",
};

/** A revision of an order as `edge_orders` holds it. */
export const orderRow = z.object({
  id: z.string(),
  revision: z.int(),
  state: z.enum(["ordered", "withdrawn"]),
  interface: z.string(),
  site: z.string(),
  domain: z.string(),
  target: z.string(),
  revision_of: z.string(),
  reason: z.string(),
  expires_at: instant,
  ordered_at: instant,
  ordered_by: z.string(),
  orderer: z.string(),
  at: instant,
  actor: z.string(),
  actor_name: z.string(),
});
export type OrderRow = z.infer<typeof orderRow>;

const listedRow = orderRow.extend({
  edge: z.string(),
  said_kind: z.union([z.enum(REPORT_KINDS), z.literal("")]),
  said_at: instant,
  said: z.string(),
  documents: z.int(),
  events: z.int(),
});
type ListedRow = z.infer<typeof listedRow>;

const place = z.object({ orderedAt: instant, id: z.string() });

/** One page of the orders with what came of each, last given first. */
export async function listEdgeOrders(
  reader: StoreReader,
  asker: Asker,
  asked: { filter: OrderFilter; limit: number; cursor: string | undefined; now: number },
): Promise<EdgeOrderPage & { rows: ListedRow[] }> {
  const { filter, limit, cursor, now } = asked;
  const after = cursor === undefined ? undefined : parseCursor(cursor, place, filter);
  const where = whereGiven(CONDITIONS, filter);
  const behind = `(ordered_at < {placeAt: DateTime64(3, 'UTC')} OR ordered_at = {placeAt: DateTime64(3, 'UTC')} AND id > {placeId: String})`;
  const rows = await reader.ask(asker, {
    caller: "list-edge-orders",
    sql: `SELECT orders.*, edge, said_kind, said_at, said, documents, events FROM (
        SELECT * EXCEPT (request_id) FROM edge_orders ORDER BY id, revision DESC, request_id LIMIT 1 BY id) AS orders
      LEFT JOIN (
        SELECT order_id AS id, argMin(edge, at) AS edge, argMin(kind, at) AS said_kind, min(at) AS said_at,
          argMin(reason, at) AS said, argMin(documents, at) AS documents, argMin(events, at) AS events
        FROM edge_reports WHERE order_id != '' GROUP BY id) AS reports USING (id)
      WHERE ${where.sql} ${after === undefined ? "" : `AND ${behind}`}
      ORDER BY ordered_at DESC, id
      LIMIT {limit: UInt32}`,
    values: {
      ...where.values,
      limit: limit + 1,
      ...(after && { placeAt: toStoreTime(after.orderedAt), placeId: after.id }),
    },
    row: listedRow,
  });
  const items = rows.slice(0, limit).map((row) => toEdgeOrder(row, now));
  const last = rows.length > limit ? items.at(-1) : undefined;
  const nextCursor = last ? toCursor({ orderedAt: last.orderedAt, id: last.id }, filter) : null;
  return { items, nextCursor, rows };
}

export function toEdgeOrder(row: OrderRow & Partial<ListedRow>, now: number): EdgeOrder {
  const { id, revision, interface: name, site, reason, edge = "", said_kind = "", said_at = null, said = "" } = row;
  return {
    id,
    revision,
    state: toState(row, now),
    interface: name,
    site,
    target: replayTarget.parse(JSON.parse(row.target)),
    mappedAgain: replayRevision.nullable().parse(JSON.parse(row.revision_of)),
    reason,
    expiresAt: row.expires_at,
    orderedAt: row.ordered_at,
    orderedBy: { id: row.ordered_by, name: row.orderer },
    edge,
    saidAt: said_kind === "" ? null : said_at,
    said,
    documents: row.documents ?? 0,
    events: row.events ?? 0,
  };
}

/** What an edge said of it counts before what became of it here. */
function toState({ state, said_kind, expires_at }: OrderRow & Partial<ListedRow>, now: number): EdgeOrder["state"] {
  if (said_kind === "order_done") return "done";
  if (said_kind === "order_refused") return "refused";
  return state === "ordered" && Date.parse(expires_at) <= now ? "expired" : state;
}
