import type { ProcurementSeat, Shortage } from "@throughline/api/contract";

/** The seats, in the order in which they are shown. */
export const SEATS = [
  { id: "pharmacy", title: "Pharmacy", domains: ["pharmacy"] },
  { id: "procurement", title: "Procurement", domains: ["procurement", "receiving"] },
  { id: "finance", title: "Finance", domains: ["erp"] },
] as const;

/** The seat of who sees only some domains; the first where all are seen. */
export function findOwnSeat(domains: "*" | readonly string[]): (typeof SEATS)[number]["id"] {
  if (domains === "*") return "pharmacy";
  return SEATS.find((seat) => seat.domains.some((domain) => domains.includes(domain)))?.id ?? "pharmacy";
}

/** A reason of the API as a sentence. */
export function sayReason(because: string): string {
  return `${because.slice(0, 1).toUpperCase()}${because.slice(1)}.`;
}

type Expected = NonNullable<Shortage["expected"]>;

const BASES: Record<Expected["basis"], string> = {
  receipt: "received, not on the shelf",
  ship_notice: "ship notice",
  acknowledgement: "supplier's answer",
  order: "order",
};

/** By what a day is said. */
export function sayBasis({ basis }: Expected): string {
  return BASES[basis];
}

/** Why nothing is expected, or how surely something is. */
export function explainExpected(shortage: Pick<Shortage, "expected" | "isOrdered">): string {
  const { expected, isOrdered } = shortage;
  if (expected?.basis === "receipt") return "The receipt is in the books; the shelf has not been filled.";
  if (expected !== null)
    return expected.isOver
      ? `It was to come on ${expected.on}, by the ${BASES[expected.basis]}, and did not.`
      : `By the ${BASES[expected.basis]}.`;
  if (isOrdered === null) return "Your key does not see orders.";
  return isOrdered ? "It is ordered; nobody has said for when." : "Nothing is ordered for it.";
}

/** What the list says where no day is known: how far the order has come. */
export function sayUnexpected({ isOrdered, orders }: Pick<Shortage, "isOrdered" | "orders">): string {
  if (isOrdered === null) return "not shown";
  if (!isOrdered) return "not ordered";
  if (orders.some(({ shipment }) => shipment !== null)) return "shipped, no day";
  return orders.some(({ lineStatus }) => lineStatus !== null) ? "answered, no day" : "ordered, no day";
}

const STAGE_TITLES: Record<ProcurementSeat["stages"][number]["stage"], string> = {
  confirmed: "Confirmed",
  shipped: "Shipped",
  received: "Received",
};

export function titleOfStage(stage: ProcurementSeat["stages"][number]["stage"]): string {
  return STAGE_TITLES[stage];
}
