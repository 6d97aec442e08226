import type { CrosswalkEntry } from "@throughline/schemas/crosswalk-entry";
import type { Crosswalk } from "@throughline/schemas/pack/crosswalk";

export type CrosswalkResult = { kind: "found"; value: string } | { kind: "missing" };

/** The tables that translate what partners write. Where no table of a name is there, everything stays as it is. */
export interface CrosswalkSet {
  translate: (table: string, value: string, at: { time: string; site?: string | undefined }) => CrosswalkResult;
  /** True where a value would not be missing on some day at some site. */
  knows: (table: string, value: string) => boolean;
  /** True where an entry translates a value on some day at some site. */
  names: (table: string, value: string) => boolean;
}

interface Placed {
  entry: CrosswalkEntry;
  /** Which of several tables of one name it stands in; a later one goes before. */
  layer: number;
}

/**
 * Of several tables of one name the first says what becomes of unknown values, and later ones go before. Of several entries that hold
 * on a day the one for the interface and site goes before those for any, and then the one that began last. Two numberings that say
 * different things of one value say nothing.
 */
export function createCrosswalkSet(tables: readonly Crosswalk[], interfaceId?: string): CrosswalkSet {
  const indexes = new Map(
    [...Map.groupBy(tables, ({ name }) => name)].map(([name, layers]) => [
      name,
      { missing: layers[0]?.missing ?? "fail", entries: indexEntries(layers, interfaceId) },
    ]),
  );
  return {
    knows: (name, value) => {
      const index = indexes.get(name);
      return index === undefined || index.missing === "keep" || index.entries.has(value);
    },
    names: (name, value) => indexes.get(name)?.entries.has(value) ?? false,
    translate: (name, value, { time, site }) => {
      const index = indexes.get(name);
      if (index === undefined) return { kind: "found", value };
      const day = time.slice(0, 10);
      const held = (index.entries.get(value) ?? []).filter(
        ({ entry }) =>
          (entry.effectiveFrom ?? "") <= day &&
          day <= (entry.effectiveTo ?? "9999") &&
          (entry.site === undefined || entry.site === site),
      );
      const [best] = held;
      if (best === undefined) return index.missing === "keep" ? { kind: "found", value } : { kind: "missing" };
      const isClear = held.every((each) => each.entry.to === best.entry.to || !isRival(each, best));
      return isClear ? { kind: "found", value: best.entry.to } : { kind: "missing" };
    },
  };
}

/** By value, the ones that go before others first. */
function indexEntries(layers: readonly Crosswalk[], interfaceId: string | undefined): Map<string, Placed[]> {
  const system = layers.find((table) => table.system !== undefined)?.system;
  const placed = layers.flatMap(({ entries }, layer) =>
    entries
      .filter((entry) => entry.interface === undefined || entry.interface === interfaceId)
      .flatMap((entry) => toReadings(entry, system).map((reading) => ({ entry: reading, layer }))),
  );
  const byValue = Map.groupBy(placed, ({ entry }) => entry.from);
  for (const group of byValue.values())
    group.sort((a, b) => {
      const places = placesOf(b.entry) - placesOf(a.entry) || b.layer - a.layer;
      return places !== 0 ? places : (a.entry.effectiveFrom ?? "") < (b.entry.effectiveFrom ?? "") ? 1 : -1;
    });
  return byValue;
}

/** An entry as it is read towards a numbering: as it is written, the other way round, or not at all. */
function toReadings(entry: CrosswalkEntry, system: string | undefined): CrosswalkEntry[] {
  if (system === undefined || (entry.toSystem ?? system) === system) return [entry];
  if (entry.reversible !== true || entry.fromSystem !== system) return [];
  return [{ ...entry, from: entry.to, to: entry.from, fromSystem: entry.toSystem, toSystem: entry.fromSystem }];
}

function placesOf({ interface: name, site }: CrosswalkEntry): number {
  return (site === undefined ? 0 : 2) + (name === undefined ? 0 : 1);
}

/** As good a reading of the value, in another numbering. */
function isRival(each: Placed, best: Placed): boolean {
  return (
    placesOf(each.entry) === placesOf(best.entry) &&
    each.layer === best.layer &&
    each.entry.fromSystem !== best.entry.fromSystem
  );
}
