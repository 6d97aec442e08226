/** What a source sends: which type of events for which site; an empty site is group-wide. */
export interface CarriedType {
  source: string;
  type: string;
  site: string;
  domain: string;
}

/** Who can carry a milestone: the sources that ever sent one of its types. */
export interface Carriers {
  /** True when this was not known before. */
  add: (carried: CarriedType) => boolean;
  /**
   * The sources that sent any of the types for the site or group-wide; where there is none, all that sent them. Without a
   * site: for any that is not listed.
   */
  list: (types: readonly string[], site?: string) => readonly string[];
  /** The sites for which any of the types was sent. */
  listSites: (types: readonly string[]) => readonly string[];
  /** What a source ever sent, as `type\u0000site`, in order. */
  listTypes: (source: string) => readonly string[];
  /** The one site and the one domain of a source; empty when it has several or none. */
  findPlace: (source: string) => { site: string; domain: string };
}

interface Sender {
  types: Set<string>;
  sites: Set<string>;
  domains: Set<string>;
}

export function createCarriers(known: Iterable<CarriedType> = []): Carriers {
  const senders = new Map<string, Sender>();
  const byType = new Map<string, Map<string, Set<string>>>();
  const carriers: Carriers = {
    add: ({ source, type, site, domain }) => {
      const sender = senders.get(source) ?? { types: new Set(), sites: new Set(), domains: new Set() };
      const key = `${type}\u0000${site}\u0000${domain}`;
      if (sender.types.has(key)) return false;
      senders.set(source, sender);
      sender.types.add(key);
      sender.sites.add(site);
      sender.domains.add(domain);
      const bySite = byType.get(type) ?? new Map<string, Set<string>>();
      byType.set(type, bySite.set(site, (bySite.get(site) ?? new Set()).add(source)));
      return true;
    },
    list: (types, site = "") => {
      const own = types.flatMap((type) => [site, ""].flatMap((at) => [...(byType.get(type)?.get(at) ?? [])]));
      const all = () => types.flatMap((type) => [...(byType.get(type)?.values() ?? [])].flatMap((found) => [...found]));
      return [...new Set(own.length > 0 ? own : all())];
    },
    listSites: (types) => [...new Set(types.flatMap((type) => [...(byType.get(type)?.keys() ?? [])]))],
    listTypes: (source) =>
      [
        ...new Set([...(senders.get(source)?.types ?? [])].map((key) => key.slice(0, key.lastIndexOf("\u0000")))),
      ].toSorted(),
    findPlace: (source) => {
      const sender = senders.get(source);
      return { site: findOnly(sender?.sites), domain: findOnly(sender?.domains) };
    },
  };
  for (const carried of known) carriers.add(carried);
  return carriers;
}

function findOnly(names: ReadonlySet<string> | undefined): string {
  const [first = "", ...more] = names ?? [];
  return more.length === 0 ? first : "";
}
