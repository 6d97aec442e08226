import { DAY, HOUR } from "./demand.ts";
import { type Order, type Parcel, toMoney, toQuantity } from "./documents.ts";
import type { Simulation } from "./simulation.ts";

const ASKED_EVERY = 2 * HOUR;
const ASKED_FOR = 30 * DAY;

/** One pack goes back to the supplier, who takes it back against the bill of all that was ordered, and credits it. */
export function returnGoods(
  simulation: Simulation,
  returned: { order: Order; parcel: Parcel },
  time: { returnedAt: number; creditedAt: number },
) {
  const { order, parcel } = returned;
  const { item } = parcel.line.requisition.replenishment.shelf;
  const id = `RET-${simulation.number("return", 4)}`;
  const memo = `${order.supplier.id}/CM-${simulation.number("credit", 4)}`;
  const sendBack = (now: number) => {
    if ((parcel.line.billedPacks ?? 0) < parcel.line.packs) {
      if (now < time.returnedAt + ASKED_FOR) simulation.schedule(now + ASKED_EVERY, sendBack);
      return;
    }
    simulation.send(now, {
      type: "receiving.return.sent",
      source: `/receiving/${order.site.id}`,
      site: order.site.id,
      objects: [
        ["purchase_order_line", parcel.line.id],
        ["return", id],
        ["item", item.id],
        ["lot", parcel.lot],
      ],
      measures: { quantity: toQuantity(parcel.line, 1) },
    });
    const creditedAt = now + time.creditedAt - time.returnedAt;
    simulation.schedule(simulation.outages("/erp/group").postpone(creditedAt), credit);
  };
  const credit = (now: number) =>
    simulation.send(now, {
      type: "erp.credit_memo.posted",
      source: "/erp/group",
      site: order.site.id,
      objects: [
        ["credit_memo", memo],
        ["return", id],
        ["purchase_order_line", parcel.line.id],
      ],
      measures: { quantity: toQuantity(parcel.line, 1), amount: toMoney(item.priceCents) },
    });
  simulation.schedule(time.returnedAt, sendBack);
}
