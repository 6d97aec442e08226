import { z } from "zod";
import { text } from "./text.ts";

const flag = z.boolean().optional().catch(undefined);
const name = text(512, 1).optional().catch(undefined);
const day = z.iso.date().optional().catch(undefined);
/** A decimal as text, or a number as JSON writes it. */
const decimal = z
  .union([z.string(), z.number().transform(String)])
  .pipe(z.string().regex(/^\d{1,30}(\.\d{1,18})?$/))
  .optional()
  .catch(undefined);

/** The attributes by which an event states an order line. What cannot be read counts as not stated. */
export const orderAttributes = z
  .object({
    company: name,
    supplier_group: name,
    item_category: name,
    receipt_expected: flag,
    receipt_based_invoicing: flag,
    evaluated_receipt_settlement: flag,
    consignment: flag,
    over_delivery_percent: decimal,
    over_delivery_unlimited: flag,
    delivery_complete: flag,
    blanket_from: day,
    blanket_to: day,
    tax_percent: decimal,
    scheduled_on: day,
    requested_on: day,
    ordered_on: day,
  })
  .meta({ id: "OrderAttributes", description: "How an event states the terms of an order line." });

/** The attributes by which an event states a receipt. */
export const receiptAttributes = z
  .object({
    stock: z.enum(["free", "blocked"]).optional().catch(undefined),
    final: flag,
  })
  .meta({ id: "ReceiptAttributes", description: "How an event states a receipt." });

export const INVOICE_KINDS = ["invoice", "credit_memo", "subsequent_debit", "subsequent_credit"] as const;

/** The attributes by which an event states an invoice. */
export const invoiceAttributes = z
  .object({
    kind: z.enum(INVOICE_KINDS).optional().catch(undefined),
    document: name,
    company: name,
    reference: name,
    document_date: day,
    entry_date: day,
    due_date: day,
    discount_date: day,
    self_billed: flag,
  })
  .meta({ id: "InvoiceAttributes", description: "How an event states an invoice." });
export type InvoiceAttributes = z.infer<typeof invoiceAttributes>;

/** The attributes by which an event states units of an item or an agreed price. */
export const referenceAttributes = z
  .object({
    units: z.array(z.string()).max(64).optional().catch(undefined),
    effective_from: z.string().optional().catch(undefined),
    effective_to: z.string().optional().catch(undefined),
  })
  .meta({ id: "ReferenceAttributes", description: "How an event states units of an item or an agreed price." });

/** Interchanges that are only tried out; they never enter a figure. */
export const usage = z.enum(["production", "test", "training"]).optional().catch(undefined);
