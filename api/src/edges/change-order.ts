import { randomUUID } from "node:crypto";
import { isInScope } from "@throughline/schemas/access";
import { AppError } from "@throughline/schemas/error";
import { assertSecondPerson } from "../actions/second-person.ts";
import type { EdgeOrder, NewEdgeOrder, OrderVerb } from "../contract/edge.ts";
import type { CrosswalkContext } from "../crosswalks/crosswalk-context.ts";
import { listEdgeOrders, type OrderRow, orderRow, toEdgeOrder } from "../queries/list-edge-orders.ts";

const DAY_MS = 86_400_000;
const USUAL_DAYS = 7;
const MOST_DAYS = 30;

/** Records that an edge should send something again; none is told before another person approved it. Throws `invalid_request`, and `forbidden` for a site of others. */
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
    state: "proposed",
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
    decided_at: null,
    decided_by: "",
    decider: "",
    at,
    actor: actor.id,
    actor_name: actor.name,
    note: "",
  };
  await record(context, "propose", row);
  return toEdgeOrder(row);
}

/** From which states a verb leads where. */
const WAYS: Record<OrderVerb, { from: readonly EdgeOrder["state"][]; to: OrderRow["state"] }> = {
  approve: { from: ["proposed"], to: "ordered" },
  reject: { from: ["proposed"], to: "rejected" },
  withdraw: { from: ["proposed", "ordered"], to: "withdrawn" },
};

/**
 * Approves or rejects an order, or takes back one that no edge has yet. Throws `not_found`, `second_person_required` where who asked for it
 * decides as well, and `conflict` where it no longer stands as it was seen.
 */
export async function changeOrder(
  context: CrosswalkContext,
  { id, verb, revision, note }: { id: string; verb: OrderVerb; revision: number; note: string },
): Promise<EdgeOrder> {
  const { reader, asker, actor, now } = context;
  const filter = { id: [id] };
  const { items, rows } = await listEdgeOrders(reader, asker, { filter, limit: 1, cursor: undefined, now });
  const [current, row] = [items[0], rows[0]];
  if (current === undefined || row === undefined) throw new AppError("not_found", `There is no order ${id}.`);
  if (verb !== "withdraw") assertSecondPerson(actor, current.orderedBy.id, { verb, what: "an order" });
  if (!WAYS[verb].from.includes(current.state) || current.revision !== revision)
    throw new AppError("conflict", `It is ${current.state} by now. Read it again and decide then.`);
  const at = new Date(now).toISOString();
  const next: OrderRow = {
    ...orderRow.parse(row),
    revision: revision + 1,
    state: WAYS[verb].to,
    ...(verb !== "withdraw" && { decided_at: at, decided_by: actor.id, decider: actor.name }),
    at,
    actor: actor.id,
    actor_name: actor.name,
    note,
  };
  await record(context, verb, next);
  return toEdgeOrder(next);
}

async function record(context: CrosswalkContext, verb: string, row: OrderRow): Promise<void> {
  const { append, audit, actor, requestId } = context;
  const { id, revision, interface: name, site, target, reason, note, expires_at: expiresAt } = row;
  const detail = { revision, interface: name, site, target, reason, note, expiresAt };
  await audit({ actor: actor.id, action: `edge_order.${verb}`, target: id, detail, requestId });
  await append("edge_orders", [{ ...row, request_id: requestId }], `edge_orders:${id}:${revision}`);
}
