import type { Shelf, Site, Supplier } from "./catalogue.ts";
import type { Random } from "./random.ts";

/** One time below par, from the fall to the shelf being filled. */
export interface Replenishment {
  /** site / location / item / episode. */
  id: string;
  shelf: Shelf;
  random: Random;
  fellAt: number;
  /** Pieces on the shelf at the fall. */
  onHand: number;
  /** Order units to order. */
  packs: number;
  isCritical: boolean;
  /** Puts the goods on the shelf, which ends the episode; further times do nothing. */
  fill(now: number): void;
}

/** A request for goods that waits to become an order line. */
export interface Requisition {
  id: string;
  replenishment: Replenishment;
  supplier: Supplier;
  /** It goes to a supplier that does not deliver the item. */
  isMisdirected?: boolean;
  /** Called when its line was sent to the supplier. */
  onIssued?: (order: Order, line: OrderLine, now: number) => void;
}

export interface Order {
  id: string;
  site: Site;
  supplier: Supplier;
  isCritical: boolean;
  /** The order message: sender / interchange / group / set. */
  message: string;
  random: Random;
  lines: OrderLine[];
  /** Orders the line elsewhere. */
  reorder(requisition: Requisition, now: number): void;
}

export interface OrderLine {
  /** order / line. */
  id: string;
  requisition: Requisition;
  /** Ordered, in order units. */
  packs: number;
  /** Set by the first fault, so that no second one hides what the first is expected to show. */
  isStruck: boolean;
  /** Order units of which the bill has come; none unless given. */
  billedPacks?: number;
}

/** What of an order line comes with a shipment. */
export interface Parcel {
  line: OrderLine;
  packs: number;
  lot: string;
  postedAt: number | undefined;
}

export interface Shipment {
  /** supplier / number. */
  id: string;
  order: Order;
  parcels: Parcel[];
  shippedAt: number;
  arrivedAt: number;
}

/** Quantity of an order line's item in its order unit. */
export function toQuantity(line: OrderLine, packs: number): { value: string; unit: string } {
  return { value: String(packs), unit: line.requisition.replenishment.shelf.item.orderUnit };
}

/** Cents as an exact amount. */
export function toMoney(cents: number): { value: string; currency: string } {
  return { value: `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`, currency: "USD" };
}

/** How the flows call the importance of what is asked for. */
export function toCriticality(isCritical: boolean): "critical" | "routine" {
  return isCritical ? "critical" : "routine";
}
