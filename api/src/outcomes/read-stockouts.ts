import { type StatedEvent, listStatedEvents } from "../queries/list-stated-events.ts";
import { type Cases, type Excluded, type NotMeasurable, type Sample } from "./cases.ts";
import { type StockHistory, type StockStatement, foldStock } from "./fold-stock.ts";
import { idOf, listFirstLines } from "./first-lines.ts";
import { type OutcomeContext, TOO_MANY, findMissing } from "./outcome-figure.ts";

const DAY_MS = 86_400_000;
/** How far back statements of stock count: what was not heard of for longer is not known to be stocked. */
export const STOCK_BACK_MS = 90 * DAY_MS;
export const STATING = ["pharmacy.stock.below_par", "pharmacy.stock.available", "pharmacy.stock.counted"];
export const REQUESTED = "procurement.requisition.created";
export const ISSUED = "procurement.purchase_order.issued";
/** Why order lines are left out. */
export const ORDER_REASONS = {
  unplaced: "no requisition says for which location it was ordered",
  unstated: "nobody had stated how much was on hand there",
} as const;

interface Place {
  item: string;
  location: string;
}

/** Order lines that were sent while their item was out at the location that they are for. */
export async function readOutOrders(context: OutcomeContext): Promise<Cases | NotMeasurable> {
  const missing = findMissing(context.carried, [REQUESTED, ISSUED]) ?? findUnstated(context);
  if (missing) return missing;
  const [stock, requested, issued] = await Promise.all([
    readStock(context),
    list(context, [REQUESTED], STOCK_BACK_MS),
    list(context, [ISSUED], 0),
  ]);
  if (stock === undefined || requested === undefined || issued === undefined) return TOO_MANY;
  const places = findPlaces(requested);
  const cases: Cases = { counted: [], excluded: [], open: [] };
  for (const { event, line, requisition } of listFirstLines(issued)) {
    const judged = judgeLine(event, { line, place: places.get(requisition ?? ""), stock });
    if ("reason" in judged) cases.excluded.push(judged);
    else cases.counted.push(judged);
  }
  return cases;
}

/** Hours in which an item was out at a location that stocks it. */
export async function readOutHours(context: OutcomeContext): Promise<Cases | NotMeasurable> {
  const missing = findUnstated(context);
  if (missing) return missing;
  const stock = await readStock(context);
  if (stock === undefined) return TOO_MANY;
  const counted = [...stock.values()].flatMap(({ place, site, history }) =>
    context.windows.flatMap((window): Sample[] => {
      const { stockedMs, outMs } = history.measure(window);
      if (stockedMs === 0) return [];
      const object = { type: "item", id: place.item };
      return [
        {
          at: window.from,
          key: toPlaceKey(place),
          object,
          site,
          supplier: "",
          note: place.location,
          part: outMs,
          whole: stockedMs,
        },
      ];
    }),
  );
  return { counted, excluded: [], open: [] };
}

function findUnstated({ carried }: OutcomeContext): NotMeasurable | undefined {
  if (STATING.some((type) => carried.has(type))) return undefined;
  return { because: `no source states how much is on hand (${STATING.join(", ")})` };
}

/** For which place each requisition was: the one that was said last, of the same moment the greatest. */
function findPlaces(requested: readonly StatedEvent[]): ReadonlyMap<string, Place> {
  const found = new Map<string, { at: number; place: Place }>();
  for (const event of requested) {
    const [id, place] = [idOf(event, "requisition"), findPlace(event)];
    if (id === undefined || place === undefined) continue;
    const known = found.get(id);
    const isEarlier = known !== undefined && event.at === known.at && toPlaceKey(place) < toPlaceKey(known.place);
    if (!isEarlier) found.set(id, { at: event.at, place });
  }
  return new Map([...found].map(([id, { place }]) => [id, place]));
}

function judgeLine(
  event: StatedEvent,
  { line, place, stock }: { line: string; place: Place | undefined; stock: ReadonlyMap<string, StockAt> },
): Sample | Excluded {
  const object = { type: "purchase_order_line", id: line };
  const note = place === undefined ? "" : `${place.item} at ${place.location}`;
  const one = { at: event.at, key: line, object, site: event.site, supplier: idOf(event, "supplier") ?? "", note };
  if (place === undefined) return { ...one, reason: ORDER_REASONS.unplaced };
  const isOut = stock.get(toPlaceKey(place))?.history.isOutAt(event.at);
  if (isOut === undefined) return { ...one, reason: ORDER_REASONS.unstated };
  return { ...one, part: isOut ? 1 : 0, whole: 1 };
}

interface StockAt {
  place: Place;
  site: string;
  history: StockHistory;
}

/** What was stated of each item at each location; undefined when that is too much. */
async function readStock(context: OutcomeContext): Promise<Map<string, StockAt> | undefined> {
  const events = await list(context, STATING, STOCK_BACK_MS);
  if (events === undefined) return undefined;
  const places = new Map<string, { place: Place; site: string; statements: StockStatement[] }>();
  for (const event of events) {
    const place = findPlace(event);
    const onHand = event.measures.find(([name]) => name === "on_hand")?.[1];
    if (place === undefined || onHand === undefined) continue;
    const known = places.get(toPlaceKey(place)) ?? { place, site: event.site, statements: [] };
    known.statements.push({ at: event.at, isOut: !(Number(onHand) > 0) });
    places.set(toPlaceKey(place), known);
  }
  return new Map(
    [...places].map(([key, { place, site, statements }]) => [key, { place, site, history: foldStock(statements) }]),
  );
}

function list(
  { reader, asker, span, sites, asOf, most }: OutcomeContext,
  types: readonly string[],
  lookBackMs: number,
) {
  return listStatedEvents(reader, asker, {
    types,
    from: span.from - lookBackMs,
    to: span.to,
    sites,
    asOf,
    most,
  });
}

function findPlace(event: StatedEvent): Place | undefined {
  const [item, location] = [idOf(event, "item"), idOf(event, "location")];
  return item === undefined || location === undefined ? undefined : { item, location };
}

function toPlaceKey({ item, location }: Place): string {
  return `${location}\u0000${item}`;
}
