import fc from "fast-check";
import { expect, it } from "vitest";
import { z } from "zod";
import { type BlindMap, toKey } from "./blind-groups.ts";
import { toBlindValues, toUnseenValues } from "./blind-values.ts";

/** One leg of which each supplier's own feed is silent at each site. */
function createMap(sites: number, suppliers: number): BlindMap {
  const groups = Array.from({ length: suppliers }, (_, index) => [`/edi/${index}`]);
  const places = Array.from({ length: sites }, (_, site) =>
    groups.map((_sources, index): [string, number] => [toKey(1, site, index), index + 1]),
  );
  return {
    classes: new Map([[toKey("order", "ack"), 1]]),
    suppliers: new Map(places.flat()),
    sites: new Map(),
    others: [0],
    groups,
  };
}
const timesOf = ({ groups }: BlindMap) => groups.flat().map((source) => ({ source, from: 0, until: undefined }));
const unseenHours = z.array(z.object({ values: z.tuple([z.number(), z.number(), z.number()]) }));
const listStretches = (values: Record<string, unknown>) =>
  Object.entries(values)
    .filter(([name]) => /^unseenHours\d$/.test(name))
    .flatMap(([, part]) => unseenHours.parse(part).map((stretch) => stretch.values));

it("names so many places, and beyond that takes all suppliers of a site, and then all sites, for blind", () => {
  const few = createMap(10, 50);
  expect(toBlindValues(few, timesOf(few))).toMatchObject({ blindSuppliers: [...few.suppliers.keys()], blindSites: [] });
  const many = createMap(500, 50);
  const bySite = toBlindValues(many, timesOf(many));
  expect(bySite).toMatchObject({ blindSuppliers: [], blindSiteGroups: Array.from({ length: 500 }, () => 1) });
  expect(String(bySite["blindReasons"])).toContain("/edi/12 (blind from 1970-01-01T00:00:00.000Z) and 45 more");
  const countless = createMap(25_000, 1);
  expect(toBlindValues(countless, timesOf(countless))).toMatchObject({
    blindSuppliers: [],
    blindSites: [],
    blindOthers: [1],
  });
});

it("names the hours of each group, neighbours as one", () => {
  const hours = fc.array(
    fc.record({
      source: fc.constantFrom("/edi/0", "/edi/1", "/other"),
      from: fc.nat(50),
      until: fc.integer({ min: 51, max: 99 }),
    }),
  );
  fc.assert(
    fc.property(hours, (given) => {
      const stretches = listStretches(toUnseenValues(createMap(1, 2), given));
      for (const group of [1, 2])
        for (let hour = 0; hour < 100; hour++)
          expect(stretches.some(([of, from, until]) => of === group && from <= hour && hour < until)).toBe(
            given.some(({ source, from, until }) => source === `/edi/${group - 1}` && from <= hour && hour < until),
          );
    }),
  );
});

it("fits each parameter into what the store takes", () => {
  const stretches = Array.from({ length: 36_000 }, (_, index) => ({
    source: "/edi/0",
    from: 400_000 + index * 2,
    until: 400_001 + index * 2,
  }));
  const values = toUnseenValues(createMap(1, 1), stretches);
  expect(listStretches(values)).toHaveLength(36_000);
  const sent = Object.entries(values).filter(([name]) => /^unseenHours\d$/.test(name));
  for (const [, part] of sent)
    expect(
      unseenHours
        .parse(part)
        .map((stretch) => `(${stretch.values.join(",")})`)
        .join(",").length,
    ).toBeLessThan(131_000);
  const many = createMap(20, 100);
  for (const value of Object.values(toBlindValues(many, timesOf(many))))
    expect(JSON.stringify(value).length).toBeLessThan(131_000);
});

it("joins hours where there are too many stretches, and leaves none out", () => {
  const hours = Array.from({ length: 40_000 }, (_, index) => ({
    source: "/edi/0",
    from: index * 2,
    until: index * 2 + 1,
  }));
  const stretches = listStretches(toUnseenValues(createMap(1, 1), hours));
  expect(stretches).toEqual([[1, 0, 80_016]]);
});
