import { REPORT_KINDS, replayRevision, replayTarget } from "@throughline/schemas/way-back/manifest";
import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import { ORDER_STATES, type EdgeOrder, type EdgeOrderPage, type EdgeOrdersQuery } from "../contract/edge.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { type Conditions, toStoreTime, whereGiven } from "./conditions.ts";
import { parseCursor, toCursor } from "./cursor.ts";

type OrderFilter = Partial<Pick<EdgeOrdersQuery, "id" | "interface" | "site" | "state" | "q">>;

/** What an edge said of it counts before what became of it here. */
const STATE = `multiIf(said_kind = 'order_done', 'done', said_kind = 'order_refused', 'refused',
  state IN ('proposed', 'ordered') AND expires_at <= {now: DateTime64(3, 'UTC')}, 'expired',
  state = 'ordered' AND is_taken, 'fetched', state)`;

const CONDITIONS: Conditions<keyof OrderFilter> = {
  id: "id IN {id: Array(String)}",
  state: "stands IN {state: Array(String)}",
  interface: "interface IN {interface: Array(String)}",
  site: "site = '' OR site IN {site: Array(String)}",
  q: "positionCaseInsensitiveUTF8(concat(reason, ' ', interface, ' ', orderer, ' ', decider, ' ', edge), {q: String}) > 0",
};

/** A revision of an order as `edge_orders` holds it. */
export const orderRow = z.object({
  id: z.string(),
  revision: z.int(),
  state: z.enum(["proposed", "ordered", "rejected", "withdrawn"]),
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
  decided_at: instant.nullable(),
  decided_by: z.string(),
  decider: z.string(),
  at: instant,
  actor: z.string(),
  actor_name: z.string(),
  note: z.string(),
});
export type OrderRow = z.infer<typeof orderRow>;

const listedRow = orderRow.extend({
  stands: z.enum(ORDER_STATES),
  edge: z.string(),
  is_taken: z.number(),
  taken_at: instant,
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
    sql: `SELECT orders.*, edge, is_taken, taken_at, said_kind, said_at, said, documents, events, ${STATE} AS stands FROM (
        SELECT * EXCEPT (request_id) FROM edge_orders ORDER BY id, revision DESC, request_id LIMIT 1 BY id) AS orders
      LEFT JOIN (
        SELECT order_id AS id, argMin(edge, (kind = 'order_taken', at)) AS edge, max(kind = 'order_taken') AS is_taken, min(at) AS taken_at,
          argMinIf(kind, at, kind != 'order_taken') AS said_kind, minIf(at, kind != 'order_taken') AS said_at,
          argMinIf(reason, at, kind != 'order_taken') AS said, argMinIf(documents, at, kind != 'order_taken') AS documents,
          argMinIf(events, at, kind != 'order_taken') AS events
        FROM edge_reports WHERE order_id != '' GROUP BY id) AS reports USING (id)
      WHERE ${where.sql} ${after === undefined ? "" : `AND ${behind}`}
      ORDER BY ordered_at DESC, id
      LIMIT {limit: UInt32}`,
    values: {
      ...where.values,
      now: toStoreTime(now),
      limit: limit + 1,
      ...(after && { placeAt: toStoreTime(after.orderedAt), placeId: after.id }),
    },
    row: listedRow,
  });
  const items = rows.slice(0, limit).map(toEdgeOrder);
  const last = rows.length > limit ? items.at(-1) : undefined;
  const nextCursor = last ? toCursor({ orderedAt: last.orderedAt, id: last.id }, filter) : null;
  return { items, nextCursor, rows };
}

/** An order as it was just recorded, of which no edge can have said anything, or as it was listed. */
export function toEdgeOrder(row: OrderRow & Partial<ListedRow>): EdgeOrder {
  const { id, revision, interface: name, site, reason, note, edge = "", said_kind = "", said = "" } = row;
  return {
    id,
    revision,
    state: row.stands ?? row.state,
    interface: name,
    site,
    target: replayTarget.parse(JSON.parse(row.target)),
    mappedAgain: replayRevision.nullable().parse(JSON.parse(row.revision_of)),
    reason,
    expiresAt: row.expires_at,
    orderedAt: row.ordered_at,
    orderedBy: { id: row.ordered_by, name: row.orderer },
    decidedAt: row.decided_at,
    decidedBy: row.decided_at === null ? null : { id: row.decided_by, name: row.decider },
    note,
    fetchedAt: row.is_taken === 1 || said_kind !== "" ? (row.taken_at ?? null) : null,
    edge,
    saidAt: said_kind === "" ? null : (row.said_at ?? null),
    said,
    documents: row.documents ?? 0,
    events: row.events ?? 0,
  };
}
