import fc from "fast-check";
import { expect, it } from "vitest";
import { type CarriedType, createCarriers, MANY_SUPPLIERS, MAX_SUPPLIERS } from "./carriers.ts";

const carried = (source: string, type: string, place: string): CarriedType => {
  const [site = "", supplier = ""] = place.split("/");
  return { source, type, site, domain: "erp", supplier };
};
const at = (site: string, supplier = "") => ({ site, supplier });

it("carries a milestone for a site by those that sent it for the site or group-wide, else by all that sent it", () => {
  const carriers = createCarriers([
    carried("/north", "receipt", "north"),
    carried("/south", "receipt", "south"),
    carried("/group", "invoice", ""),
    carried("/south", "invoice", "south"),
  ]);
  expect(carriers.list(["receipt"], at("north"))).toEqual(["/north"]);
  expect(carriers.list(["receipt"], at("east"))).toEqual(["/north", "/south"]);
  expect(carriers.list(["invoice"], at("north"))).toEqual(["/group"]);
  expect(carriers.list(["invoice"], at("south"))).toEqual(["/group", "/south"]);
  expect(carriers.list(["payment"], at("north"))).toEqual([]);
  expect(carriers.listSites(["receipt", "invoice"])).toEqual(["north", "south", ""]);
  expect(carriers.findPlace("/north")).toEqual({ site: "north", domain: "erp" });
  expect(carriers.findPlace("/elsewhere")).toEqual({ site: "", domain: "" });
});

it("carries it for a supplier by those that sent for it or named nobody, there", () => {
  const carriers = createCarriers([
    carried("/edi/A", "ack", "north/ACME"),
    carried("/edi/B", "ack", "north/BRAVO"),
    carried("/edi/B", "ack", "south/BRAVO"),
    carried("/portal", "ack", "south"),
  ]);
  expect(carriers.list(["ack"], at("north", "ACME"))).toEqual(["/edi/A"]);
  expect(carriers.list(["ack"], at("south", "BRAVO"))).toEqual(["/edi/B", "/portal"]);
  // Nobody has named it: it may come by any of them.
  expect(carriers.list(["ack"], at("north", "CORSO"))).toEqual(["/edi/A", "/edi/B"]);
  expect(carriers.list(["ack"], at("north"))).toEqual(["/edi/A", "/edi/B"]);
  // Known elsewhere, not here: by whom it came there, and by whoever is here.
  expect(carriers.list(["ack"], at("south", "ACME"))).toEqual(["/edi/A", "/edi/B", "/portal"]);
  expect(carriers.list(["ack"], at("east", "ACME"))).toEqual(["/edi/A", "/portal"]);
});

it("believes configuration that a source sends for some suppliers only, and what it sends for others all the same", () => {
  const known = [
    carried("/edi/A", "ack", "north/ACME"),
    carried("/edi/B", "ack", "south"),
    carried("/edi/B", "ack", "north/CORSO"),
  ];
  const carriers = createCarriers(known, (source) => (source === "/edi/B" ? ["BRAVO"] : undefined));
  expect(carriers.list(["ack"], at("south", "BRAVO"))).toEqual(["/edi/B"]);
  expect(carriers.list(["ack"], at("south", "ACME"))).toEqual(["/edi/A"]);
  expect(carriers.list(["ack"], at("north", "CORSO"))).toEqual(["/edi/B"]);
  expect(carriers.list(["ack"], at("south", "UNNAMED"))).toEqual(["/edi/B"]);
});

it("keeps so many suppliers of a source, and takes one with more to send for all", () => {
  const carriers = createCarriers();
  const kept = Array.from({ length: MAX_SUPPLIERS + 5 }, (_, index) =>
    carriers.add(carried("/erp", "receipt", `north/S${index}`)),
  );
  expect(kept.filter((each) => each !== undefined).map(({ supplier }) => supplier)).toEqual([
    ...Array.from({ length: MAX_SUPPLIERS }, (_, index) => `S${index}`),
    MANY_SUPPLIERS,
  ]);
  carriers.add(carried("/edi/X", "receipt", "north/X"));
  expect(carriers.list(["receipt"], at("north", "X"))).toEqual(["/edi/X", "/erp"]);
  const again = createCarriers(kept.filter((each) => each !== undefined));
  expect(again.list(["receipt"], at("north", "S1"))).toEqual(["/erp"]);
  expect(again.add(carried("/erp", "receipt", "north/S99"))).toBeUndefined();
});

const entries = fc.array(
  fc.record({
    source: fc.constantFrom("a", "b", "c"),
    type: fc.constantFrom("x", "y"),
    site: fc.constantFrom("", "n", "s"),
    supplier: fc.constantFrom("", "ACME", "BRAVO"),
    domain: fc.constant("erp"),
  }),
);

it("knows a site for which nothing was listed as any other", () => {
  fc.assert(
    fc.property(entries, (given) => {
      const carriers = createCarriers(given);
      const site = carriers.listSites(["x"]).includes("n") ? "elsewhere" : "n";
      expect(carriers.list(["x"], at(site))).toEqual(carriers.list(["x"]));
      expect(carriers.list(["x"], at(site)).length > 0).toBe(given.some(({ type }) => type === "x"));
    }),
  );
});

it("never leaves out a source that sent for the supplier at the site, nor lets one that only named others there have a say", () => {
  const places = fc.record({
    site: fc.constantFrom("", "n", "s", "elsewhere"),
    supplier: fc.constantFrom("", "ACME", "BRAVO", "CORSO"),
  });
  fc.assert(
    fc.property(entries, places, (given, place) => {
      const found = new Set(createCarriers(given).list(["x"], place));
      const senders = given.filter(({ type }) => type === "x");
      const here = senders.filter(({ site }) => site === place.site || site === "");
      const possible = new Set(
        here.filter(({ supplier }) => supplier === "" || supplier === place.supplier).map(({ source }) => source),
      );
      expect([...possible].filter((source) => !found.has(source))).toEqual([]);
      expect([...found].filter((source) => !senders.some((each) => each.source === source))).toEqual([]);
      expect(found.size > 0).toBe(senders.length > 0);
      const isNamed = place.supplier !== "" && here.some(({ supplier }) => supplier === place.supplier);
      expect(isNamed ? found : possible).toEqual(possible);
    }),
  );
});
