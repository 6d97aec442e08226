import fc from "fast-check";
import { expect, it } from "vitest";
import { type CarriedType, createCarriers } from "./carriers.ts";

const carried = (source: string, type: string, site: string): CarriedType => ({ source, type, site, domain: "erp" });

it("carries a milestone for a site by those that sent it for the site or group-wide, else by all that sent it", () => {
  const carriers = createCarriers([
    carried("/north", "receipt", "north"),
    carried("/south", "receipt", "south"),
    carried("/group", "invoice", ""),
    carried("/south", "invoice", "south"),
  ]);
  expect(carriers.list(["receipt"], "north")).toEqual(["/north"]);
  expect(carriers.list(["receipt"], "east")).toEqual(["/north", "/south"]);
  expect(carriers.list(["invoice"], "north")).toEqual(["/group"]);
  expect(carriers.list(["invoice"], "south")).toEqual(["/south", "/group"]);
  expect(carriers.list(["payment"], "north")).toEqual([]);
  expect(carriers.listSites(["receipt", "invoice"])).toEqual(["north", "south", ""]);
  expect(carriers.findPlace("/north")).toEqual({ site: "north", domain: "erp" });
  expect(carriers.findPlace("/elsewhere")).toEqual({ site: "", domain: "" });
});

it("knows a site for which nothing was listed as any other", () => {
  const entries = fc.array(
    fc.tuple(fc.constantFrom("a", "b", "c"), fc.constantFrom("x", "y"), fc.constantFrom("", "n", "s")),
  );
  fc.assert(
    fc.property(entries, (given) => {
      const carriers = createCarriers(given.map(([source, type, site]) => carried(source, type, site)));
      const site = carriers.listSites(["x"]).includes("n") ? "elsewhere" : "n";
      expect(carriers.list(["x"], site)).toEqual(carriers.list(["x"]));
      expect(carriers.list(["x"], site).length > 0).toBe(given.some(([, type]) => type === "x"));
    }),
  );
});
