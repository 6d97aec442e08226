import { z } from "zod";
import type { Shortage } from "../contract/seat.ts";
import { toJourneyHref } from "../http/href.ts";
import type { Asker, StoreReader } from "../queries/ask.ts";
import { type SupplyEvent, listSupplyEvents } from "../queries/list-supply-events.ts";

const BELOW_PAR = "pharmacy.stock.below_par";
const REQUESTED = "procurement.requisition.created";
const ORDERED = ["procurement.purchase_order.issued", "procurement.purchase_order.changed"];
const CANCELLED = "procurement.purchase_order.cancelled";
const REACTIVATED = "procurement.purchase_order.reactivated";
const ANSWERED = ["supplier.purchase_order.acknowledged", "supplier.purchase_order.change_acknowledged"];
const SHIPPED = "supplier.shipment.notified";
const RECEIVED = "erp.goods_receipt.posted";
const TAKEN_BACK = "erp.goods_receipt.reversed";

type Order = Shortage["orders"][number];

/** What is known of a shortage from the events that its reader may see. */
export interface Supply {
  item: string | null;
  location: string | null;
  onHand: Shortage["onHand"];
  par: Shortage["par"];
  orders: Order[];
}

/** Follows shortages to their order lines: over their requisitions, and what was said of the lines since. */
export async function readSupplies(
  reader: StoreReader,
  asker: Asker,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Supply>> {
  const list = (type: string, of: readonly string[], types: readonly string[]) =>
    of.length === 0
      ? []
      : listSupplyEvents(reader, asker, { objects: [...new Set(of)].map((id) => ({ type, id })), types });
  const began = await list("replenishment", ids, [BELOW_PAR, REQUESTED]);
  const requisitions = began.flatMap((event) => idsOf(event, "requisition"));
  const sent = await list("requisition", requisitions, ORDERED);
  const lines = sent.flatMap((event) => idsOf(event, "purchase_order_line"));
  const wholes = sent.flatMap((event) => idsOf(event, "purchase_order"));
  const [told, ended] = await Promise.all([
    list("purchase_order_line", lines, [
      ...ORDERED,
      CANCELLED,
      REACTIVATED,
      ...ANSWERED,
      SHIPPED,
      RECEIVED,
      TAKEN_BACK,
    ]),
    list("purchase_order", wholes, [CANCELLED, REACTIVATED]),
  ]);
  const toldOf = groupBy(told, "purchase_order_line");
  const endedOf = groupBy(ended, "purchase_order");
  const linesOf = new Map(
    [...groupBy(sent, "requisition")].map(([id, own]) => [
      id,
      [...new Set(own.flatMap((event) => idsOf(event, "purchase_order_line")))],
    ]),
  );
  const wholeOf = new Map(
    sent.flatMap((event) =>
      idsOf(event, "purchase_order_line").map((line) => [line, idsOf(event, "purchase_order")[0]]),
    ),
  );
  const beganOf = groupBy(began, "replenishment");
  return new Map(
    ids.map((id) => {
      const own = beganOf.get(id) ?? [];
      const asked = [...new Set(own.flatMap((event) => idsOf(event, "requisition")))];
      const ordered = [...new Set(asked.flatMap((requisition) => linesOf.get(requisition) ?? []))];
      const orders = ordered.flatMap((line) => {
        const whole = endedOf.get(wholeOf.get(line) ?? "")?.filter((event) => isOfWhole(event)) ?? [];
        return toOrder(
          line,
          [...(toldOf.get(line) ?? []), ...whole].toSorted((a, b) => (a.time < b.time ? -1 : 1)),
        );
      });
      return [id, toSupply(own, orders)];
    }),
  );
}

function toSupply(events: readonly SupplyEvent[], orders: Order[]): Supply {
  const fall = events.findLast(({ type }) => type === BELOW_PAR);
  const [item, location] = (["item", "location"] as const).map(
    (type) => events.flatMap((event) => idsOf(event, type))[0] ?? null,
  );
  return {
    item: item ?? null,
    location: location ?? null,
    onHand: findQuantity(fall, "on_hand"),
    par: findQuantity(fall, "par"),
    orders: orders.toSorted((a, b) => ((a.orderedAt ?? "") > (b.orderedAt ?? "") ? -1 : 1)),
  };
}

/** An order line as it stands after all that was said of it, in the order of time; none when it was cancelled. */
function toOrder(line: string, events: readonly SupplyEvent[]): Order[] {
  const isLast = (types: readonly string[]) => events.findLast(({ type }) => types.includes(type));
  if (isLast([CANCELLED, REACTIVATED])?.type === CANCELLED) return [];
  const terms = events.filter(({ type }) => ORDERED.includes(type));
  const answer = isLast(ANSWERED);
  const notice = isLast([SHIPPED]);
  const back = new Set(
    events.filter(({ type }) => type === TAKEN_BACK).flatMap((event) => idsOf(event, "goods_receipt")),
  );
  const receipt = events.find(
    (event) => event.type === RECEIVED && !idsOf(event, "goods_receipt").some((id) => back.has(id)),
  );
  const last = <Value>(pick: (event: SupplyEvent) => Value | null | undefined) =>
    terms.map(pick).findLast((value) => value !== null && value !== undefined) ?? null;
  return [
    {
      line,
      supplier: last((event) => idsOf(event, "supplier")[0]) ?? "",
      quantity: last((event) => findQuantity(event, "quantity")),
      orderedAt: terms[0]?.time ?? null,
      scheduledOn: last((event) => toDay(event.scheduled_on) ?? toDay(event.requested_on)),
      promisedOn: answer ? toDay(answer.promised_on) : null,
      lineStatus: answer?.line_status || null,
      shipment: (notice && idsOf(notice, "shipment")[0]) ?? null,
      shipsOn: notice ? toDay(notice.expected_on) : null,
      receivedAt: receipt?.time ?? null,
      href: toJourneyHref({ type: "purchase_order_line", id: line }),
    },
  ];
}

const REFUSED = new Set(["IR", "R1", "R2", "R3"]);

/** The day on which something is to come, by the surest statement of any order line; the earliest of equally sure ones. */
export function findExpected(orders: readonly Order[], today: string): Shortage["expected"] {
  const open = orders.filter(({ lineStatus, receivedAt }) => receivedAt !== null || !REFUSED.has(lineStatus ?? ""));
  const stated = [
    { basis: "receipt" as const, days: open.map(({ receivedAt }) => receivedAt?.slice(0, 10) ?? null) },
    { basis: "ship_notice" as const, days: open.map(({ shipsOn }) => shipsOn) },
    { basis: "acknowledgement" as const, days: open.map(({ promisedOn }) => promisedOn) },
    { basis: "order" as const, days: open.map(({ scheduledOn }) => scheduledOn) },
  ];
  for (const { basis, days } of stated) {
    const [on] = days.filter((day) => day !== null).toSorted();
    if (on !== undefined) return { on, basis, isOver: basis !== "receipt" && on < today };
  }
  return null;
}

function groupBy(events: readonly SupplyEvent[], type: string): ReadonlyMap<string, SupplyEvent[]> {
  const groups = new Map<string, SupplyEvent[]>();
  for (const event of events)
    for (const id of new Set(idsOf(event, type))) groups.set(id, [...(groups.get(id) ?? []), event]);
  return groups;
}

function idsOf({ objects }: SupplyEvent, type: string): string[] {
  return objects.flatMap(([name, id]) => (name === type ? [id] : []));
}

/** It ends the whole order, and no line of it. */
function isOfWhole(event: SupplyEvent): boolean {
  return idsOf(event, "purchase_order_line").length === 0;
}

function findQuantity(event: SupplyEvent | undefined, name: string): { value: string; unit: string } | null {
  const found = event?.measures.find((measure) => measure[0] === name);
  return found === undefined || found[2] === "" ? null : { value: found[1], unit: found[2] };
}

const day = z.iso.date();

function toDay(text: string): string | null {
  return day.safeParse(text).success ? text : null;
}
