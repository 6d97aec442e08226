import { ITEM_FORMS, ITEM_NAMES, LOCATIONS, SITES, SUPPLIERS } from "./names.ts";
import { type Random, createRandom } from "./random.ts";

export interface Site {
  id: string;
  /** Sender of the site's EDI messages. */
  sender: string;
}

export interface Supplier {
  id: string;
  /** Hours from order to dock, least and most. */
  leadHours: readonly [number, number];
  /** Days after an invoice's posting at which it is due. */
  termDays: number;
  /** Share of order lines that are not in stock. */
  backorderShare: number;
}

export interface Item {
  /** NDC of 11 digits. */
  id: string;
  name: string;
  supplier: Supplier;
  /** Who delivers it when the usual supplier refuses. */
  alternative: Supplier;
  orderUnit: string;
  /** Pieces in one order unit. */
  packSize: number;
  /** Cents for one order unit. */
  priceCents: number;
  isCritical: boolean;
  isControlled: boolean;
}

/** An item kept at a location. Quantities in pieces. */
export interface Shelf {
  site: Site;
  location: string;
  item: Item;
  dailyUse: number;
  par: number;
  capacity: number;
}

export interface Catalogue {
  sites: Site[];
  suppliers: Supplier[];
  items: Item[];
  shelves: Shelf[];
}

/** Wholesalers are paid by the week, manufacturers by the month. */
const TERM_DAYS = [7, 10, 14, 30, 7, 30];

/** The hospitals, what they keep where, and who delivers it. */
export function createCatalogue(options: {
  seed: number;
  hospitals: number;
  suppliers: number;
  items: number;
}): Catalogue {
  const random = createRandom(options.seed, "catalogue");
  const sites = Array.from({ length: options.hospitals }, (_, index) => createSite(index));
  const suppliers = Array.from({ length: options.suppliers }, (_, index) => createSupplier(index, random));
  const items = Array.from({ length: options.items }, (_, index) => createItem(index, suppliers, random));
  const shelves = sites.flatMap((site) => items.flatMap((item) => createShelves(site, item, random)));
  return { sites, suppliers, items, shelves };
}

function createSite(index: number): Site {
  const id = SITES[index] ?? `site-${index + 1}`;
  return { id, sender: `${id.replaceAll("-", "").toUpperCase()}MED` };
}

function createSupplier(index: number, random: Random): Supplier {
  const soonest = random.between(4, 5.5);
  return {
    id: SUPPLIERS[index] ?? `SUPPLIER${index + 1}`,
    leadHours: [soonest, soonest + random.between(2.5, 4)],
    termDays: TERM_DAYS[index % TERM_DAYS.length] ?? 30,
    backorderShare: random.between(0.002, 0.01),
  };
}

function createItem(index: number, suppliers: Supplier[], random: Random): Item {
  const drug = ITEM_NAMES[index % ITEM_NAMES.length] ?? { name: "Item", isControlled: false };
  const form = ITEM_FORMS[Math.floor(index / ITEM_NAMES.length) % ITEM_FORMS.length] ?? "each";
  const packSize = random.pick([1, 5, 10, 10, 20, 24, 25]);
  const labeler = String(random.whole(2, 79_999)).padStart(5, "0");
  return {
    id: `${labeler}${String(index).padStart(4, "0")}${String(random.whole(1, 99)).padStart(2, "0")}`,
    name: `${drug.name} ${form}`,
    supplier: random.pick(suppliers),
    alternative: random.pick(suppliers),
    orderUnit: packSize === 1 ? "EA" : random.pick(["CS", "BX"]),
    packSize,
    priceCents: Math.round(Math.exp(random.between(Math.log(300), Math.log(60_000)))),
    isCritical: random.isHit(0.1),
    isControlled: drug.isControlled,
  };
}

function createShelves(site: Site, item: Item, random: Random): Shelf[] {
  const count = random.pick([1, 1, 2, 2, 2, 3, 3, 4]);
  const first = random.whole(0, LOCATIONS.length - 1);
  return Array.from({ length: count }, (_, index) => {
    const dailyUse = Math.exp(random.between(Math.log(4), Math.log(120)));
    const par = Math.ceil(dailyUse * random.between(1.6, 2.4));
    return {
      site,
      location: LOCATIONS[(first + index) % LOCATIONS.length] ?? "PHARM",
      item,
      dailyUse,
      par,
      capacity: par + Math.ceil(dailyUse * random.between(3.2, 5.6)) + item.packSize,
    };
  });
}
