import { describe, expect, it } from "vitest";
import type { Source } from "../contract/source.ts";
import { createCarriers } from "../projections/feeds/carriers.ts";
import { orderFlow } from "../projections/legs/order-flow.fixture.ts";
import { findSettled } from "./settled.ts";

const NOW = Date.parse("2026-06-01T12:00:00Z");

type Feed = Pick<Source, "source" | "state" | "completeTo"> & { site: string; supplier: string };

function feed(place: string, state: Source["state"], completeTo: string | null): Feed {
  const [site = "", supplier = ""] = place.split("/");
  return { source: `/${place}`, site, supplier, state, completeTo };
}

const settle = (sources: readonly Feed[], sites: readonly string[] = [], suppliers: readonly string[] = []) =>
  findSettled(
    orderFlow,
    { legs: ["first-receipt"], sites, suppliers },
    {
      carriers: createCarriers(sources.map((each) => ({ ...each, type: "erp.goods_receipt.posted", domain: "erp" }))),
      sources,
      now: NOW,
    },
  );

describe("how far legs are judged for good", () => {
  it("is the least over the feeds that are heard, and counts those that are not", () => {
    const north = feed("north", "reporting", "2026-06-01T11:50:00Z");
    const south = feed("south", "reporting", "2026-06-01T11:40:00Z");
    expect(settle([north, south])).toEqual({ atMs: Date.parse("2026-06-01T11:40:00Z"), feeds: 2, blind: 0 });
    const some = { atMs: Date.parse("2026-06-01T11:50:00Z"), feeds: 2, blind: 1 };
    expect(settle([north, { ...south, state: "silent" }])).toEqual(some);
    expect(settle([north, { ...south, completeTo: null }])).toEqual(some);
    expect(settle([{ ...north, state: "silent" }])).toMatchObject({ feeds: 1, blind: 1 });
    expect(settle([])).toMatchObject({ feeds: 0, blind: 0 });
  });

  it("of some sites asks only the feeds that send for them, so that others cannot vouch for a silent one", () => {
    const north = feed("north", "silent", "2026-06-01T09:00:00Z");
    const south = feed("south", "reporting", "2026-06-01T11:40:00Z");
    expect(settle([north, south], ["north"])).toEqual({ atMs: Date.parse("2026-06-01T09:00:00Z"), feeds: 1, blind: 1 });
    expect(settle([north, south], ["south"])).toEqual({ atMs: Date.parse("2026-06-01T11:40:00Z"), feeds: 1, blind: 0 });
    expect(settle([north, south], ["east"])).toMatchObject({ feeds: 2, blind: 1 });
    const group = feed("", "reporting", "2026-06-01T11:30:00Z");
    expect(settle([north, group], ["north"])).toMatchObject({ feeds: 2, blind: 1 });
  });

  it("of some suppliers asks only the feeds that send for them", () => {
    const acme = feed("north/ACME", "silent", "2026-06-01T09:00:00Z");
    const bravo = feed("north/BRAVO", "reporting", "2026-06-01T11:40:00Z");
    expect(settle([acme, bravo], [], ["ACME"])).toEqual({
      atMs: Date.parse("2026-06-01T09:00:00Z"),
      feeds: 1,
      blind: 1,
    });
    expect(settle([acme, bravo], ["north"], ["BRAVO"])).toEqual({
      atMs: Date.parse("2026-06-01T11:40:00Z"),
      feeds: 1,
      blind: 0,
    });
    expect(settle([acme, bravo], [], ["ACME", "BRAVO"])).toMatchObject({ feeds: 2, blind: 1 });
  });
});
