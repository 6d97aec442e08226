import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CarriedType, createCarriers } from "../projections/feeds/carriers.ts";
import { type BlindMap, createBlindMap, findGroup, joinSites, joinSuppliers } from "./blind-groups.ts";

const ENDS = [
  { flow: "order", leg: "receipt", types: ["receipt"] },
  { flow: "order", leg: "invoice", types: ["invoice", "receipt"] },
  { flow: "return", leg: "receipt", types: ["receipt"] },
];
const SITES = ["", "n", "s"];
const SUPPLIERS = ["", "ACME", "BRAVO", "CORSO"];

const worlds = fc.record({
  carried: fc.array(
    fc.record({
      source: fc.constantFrom("a", "b", "c"),
      type: fc.constantFrom("receipt", "invoice", "order"),
      site: fc.constantFrom(...SITES),
      supplier: fc.constantFrom("", "ACME", "BRAVO"),
      domain: fc.constant("erp"),
    }),
  ),
  silent: fc.uniqueArray(fc.constantFrom("a", "b", "c")).map((names) => new Set<string>(names)),
});
const UNDECLARED = { suppliersOf: () => undefined };

function listPlaces(carried: readonly CarriedType[]) {
  const sites = new Set(["", ...carried.map(({ site }) => site)]);
  return ENDS.flatMap((end) => [...sites].flatMap((site) => SUPPLIERS.map((supplier) => ({ ...end, site, supplier }))));
}

const sourcesAt = (map: BlindMap, place: Parameters<typeof findGroup>[1]) =>
  map.groups[findGroup(map, place) - 1] ?? [];

describe("what is blind", () => {
  it("is where any source that can carry the end for the leg is silent, by the rule that evaluation has", () => {
    fc.assert(
      fc.property(worlds, ({ carried, silent }) => {
        const map = createBlindMap(ENDS, { carried, silent, ...UNDECLARED });
        const carriers = createCarriers(carried);
        for (const place of listPlaces(carried))
          expect(sourcesAt(map, place)).toEqual(
            carriers.list(place.types, place).filter((source) => silent.has(source)),
          );
      }),
    );
  });

  it("is never less where places are told apart less", () => {
    fc.assert(
      fc.property(worlds, ({ carried, silent }) => {
        const map = createBlindMap(ENDS, { carried, silent, ...UNDECLARED });
        const bySite = joinSuppliers(map);
        const byLeg = joinSites(map);
        expect([bySite.suppliers.size, byLeg.suppliers.size, byLeg.sites.size]).toEqual([0, 0, 0]);
        for (const place of listPlaces(carried)) {
          for (const source of sourcesAt(map, place)) expect(sourcesAt(bySite, place)).toContain(source);
          for (const source of sourcesAt(bySite, place)) expect(sourcesAt(byLeg, place)).toContain(source);
        }
      }),
    );
  });
});
