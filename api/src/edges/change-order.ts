import { randomUUID } from "node:crypto";
import { isInScope } from "@throughline/schemas/access";
import { AppError } from "@throughline/schemas/error";
import type { EdgeOrder, NewEdgeOrder } from "../contract/edge.ts";
import type { CrosswalkContext } from "../crosswalks/crosswalk-context.ts";
import { listEdgeOrders, type OrderRow, orderRow, toEdgeOrder } from "../queries/list-edge-orders.ts";

const DAY_MS = 86_400_000;
const USUAL_DAYS = 7;
const MOST_DAYS = 30;

/** Records that an edge is to send something again. Throws `invalid_request`, and `forbidden` for a site of others. */
export async function giveOrder(context: CrosswalkContext, asked: NewEdgeOrder): Promise<EdgeOrder> {
  const { actor, now } = context;
  const { site = "", interface: name, target, reason, mappedAgain } = asked;
  if (!isInScope({ ...actor.scope, domains: "*" }, { site, domain: "" }))
    throw new AppError("forbidden", "An order may go only to where you may see: name a site of your own.");
  const expiresAt = asked.expiresAt === undefined ? now + USUAL_DAYS * DAY_MS : Date.parse(asked.expiresAt);
  const issues = [
    ...(expiresAt <= now ? [{ path: "/body/expiresAt", message: "must be later than now" }] : []),
    ...(expiresAt > now + MOST_DAYS * DAY_MS
      ? [{ path: "/body/expiresAt", message: `must be within ${MOST_DAYS} days` }]
      : []),
    ...(target.kind === "range" && Date.parse(target.to) <= Date.parse(target.from)
      ? [{ path: "/body/target/to", message: "must be later than `from`" }]
      : []),
  ];
  if (issues.length > 0) throw new AppError("invalid_request", "This order cannot be given.", { issues });
  const at = new Date(now).toISOString();
  const row: OrderRow = {
    id: randomUUID(),
    revision: 1,
    state: "ordered",
    interface: name,
    site,
    domain: "",
    target: JSON.stringify(target),
    revision_of: JSON.stringify(mappedAgain ?? null),
    reason,
    expires_at: new Date(expiresAt).toISOString(),
    ordered_at: at,
    ordered_by: actor.id,
    orderer: actor.name,
    at,
    actor: actor.id,
    actor_name: actor.name,
  };
  await record(context, "give", row);
  return toEdgeOrder(row, now);
}

/** Takes an order back that no edge has carried out yet. Throws `not_found`, and `conflict` where it is too late. */
export async function withdrawOrder(
  context: CrosswalkContext,
  { id, revision }: { id: string; revision: number },
): Promise<EdgeOrder> {
  const { reader, asker, actor, now } = context;
  const filter = { id: [id] };
  const { items, rows } = await listEdgeOrders(reader, asker, { filter, limit: 1, cursor: undefined, now });
  const [current, row] = [items[0], rows[0]];
  if (current === undefined || row === undefined) throw new AppError("not_found", `There is no order ${id}.`);
  if (current.state !== "ordered" || current.revision !== revision)
    throw new AppError("conflict", `It is ${current.state}; an edge may be at it already.`);
  const at = new Date(now).toISOString();
  const next: OrderRow = {
    ...orderRow.parse(row),
    revision: revision + 1,
    state: "withdrawn",
    at,
    actor: actor.id,
    actor_name: actor.name,
  };
  await record(context, "withdraw", next);
  return toEdgeOrder(next, now);
}

async function record(context: CrosswalkContext, verb: string, row: OrderRow): Promise<void> {
  const { append, audit, actor, requestId } = context;
  const { id, revision, interface: name, site, target, reason, expires_at: expiresAt } = row;
  const detail = { revision, interface: name, site, target, reason, expiresAt };
  await audit({ actor: actor.id, action: `edge_order.${verb}`, target: id, detail, requestId });
  await append("edge_orders", [{ ...row, request_id: requestId }], `edge_orders:${id}:${revision}`);
}
