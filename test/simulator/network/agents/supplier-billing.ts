import type { Item } from "../../catalogue.ts";
import { DEFECT_CODES, type InvoiceDefect } from "../../faults.ts";
import type { Random } from "../../random.ts";
import type { FaultRates } from "../../truth.ts";
import type { OrderRead } from "../native/read-documents.ts";
import type { Desk } from "./agent.ts";
import { toIso } from "./world.ts";

const OVER_SHARE = 0.2;

/** A part of an order line that leaves with a shipment. */
export interface Delivered {
  line: OrderRead["lines"][number];
  item: Item;
  packs: number;
  /** Beyond the usual time, in milliseconds. */
  extraMs: number;
  lot: string;
}

export interface BilledLine {
  parcel: Delivered;
  /** In the unit of the order. */
  quantity: number;
  priceCents: number;
  amountCents: number;
  defect: InvoiceDefect | undefined;
}

/** What a supplier bills for a parcel: what it shipped at the price of the order, unless something is wrong. */
export function toBilledLine({
  parcel,
  rates,
  random,
}: {
  parcel: Delivered;
  rates: FaultRates;
  random: Random;
}): BilledLine {
  const { packs, item, line } = parcel;
  const { priceCents } = line;
  const usual = { parcel, quantity: packs, priceCents, amountCents: packs * priceCents, defect: undefined };
  // A wrong unit bills the pieces as if they were packs; the amount stays right.
  if (item.packSize > 1 && random.isHit(rates.wrongUnit))
    return { ...usual, quantity: packs * item.packSize, defect: "wrong-unit" };
  if (random.isHit(rates.priceChange)) {
    const raised = Math.ceil(priceCents * random.between(1.03, 1.12));
    return { ...usual, priceCents: raised, amountCents: packs * raised, defect: "price-change" };
  }
  if (packs !== line.packs || !random.isHit(rates.overQuantity)) return usual;
  const quantity = packs + Math.ceil(packs * OVER_SHARE);
  return { ...usual, quantity, amountCents: quantity * priceCents, defect: "over-quantity" };
}

/** Notes a line that does not agree with its order, where one does not. */
export function noteDefect(desk: Desk, { order, invoice, line }: { order: string; invoice: string; line: BilledLine }) {
  const { defect, parcel } = line;
  if (defect === undefined) return;
  const { number } = parcel.line;
  desk.note({
    kind: defect,
    onset: toIso(desk.now()),
    end: null,
    objects: [
      { type: "purchase_order_line", id: `${order}/${number}` },
      { type: "invoice_line", id: `${invoice}/${number}` },
    ],
    events: [],
    expected: { finding: `The invoice line is blocked until a person releases it: ${DEFECT_CODES[defect]}.` },
  });
}
