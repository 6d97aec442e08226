import type { Pack } from "@throughline/schemas/pack/flow";
import { type CarriedType, createCarriers, type SuppliersOf } from "../projections/feeds/carriers.ts";

/** A leg as configured, with the types of the events that can end it. */
export interface LegEnd {
  flow: string;
  leg: string;
  types: readonly string[];
}

/** What tells places apart in the keys of a `BlindMap`; the store joins them in the same way. */
export const SEPARATOR = "\u001f";

/**
 * Which sources that are, or were, silent can carry the end of a leg. Legs that end by the same types of events are one
 * class; a place is looked up with its supplier first, then without, then the class for itself. Groups are numbered from 1 on;
 * 0 is that of no source.
 */
export interface BlindMap {
  /** By flow and leg, from 1 on. */
  classes: ReadonlyMap<string, number>;
  /** By class, site and supplier: where that differs from what is said of the site. */
  suppliers: ReadonlyMap<string, number>;
  /** By class and site. */
  sites: ReadonlyMap<string, number>;
  /** By class: what any other place has. */
  others: readonly number[];
  /** The silent sources of each group. */
  groups: readonly (readonly string[])[];
}

/** The legs of a pack with what can end each. */
export function listLegEnds(pack: Pick<Pack, "flows">): LegEnd[] {
  return [...pack.flows.values()].flatMap((flow) =>
    flow.legs.map((leg) => ({
      flow: flow.id,
      leg: leg.id,
      types: [...new Set((flow.milestones[leg.to]?.events ?? []).map(({ type }) => type))].toSorted(),
    })),
  );
}

export function toKey(...parts: readonly (string | number)[]): string {
  return parts.join(SEPARATOR);
}

/**
 * The places whose legs end by silent sources: where any source that can carry the end is silent. Legs lie at sites that
 * some source sent something for, so `carried` names all sites that there are; a supplier that it does not name is as one
 * that is not known.
 */
export function createBlindMap(
  ends: readonly LegEnd[],
  {
    carried,
    suppliersOf,
    silent,
  }: { carried: readonly CarriedType[]; suppliersOf: SuppliersOf; silent: ReadonlySet<string> },
): BlindMap {
  const carriers = createCarriers(carried, suppliersOf);
  const allSites = [...new Set(["", ...carried.map(({ site }) => site)])];
  const groups = createGroups();
  const classes = new Map<string, number>();
  const suppliers = new Map<string, number>();
  const sites = new Map<string, number>();
  let count = 0;
  for (const same of Map.groupBy(ends, ({ types }) => toKey(...types)).values()) {
    const types = same[0]?.types ?? [];
    if (!carriers.listAll(types).some((source) => silent.has(source))) continue;
    const id = ++count;
    for (const { flow, leg } of same) classes.set(toKey(flow, leg), id);
    const named = carriers.listSuppliers(types);
    const groupAt = (site: string, supplier: string) =>
      groups.idOf(carriers.list(types, { site, supplier }).filter((source) => silent.has(source)));
    for (const site of allSites) {
      const usual = groupAt(site, "");
      if (usual !== 0) sites.set(toKey(id, site), usual);
      for (const supplier of named) {
        const own = groupAt(site, supplier);
        if (own !== usual) suppliers.set(toKey(id, site, supplier), own);
      }
    }
  }
  return { classes, suppliers, sites, others: Array.from({ length: count }, () => 0), groups: groups.list() };
}

/** The same where suppliers are not told apart: what is silent for one at a site is for all there. */
export function joinSuppliers(map: BlindMap): BlindMap {
  const { sites, groups } = joinPlaces(map, (key) => key.split(SEPARATOR).slice(0, 2).join(SEPARATOR));
  return { ...map, suppliers: new Map(), sites, groups };
}

/** The same where no places are told apart. */
export function joinSites(map: BlindMap): BlindMap {
  const { sites, groups } = joinPlaces(map, (key) => key.split(SEPARATOR)[0] ?? "");
  const others = map.others.map((_, index) => sites.get(String(index + 1)) ?? 0);
  return { ...map, suppliers: new Map(), sites: new Map(), others, groups };
}

function joinPlaces(map: BlindMap, toPlace: (key: string) => string) {
  const sourcesAt = new Map<string, Set<string>>();
  for (const [key, group] of [...map.sites, ...map.suppliers]) {
    const at = sourcesAt.get(toPlace(key)) ?? new Set<string>();
    sourcesAt.set(toPlace(key), at);
    for (const source of map.groups[group - 1] ?? []) at.add(source);
  }
  const groups = createGroups();
  const sites = new Map([...sourcesAt].map(([key, sources]) => [key, groups.idOf([...sources].toSorted())]));
  return { sites, groups: groups.list() };
}

function createGroups() {
  const ids = new Map<string, number>();
  const groups: (readonly string[])[] = [];
  return {
    idOf: (sources: readonly string[]): number => {
      if (sources.length === 0) return 0;
      const key = toKey(...sources);
      const known = ids.get(key);
      if (known !== undefined) return known;
      groups.push(sources);
      ids.set(key, groups.length);
      return groups.length;
    },
    list: () => groups,
  };
}

/** The group of a leg; 0 where none of its sources is silent. As the store looks it up. */
export function findGroup(
  map: BlindMap,
  { flow, leg, site, supplier }: { flow: string; leg: string; site: string; supplier: string },
): number {
  const id = map.classes.get(toKey(flow, leg));
  if (id === undefined) return 0;
  return map.suppliers.get(toKey(id, site, supplier)) ?? map.sites.get(toKey(id, site)) ?? map.others[id - 1] ?? 0;
}
