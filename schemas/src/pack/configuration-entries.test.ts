import fc from "fast-check";
import { expect, test } from "vitest";
import { type KeptPack, listConfigurationEntries, toConfigurationVersion } from "./configuration-entries.ts";
import { sourceRule } from "./flow.ts";

const rules$ = fc.uniqueArray(fc.constantFrom("/a", "/b/*", "/c", "/d", "*"), { minLength: 2 });

const toPack = (sources: readonly string[], lag = "PT5M"): KeptPack => ({
  sources: sources.map((source) => sourceRule.parse({ source, watermark: "arrival", lag })),
  slos: [],
  interfaces: new Map(),
  calendars: new Map(),
  flows: new Map(),
});
const toVersion = (pack: KeptPack) => toConfigurationVersion(listConfigurationEntries(pack));

test("an entry is written so that the schema reads the same again", () => {
  const pack = toPack(["/a", "*"]);
  const read = listConfigurationEntries(pack).map(({ body }) => sourceRule.parse(JSON.parse(body)));
  expect(read).toEqual(pack.sources);
});

test("the same rules have the same version; other rules and another order have another", () => {
  const property = fc.property(rules$, (sources) => {
    expect(toVersion(toPack(sources))).toBe(toVersion(toPack([...sources])));
    expect(toVersion(toPack(sources, "PT9M"))).not.toBe(toVersion(toPack(sources)));
    expect(toVersion(toPack(sources.toReversed()))).not.toBe(toVersion(toPack(sources)));
  });
  fc.assert(property);
});

test("of rules for the same sources the first is kept, the only one that counts", () => {
  const [first] = toPack(["/a"], "PT1M").sources;
  const pack = {
    ...toPack(["/a", "*"]),
    sources: [first, ...toPack(["/a", "*"]).sources].flatMap((rule) => rule ?? []),
  };
  const entries = listConfigurationEntries(pack);
  expect(entries.map(({ id, place }) => [id, place])).toEqual([
    ["/a", 0],
    ["*", 1],
  ]);
  expect(JSON.parse(entries[0]?.body ?? "")).toMatchObject({ lag: "PT1M" });
});
