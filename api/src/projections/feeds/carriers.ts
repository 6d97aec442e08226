/** What a source sends: which type of events for which site and supplier; an empty site is group-wide. */
export interface CarriedType {
  source: string;
  type: string;
  site: string;
  domain: string;
  /** Empty for events that name none; `MANY_SUPPLIERS` for those of a source that sends for too many to tell apart. */
  supplier: string;
}

/** A leg's place: where it is and whose deliveries it is about; empty where that is not known. */
export interface LegPlace {
  site: string;
  supplier: string;
}

/** Stands for all suppliers of a source that sends for more than `MAX_SUPPLIERS`. */
export const MANY_SUPPLIERS = "*";

/** A source that sends one type for one site for more suppliers than this is taken to send it for all. */
export const MAX_SUPPLIERS = 50;

/** The suppliers that configuration says a source sends for, and no others; undefined where it says nothing. */
export type SuppliersOf = (source: string) => readonly string[] | undefined;

/** Who can carry a milestone: the sources that ever sent one of its types. */
export interface Carriers {
  /** What of this was not known before, as it is to be kept; undefined for nothing. */
  add: (carried: CarriedType) => CarriedType | undefined;
  /**
   * The sources that can carry any of the types for a leg, in order. Where it is not known for whom they send there, all
   * that could: the same array of types is looked up fast.
   */
  list: (types: readonly string[], place?: LegPlace) => readonly string[];
  /** All that ever sent any of the types. */
  listAll: (types: readonly string[]) => readonly string[];
  /** The sites for which any of the types was sent. */
  listSites: (types: readonly string[]) => readonly string[];
  /** The suppliers that any source of the types is known by name to send for; any other is as one that is not known. */
  listSuppliers: (types: readonly string[]) => readonly string[];
  /** What a source ever sent, in order: `type\u0000site`, and where it is known for whom, behind it each supplier. */
  listTypes: (source: string) => readonly string[];
  /** All sources that ever sent something. */
  listSources: () => readonly string[];
  /** The one site and the one domain of a source; empty when it has several or none. */
  findPlace: (source: string) => { site: string; domain: string };
}

/** That a source sends some type for a site. */
interface Offer {
  source: string;
  site: string;
  /** Those that it names, and those that configuration does. */
  suppliers: Set<string>;
  /** True when it may be for any supplier. */
  isForAny: boolean;
  /** True when configuration says for whom it is. */
  isDeclared: boolean;
}

interface Sender {
  types: Set<string>;
  sites: Set<string>;
  domains: Set<string>;
}

/** What can be said of some types taken together. */
interface View {
  offers: readonly Offer[];
  bySite: ReadonlyMap<string, readonly Offer[]>;
  byName: ReadonlyMap<string, readonly Offer[]>;
  found: Map<string, readonly string[]>;
}

const ANYWHERE: LegPlace = { site: "", supplier: "" };
const UNDECLARED: SuppliersOf = () => undefined;

export function createCarriers(known: Iterable<CarriedType> = [], suppliersOf: SuppliersOf = UNDECLARED): Carriers {
  const senders = new Map<string, Sender>();
  const byType = new Map<string, Map<string, Offer>>();
  const kept = new Map<string, Set<string>>();
  let views = new WeakMap<readonly string[], View>();
  const viewOf = (types: readonly string[]): View => {
    const view = views.get(types) ?? createView(types.flatMap((type) => [...(byType.get(type)?.values() ?? [])]));
    views.set(types, view);
    return view;
  };
  const carriers: Carriers = {
    add: (carried) => {
      const supplier = keepSupplier(kept, carried);
      if (supplier === undefined) return undefined;
      const fresh = { ...carried, supplier };
      rememberSender(senders, fresh);
      addOffer(byType, fresh, suppliersOf(fresh.source));
      views = new WeakMap();
      return fresh;
    },
    list: (types, { site, supplier } = ANYWHERE) => {
      const view = viewOf(types);
      const named = view.byName.has(supplier) ? supplier : "";
      const key = `${site}\u0000${named}`;
      const found = view.found.get(key) ?? listSenders(view, { site, supplier: named });
      view.found.set(key, found);
      return found;
    },
    listAll: (types) => toSources(viewOf(types).offers),
    listSites: (types) => [...viewOf(types).bySite.keys()],
    listSuppliers: (types) => [...viewOf(types).byName.keys()],
    listTypes: (source) =>
      [...(senders.get(source)?.types ?? [])].toSorted().map((each) => {
        const [type = "", site = ""] = each.split("\u0000");
        const offer = byType.get(type)?.get(`${source}\u0000${site}`);
        return offer === undefined || offer.isForAny ? each : [each, ...[...offer.suppliers].toSorted()].join("\u0000");
      }),
    listSources: () => [...senders.keys()],
    findPlace: (source) => {
      const sender = senders.get(source);
      return { site: findOnly(sender?.sites), domain: findOnly(sender?.domains) };
    },
  };
  for (const carried of known) carriers.add(carried);
  return carriers;
}

