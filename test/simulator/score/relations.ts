import type { Event } from "@throughline/schemas/event";

/** Objects that so many documents name that they connect nothing. */
const HUBS = new Set([
  "item",
  "location",
  "supplier",
  "site",
  "contract",
  "lot",
  "payment",
  "posting_batch",
  "journal_entry",
  "period",
]);

/** Which documents were named together, as the network itself knows it. */
export interface Relations {
  add(event: Event): void;
  /** The ids and those that were named beside them, over so many steps. */
  near(ids: Iterable<string>, steps: number): ReadonlySet<string>;
  /** Everything that an event of a source named which happened in a time. */
  ofSource(source: string, from: number, until: number): ReadonlySet<string>;
  idsOf(event: { source: string; id: string }): readonly string[];
}

/** What is on a place of one item, of which counts speak. */
export function toShelf(location: string | undefined, item: string | undefined): string {
  return `${location} ${item}`;
}

export function createRelations(): Relations {
  const beside = new Map<string, Set<string>>();
  const bySource = new Map<string, { at: number; ids: string[] }[]>();
  const byEvent = new Map<string, string[]>();
  return {
    add: (event) => {
      const data = typeof event.data === "object" && event.data !== null ? event.data : {};
      const objects = data.objects ?? [];
      const idOf = (wanted: string) => objects.find(({ type }) => type === wanted)?.id;
      const shelf = idOf("location") && idOf("item") ? [toShelf(idOf("location"), idOf("item"))] : [];
      const ids = [...objects.filter(({ type }) => !HUBS.has(type)).map(({ id }) => id), ...shelf];
      byEvent.set(`${event.source} ${event.id}`, ids);
      const told = bySource.get(event.source) ?? [];
      bySource.set(event.source, told);
      told.push({ at: Date.parse(event.time ?? ""), ids });
      for (const id of ids) {
        const known = beside.get(id) ?? new Set();
        beside.set(id, known);
        for (const other of ids) known.add(other);
      }
    },
    near: (ids, steps) => {
      let edge = [...ids];
      const found = new Set(edge);
      for (let step = 0; step < steps; step++) {
        edge = edge.flatMap((id) => [...(beside.get(id) ?? [])]).filter((id) => !found.has(id));
        for (const id of edge) found.add(id);
      }
      return found;
    },
    ofSource: (source, from, until) =>
      new Set((bySource.get(source) ?? []).filter(({ at }) => from <= at && at <= until).flatMap(({ ids }) => ids)),
    idsOf: ({ source, id }) => byEvent.get(`${source} ${id}`) ?? [],
  };
}
