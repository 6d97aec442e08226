import { SECOND } from "../../demand.ts";
import { type Order, order as orderNote } from "../native/notes.ts";
import { writeOrder } from "../native/write-x12.ts";
import type { Behaviour, Desk } from "./agent.ts";
import { type World, toIso } from "./world.ts";

/** The gateway to suppliers: orders leave as X12 850, those to a supplier whose certificate has expired when it is renewed. */
export function openPurchasing(desk: Desk, world: World): Behaviour {
  const controls = new Map<string, number>();
  const waiting = new Map<string, string[]>();
  const issue = (order: Order) => {
    const buyer = toBuyer(world, order.site);
    const control = (controls.get(buyer) ?? 0) + 1;
    controls.set(buyer, control);
    const text = writeOrder(order, { buyer, supplier: order.supplier, control, at: desk.now() });
    const objects = [
      ["purchase_order", order.id] as const,
      ...order.lines.map(({ id }) => ["purchase_order_line", id] as const),
    ];
    desk.say({ format: "x12", text, source: `/procurement/${order.site}`, objects }, ["suppliers"]);
  };
  for (const { id } of world.catalogue.suppliers) awaitRenewals(desk, world, { supplier: id, waiting });
  return {
    hear: ({ text }) => {
      const order = orderNote.parse(JSON.parse(text));
      const handledAt = desk.now() + world.random(`order/${order.id}`).around(20, 35, 90) * SECOND;
      const leavesAt = world.incident("outage", `/procurement/${order.site}`).postpone(handledAt);
      const expired = world.incident("expired-certificate", order.supplier).find(leavesAt);
      if (expired !== undefined)
        waiting.set(order.supplier, [...(waiting.get(order.supplier) ?? []), ...order.lines.map(({ id }) => id)]);
      desk.at(expired === undefined ? leavesAt : expired.end + 5 * SECOND, () => issue(order));
    },
  };
}

/** Sender of the EDI messages of a site. */
function toBuyer({ catalogue }: World, site: string): string {
  return catalogue.sites.find(({ id }) => id === site)?.sender ?? site;
}

function awaitRenewals(
  desk: Desk,
  world: World,
  { supplier, waiting }: { supplier: string; waiting: Map<string, string[]> },
) {
  const certificates = world.incident("expired-certificate", supplier);
  const expired = certificates.findNext(desk.now());
  if (expired === undefined) return;
  desk.at(expired.end, () => {
    const subject = { type: "interface", id: `CN=as2.${supplier.toLowerCase()}.example` };
    desk.note({
      kind: "expired-certificate",
      onset: toIso(expired.start),
      end: toIso(expired.end),
      objects: [subject, ...(waiting.get(supplier) ?? []).map((id) => ({ type: "purchase_order_line", id }))],
      events: [],
      expected: { finding: "Orders to the supplier wait." },
    });
    waiting.delete(supplier);
    awaitRenewals(desk, world, { supplier, waiting });
  });
}