/** The supplier under which something is kept that was not known yet; beyond the limit all are one. */
function keepSupplier(kept: Map<string, Set<string>>, carried: CarriedType): string | undefined {
  const { source, type, site, domain, supplier } = carried;
  const key = `${source}\u0000${type}\u0000${site}\u0000${domain}`;
  const known = kept.get(key);
  if (known === undefined) {
    kept.set(key, new Set([supplier]));
    return supplier;
  }
  if (known.has(supplier) || known.has(MANY_SUPPLIERS)) return undefined;
  const named = supplier !== "" && known.size >= MAX_SUPPLIERS ? MANY_SUPPLIERS : supplier;
  known.add(named);
  return named;
}

function rememberSender(senders: Map<string, Sender>, { source, type, site, domain }: CarriedType) {
  const sender = senders.get(source) ?? { types: new Set(), sites: new Set(), domains: new Set() };
  senders.set(source, sender);
  sender.types.add(`${type}\u0000${site}`);
  sender.sites.add(site);
  sender.domains.add(domain);
}

function addOffer(
  byType: Map<string, Map<string, Offer>>,
  { source, type, site, supplier }: CarriedType,
  declared: readonly string[] | undefined,
) {
  const offers = byType.get(type) ?? new Map<string, Offer>();
  byType.set(type, offers);
  const key = `${source}\u0000${site}`;
  const isDeclared = declared !== undefined;
  const offer = offers.get(key) ?? { source, site, suppliers: new Set(declared), isForAny: false, isDeclared };
  offers.set(key, offer);
  if (supplier === MANY_SUPPLIERS) offer.isForAny = true;
  else if (supplier === "") offer.isForAny ||= !isDeclared;
  else offer.suppliers.add(supplier);
}

function createView(offers: readonly Offer[]): View {
  const byName = new Map<string, Offer[]>();
  for (const offer of offers)
    for (const supplier of offer.suppliers) {
      const own = byName.get(supplier) ?? [];
      byName.set(supplier, own);
      own.push(offer);
    }
  return { offers, bySite: Map.groupBy(offers, ({ site }) => site), byName, found: new Map() };
}

/**
 * Those that sent for the site or group-wide; where there is none, all. Of a supplier that is known by name those that
 * sent for it or named nobody. Until one has named it there, everybody there may be who does, but who is said to send for
 * others only, and so may those that send for it elsewhere.
 */
function listSenders({ offers, bySite, byName }: View, { site, supplier }: LegPlace): readonly string[] {
  const here = [...new Set([site, ""])].flatMap((at) => bySite.get(at) ?? []);
  if (supplier === "") return toSources(here.length > 0 ? here : offers);
  const isNamed = ({ suppliers }: Offer) => suppliers.has(supplier);
  const isPossible = (offer: Offer) => offer.isForAny || isNamed(offer);
  if (here.some(isNamed)) return toSources(here.filter(isPossible));
  if (here.length === 0) return toSources(offers.filter(isPossible));
  const unsaid = here.filter((offer) => !offer.isDeclared || isPossible(offer));
  return toSources([...unsaid, ...(byName.get(supplier) ?? [])]);
}

function toSources(offers: readonly Offer[]): readonly string[] {
  return [...new Set(offers.map(({ source }) => source))].toSorted();
}

function findOnly(names: ReadonlySet<string> | undefined): string {
  const [first = "", ...more] = names ?? [];
  return more.length === 0 ? first : "";
}
