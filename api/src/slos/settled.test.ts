import { describe, expect, it } from "vitest";
import type { Source } from "../contract/source.ts";
import { orderFlow } from "../projections/legs/order-flow.fixture.ts";
import { findSettled } from "./settled.ts";

const NOW = Date.parse("2026-06-01T12:00:00Z");

type Feed = Parameters<typeof findSettled>[2]["sources"][number];

function feed(site: string, state: Source["state"], completeTo: string | null): Feed {
  return { types: ["erp.goods_receipt.posted"], sites: [site], state, completeTo };
}

const settle = (sources: readonly Feed[], sites: readonly string[] = []) =>
  findSettled(orderFlow, ["first-receipt"], { sources, sites, now: NOW });

describe("how far legs are judged for good", () => {
  it("is the least over the feeds that are heard, and blind where none is", () => {
    const north = feed("north", "reporting", "2026-06-01T11:50:00Z");
    const south = feed("south", "reporting", "2026-06-01T11:40:00Z");
    expect(settle([north, south])).toEqual({ atMs: Date.parse("2026-06-01T11:40:00Z"), isBlind: false });
    expect(settle([north, { ...south, state: "silent" }])).toEqual({
      atMs: Date.parse("2026-06-01T11:50:00Z"),
      isBlind: false,
    });
    expect(settle([{ ...north, state: "silent" }]).isBlind).toBe(true);
  });

  it("of some sites asks only the feeds that send for them, so that others cannot vouch for a silent one", () => {
    const north = feed("north", "silent", "2026-06-01T09:00:00Z");
    const south = feed("south", "reporting", "2026-06-01T11:40:00Z");
    expect(settle([north, south], ["north"])).toEqual({ atMs: Date.parse("2026-06-01T09:00:00Z"), isBlind: true });
    expect(settle([north, south], ["south"])).toEqual({ atMs: Date.parse("2026-06-01T11:40:00Z"), isBlind: false });
    expect(settle([north, south], ["east"]).isBlind).toBe(false);
    expect(settle([north, feed("", "reporting", "2026-06-01T11:30:00Z")], ["north"]).isBlind).toBe(false);
  });
});
