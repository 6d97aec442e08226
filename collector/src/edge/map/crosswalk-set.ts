import type { Crosswalk } from "@throughline/schemas/pack/crosswalk";

export type CrosswalkResult = { kind: "found"; value: string } | { kind: "missing" };

/** The tables that translate what partners write. Where no table of a name is there, everything stays as it is. */
export interface CrosswalkSet {
  translate: (table: string, value: string, time: string) => CrosswalkResult;
}

/** Of several entries that hold on a day the one that began last counts. */
export function createCrosswalkSet(tables: readonly Crosswalk[]): CrosswalkSet {
  const indexes = new Map(tables.map((table) => [table.name, { table, entries: indexEntries(table) }]));
  return {
    translate: (name, value, time) => {
      const index = indexes.get(name);
      if (index === undefined) return { kind: "found", value };
      const day = time.slice(0, 10);
      const entry = index.entries
        .get(value)
        ?.find(({ effectiveFrom, effectiveTo }) => (effectiveFrom ?? "") <= day && day <= (effectiveTo ?? "9999"));
      if (entry !== undefined) return { kind: "found", value: entry.to };
      return index.table.missing === "keep" ? { kind: "found", value } : { kind: "missing" };
    },
  };
}

function indexEntries(table: Crosswalk): Map<string, Crosswalk["entries"]> {
  const byValue = new Map<string, Crosswalk["entries"]>();
  for (const entry of table.entries) {
    const known = byValue.get(entry.from);
    if (known === undefined) byValue.set(entry.from, [entry]);
    else known.push(entry);
  }
  for (const entries of byValue.values())
    entries.sort((a, b) => ((a.effectiveFrom ?? "") < (b.effectiveFrom ?? "") ? 1 : -1));
  return byValue;
}
