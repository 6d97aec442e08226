import type { Fact } from "../fact.ts";

/** What an event says to matching, by its type. Other types say nothing. */
const ROLES = {
  "procurement.purchase_order.created": "terms",
  "procurement.purchase_order.issued": "terms",
  "procurement.purchase_order.changed": "terms",
  "procurement.purchase_order.cancelled": "cancellation",
  "procurement.purchase_order.reactivated": "reactivation",
  "supplier.shipment.notified": "notice",
  "receiving.goods_receipt.recorded": "count",
  "erp.goods_receipt.posted": "receipt",
  "erp.goods_receipt.released": "release",
  "erp.goods_receipt.reversed": "reversal",
  "receiving.return.sent": "return",
  "erp.return.posted": "posted-return",
  "erp.return.reversed": "reversal",
  "erp.invoice.received": "invoice",
  "erp.invoice.posted": "posted-invoice",
  "erp.invoice.reversed": "reversal",
  "erp.subsequent_invoice.posted": "invoice",
  "erp.subsequent_invoice.reversed": "reversal",
  "erp.credit_memo.received": "invoice",
  "erp.credit_memo.posted": "posted-invoice",
  "erp.credit_memo.reversed": "reversal",
  "erp.item.changed": "units",
  "pharmacy.crosswalk.published": "units",
  "procurement.contract_price.signed": "price",
  "procurement.contract_price.withdrawn": "price-withdrawal",
} as const;

type TradeRole = (typeof ROLES)[keyof typeof ROLES];

const ROLE_OF: ReadonlyMap<string, TradeRole> = new Map(Object.entries(ROLES));

/** The types of events that say anything to matching. */
export const TRADE_TYPES: ReadonlySet<string> = new Set(ROLE_OF.keys());

export function roleOf({ type }: Pick<Fact, "type">): TradeRole | undefined {
  return ROLE_OF.get(type);
}

/** True for what states an order anew. */
export function isOrderChange({ type }: Pick<Fact, "type">): boolean {
  return type === "procurement.purchase_order.changed";
}

/** The milestones that a reversal may name instead of an event, by role. */
const MILESTONES: Partial<Record<TradeRole, readonly string[]>> = {
  notice: ["shipped"],
  count: ["received"],
  receipt: ["receipt-posted"],
  return: ["returned"],
  "posted-return": ["returned", "return-posted"],
  // Where the posting is not reported by itself, taking it back takes back what was received.
  invoice: ["invoice-received", "invoice-posted"],
  "posted-invoice": ["invoice-posted", "credited"],
};

const NONE: readonly string[] = [];

export function listMilestones(fact: Fact): readonly string[] {
  const role = roleOf(fact);
  return (role && MILESTONES[role]) ?? NONE;
}

/** The kind of document that a type stands for, unless the event says so itself. */
export function kindOfType(type: string): "invoice" | "credit_memo" | "subsequent_debit" {
  if (type.startsWith("erp.credit_memo.")) return "credit_memo";
  return type.startsWith("erp.subsequent_invoice.") ? "subsequent_debit" : "invoice";
}
