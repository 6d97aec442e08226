import { createTeller } from "../history.ts";

const portal = createTeller("/portal");
const erp = createTeller("/erp/group");
const edi = createTeller("/edi/NEWCO");

const accepted = { attributes: { transaction: "850" } };
const acknowledged = { attributes: { line_status: "IA" } };

const first = { supplier_request: "SR-1" };
const smooth = [
  portal("2026-03-02 09:00", "procurement.supplier.requested", first),
  portal("2026-03-06 15:00", "procurement.supplier.cleared", first),
  erp("2026-03-10 11:00", "erp.vendor.created", { ...first, supplier: "NEWCO" }),
  edi("2026-03-16 16:00", "supplier.connection.certified", { ...first, supplier_connection: "ZZ/NEWCOHLTH" }),
  portal("2026-03-18 09:00", "procurement.supplier.first_ordered", {
    ...first,
    purchase_order_line: "45001/10",
    message: "M/1",
  }),
  edi("2026-03-18 09:20", "supplier.message.accepted", { message: "M/1" }, accepted),
  edi("2026-03-18 11:00", "supplier.purchase_order.acknowledged", { purchase_order_line: "45001/10" }, acknowledged),
  // Later orders of the supplier are none of the onboarding's business.
  edi("2026-03-18 09:05", "supplier.message.accepted", { message: "M/9" }, accepted),
];

const second = { supplier_request: "SR-2" };
const held = [
  portal("2026-03-02 09:00", "procurement.supplier.requested", second),
  portal("2026-03-06 15:00", "procurement.supplier.cleared", second),
  erp("2026-03-09 11:00", "erp.vendor.created", second, { outcome: "rejected" }),
  erp("2026-03-11 11:00", "erp.vendor.created", second),
  edi("2026-03-16 16:00", "supplier.connection.certified", second),
  portal("2026-03-18 09:00", "procurement.supplier.first_ordered", {
    ...second,
    purchase_order_line: "45002/10",
    message: "M/2",
  }),
  edi("2026-03-24 08:00", "supplier.message.accepted", { message: "M/2" }, accepted),
  edi("2026-03-24 09:00", "supplier.purchase_order.acknowledged", { purchase_order_line: "45002/10" }, acknowledged),
];

export const suppliers = [...smooth, ...held];
