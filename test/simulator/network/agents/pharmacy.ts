import type { Shelf } from "../../catalogue.ts";
import { MINUTE, SECOND } from "../../demand.ts";
import { order as orderNote } from "../native/notes.ts";
import { readDispense, readGoodsMovement } from "../native/read-documents.ts";
import type { Behaviour, Desk } from "./agent.ts";
import { type World, toFirstStock, toIso, toShelfId } from "./world.ts";

interface Episode {
  /** site / location / item / number */
  id: string;
  packs: number;
  received: number;
}

interface Book {
  shelf: Shelf;
  onHand: number;
  episodes: number;
  open: Episode | undefined;
}

/** The pharmacy platform: it keeps the stock by what cabinets say, asks for what is below par, and has shelves filled. */
export function openPharmacy(desk: Desk, world: World): Behaviour {
  const books = new Map(
    world.catalogue.shelves.map((shelf): [string, Book] => [
      toShelfId(shelf),
      { shelf, onHand: toFirstStock(world, shelf), episodes: 0, open: undefined },
    ]),
  );
  const ordered = new Map<string, string>();
  let movements = 0;
  desk.at(desk.now() + SECOND, () => publishUnits(desk, world));
  const takeOut = (text: string) => {
    const { site, location, item, pieces, token } = readDispense(text);
    const book = books.get(`${site}/${location}/${item}`);
    if (book === undefined) return;
    book.onHand -= pieces;
    movements += 1;
    const id = `SM-${movements}`;
    desk.at(desk.now() + world.random(`decrement/${token}`).around(4, 9, 45) * SECOND, () => {
      say(desk, book.shelf, {
        verb: "decremented",
        objects: [
          ["dispense", `${site}/${token}`],
          ["stock_movement", id],
        ],
        pieces,
      });
      desk.send("erp", "movement", JSON.stringify({ id, site, item, pieces }));
    });
    if (book.onHand <= book.shelf.par && book.open === undefined) fall(desk, book);
  };
  const putIn = (text: string) => {
    const moved = readGoodsMovement(text);
    const replenishment = ordered.get(moved.orderLine);
    const book = [...books.values()].find(({ open }) => open !== undefined && open.id === replenishment);
    if (book?.open === undefined) return;
    refill(desk, world, { book, episode: book.open, packs: moved.packs, receipt: moved.receipt });
  };
  return {
    hear: ({ format, text }) => {
      if (format === "hl7v2") takeOut(text);
      else if (format === "idoc") putIn(text);
      else for (const { id, replenishment } of orderNote.parse(JSON.parse(text)).lines) ordered.set(id, replenishment);
    },
  };
}

/** What a unit of ordering holds, of each item that comes in packs, as each hospital has it in its crosswalk. */
function publishUnits(desk: Desk, { catalogue }: World) {
  const packed = catalogue.items.filter(({ packSize }) => packSize > 1);
  for (const site of catalogue.sites)
    for (const { id, orderUnit, packSize } of packed)
      utter(desk, {
        site: site.id,
        type: "pharmacy.crosswalk.published",
        objects: [["item", id]],
        data: { attributes: { units: [`1 ${orderUnit} = ${packSize} EA`] } },
      });
}

function fall(desk: Desk, book: Book) {
  const { shelf, onHand } = book;
  book.episodes += 1;
  const packs = Math.max(1, Math.ceil((shelf.capacity - onHand) / shelf.item.packSize));
  const id = `${toShelfId(shelf)}/${String(book.episodes).padStart(3, "0")}`;
  book.open = { id, packs, received: 0 };
  say(desk, shelf, { verb: "below_par", objects: [["replenishment", id]], pieces: onHand, measure: "on_hand" });
  desk.at(desk.now() + SECOND, () => ask(desk, { shelf, id, packs }));
}

/** Asks eProcurement until it takes the request; how long to wait it says itself. */
async function ask(desk: Desk, wanted: { shelf: Shelf; id: string; packs: number }): Promise<void> {
  const { shelf, id, packs } = wanted;
  const { site, location, item } = shelf;
  const body = JSON.stringify({
    replenishment: id,
    site: site.id,
    location,
    item: item.id,
    packs,
    isCritical: item.isCritical,
  });
  const { status, headers } = await desk.call("procurement-saas", { path: "/v1/below-par", body });
  if (status === 202) return;
  desk.at(desk.now() + Number(headers["retry-after"] ?? 60) * SECOND, () => ask(desk, wanted));
}

/** The technician carries what came to the shelf that waits for it. */
function refill(
  desk: Desk,
  world: World,
  { book, episode, packs, receipt }: { book: Book; episode: Episode; packs: number; receipt: string },
) {
  const { shelf } = book;
  const random = world.random(`refill/${receipt}`);
  const usualMs = (shelf.item.isCritical ? random.around(8, 18, 44) : random.around(18, 55, 170)) * MINUTE;
  const pieces = packs * shelf.item.packSize;
  desk.at(desk.now() + usualMs, () => {
    book.onHand += pieces;
    episode.received += packs;
    if (episode.received >= episode.packs) book.open = undefined;
    const replenishment = ["replenishment", episode.id] as const;
    say(desk, shelf, { verb: "refilled", objects: [replenishment, ["goods_receipt", receipt]], pieces });
    desk.send("cabinets", "goods", JSON.stringify({ shelf: toShelfId(shelf), pieces }));
    desk.at(desk.now() + random.around(0.5, 2, 6) * MINUTE, () =>
      say(desk, shelf, { verb: "available", objects: [replenishment], pieces: book.onHand, measure: "on_hand" }),
    );
  });
}

function say(
  desk: Desk,
  { site, location, item }: Shelf,
  told: { verb: string; objects: readonly (readonly [string, string])[]; pieces: number; measure?: string },
) {
  const place = [["item", item.id] as const, ["location", `${site.id}/${location}`] as const];
  utter(desk, {
    site: site.id,
    type: `pharmacy.stock.${told.verb}`,
    objects: [...told.objects, ...place],
    data: { measures: { [told.measure ?? "quantity"]: { value: String(told.pieces), unit: "EA" } } },
  });
}

function utter(
  desk: Desk,
  told: { site: string; type: string; objects: readonly (readonly [type: string, id: string])[]; data: object },
) {
  const { site, type, objects, data } = told;
  const source = `/cabinet/${site}`;
  const text = JSON.stringify({
    specversion: "1.0",
    id: `${toIso(desk.now())}/${type}/${objects[0]?.[1] ?? ""}`,
    source,
    type,
    site,
    time: toIso(desk.now()),
    data: { objects: objects.map(([name, id]) => ({ type: name, id })), ...data },
  });
  desk.say({ format: "sdk", text, source, objects });
}
