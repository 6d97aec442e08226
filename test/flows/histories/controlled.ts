import { containers, createTeller } from "../history.ts";

const pharmacy = createTeller("/csos/north");
const supplier = createTeller("/edi/CARDINAL");
const vault = createTeller("/receiving/north");

const toOrder = (order: string) => ({ controlled_order: `AB1234563/${order}`, supplier: "CARDINAL" });
const toLine = (order: string) => ({ controlled_order_line: `AB1234563/${order}/1` });
const electronic = { form: "electronic" };
const paper = { form: "paper" };

function sign(local: string, order: string, attributes: Record<string, string> = electronic) {
  const content = { attributes, measures: containers("10") };
  return pharmacy(local, "pharmacy.controlled_order.signed", { ...toLine(order), ...toOrder(order) }, content);
}

function ship(local: string, order: string, content: { form: string; final: boolean; count: string }) {
  const { form, final, count } = content;
  const attributes = { form, final };
  return supplier(local, "supplier.controlled_order.shipped", toLine(order), {
    attributes,
    measures: containers(count),
  });
}

const verify = (local: string, order: string) => supplier(local, "supplier.controlled_order.verified", toOrder(order));
const report = (local: string, order: string) => supplier(local, "supplier.controlled_order.reported", toOrder(order));

/** Two shipments, the last one on a Friday. */
const inParts = [
  sign("2026-03-02 09:00", "26X004711"),
  verify("2026-03-02 10:30", "26X004711"),
  ship("2026-03-03 15:00", "26X004711", { ...electronic, final: false, count: "6" }),
  vault("2026-03-04 10:00", "receiving.controlled_order.received", toLine("26X004711")),
  pharmacy("2026-03-05 09:00", "pharmacy.controlled_receipt.linked", toLine("26X004711")),
  ship("2026-03-06 15:00", "26X004711", { ...electronic, final: true, count: "4" }),
  report("2026-03-10 17:00", "26X004711"),
];

const reportedLate = [
  sign("2026-03-05 09:00", "26X004712"),
  verify("2026-03-05 10:30", "26X004712"),
  ship("2026-03-06 15:00", "26X004712", { ...electronic, final: true, count: "10" }),
  report("2026-03-11 00:30", "26X004712"),
];

const revoked = [
  sign("2026-03-02 09:00", "26X004713"),
  supplier("2026-03-02 10:00", "supplier.controlled_order.verified", toOrder("26X004713"), { outcome: "rejected" }),
];

const cancelled = [
  sign("2026-03-02 09:00", "26X004714"),
  verify("2026-03-02 10:00", "26X004714"),
  pharmacy("2026-03-02 10:05", "pharmacy.controlled_order.cancelled", toLine("26X004714")),
];

/** Half of a paper order never came, and nobody tied the other half to it. */
const shortShipped = [
  sign("2026-03-31 09:00", "190012345", paper),
  verify("2026-04-02 10:00", "190012345"),
  ship("2026-04-03 10:00", "190012345", { ...paper, final: false, count: "5" }),
  vault("2026-04-06 10:00", "receiving.controlled_order.received", toLine("190012345")),
  supplier("2026-05-31 00:05", "supplier.controlled_order.expired", toLine("190012345"), { attributes: paper }),
  supplier("2026-05-31 18:00", "supplier.controlled_order.copy_forwarded", toOrder("190012345")),
];

const toCase = (number: number) => ({ loss_case: `north/L-${number}` });

const losses = [
  pharmacy("2026-03-06 16:00", "pharmacy.controlled_loss.discovered", toCase(1)),
  pharmacy("2026-03-09 10:00", "pharmacy.controlled_loss.notified", toCase(1)),
  pharmacy("2026-04-21 00:10", "pharmacy.controlled_loss.reported", toCase(1)),
  pharmacy("2026-06-01 08:00", "pharmacy.controlled_loss.discovered", toCase(2)),
  pharmacy("2026-06-04 08:00", "pharmacy.controlled_loss.notified", toCase(2)),
  pharmacy("2026-03-06 16:00", "pharmacy.controlled_loss.discovered", toCase(3)),
  pharmacy("2026-03-06 18:30", "pharmacy.controlled_loss.explained", toCase(3)),
];

export const controlled = [inParts, reportedLate, revoked, cancelled, shortShipped, losses].flat();
