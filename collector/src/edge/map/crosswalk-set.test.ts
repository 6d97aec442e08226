import { expect, test } from "vitest";
import { crosswalk } from "@throughline/schemas/pack/crosswalk";
import { createCrosswalkSet } from "./crosswalk-set.ts";
import { toDecimal } from "./to-decimal.ts";

const NOW = { time: "2026-03-02T09:00:00Z" };
const entries = [
  { from: "0093-4155-73", to: "00093415573" },
  { from: "V-7", to: "CARDINAL", effectiveTo: "2026-02-28" },
  { from: "V-7", to: "MERCY", effectiveFrom: "2026-03-01" },
];
const table = crosswalk.parse({ name: "supplier", title: "Suppliers", kind: "supplier", entries });

test("a value is translated by the entry that holds on the day", () => {
  const set = createCrosswalkSet([table]);
  expect(set.translate("supplier", "V-7", { time: "2026-02-28T23:59:59Z" })).toEqual({
    kind: "found",
    value: "CARDINAL",
  });
  expect(set.translate("supplier", "V-7", { time: "2026-03-01T00:00:00Z" })).toEqual({ kind: "found", value: "MERCY" });
});

test("a value that the table lacks is missing, or stays where the table says so; without a table all stay", () => {
  expect(createCrosswalkSet([table]).translate("supplier", "V-8", NOW)).toEqual({ kind: "missing" });
  const keeping = createCrosswalkSet([{ ...table, missing: "keep" }]);
  expect(keeping.translate("supplier", "V-8", NOW)).toEqual({ kind: "found", value: "V-8" });
  expect(createCrosswalkSet([]).translate("supplier", "V-8", NOW)).toEqual({ kind: "found", value: "V-8" });
});

test.each([
  ["of any site", {}, "ANY"],
  ["of this interface", { interfaceId: "edi" }, "EDI"],
  ["of this site", { site: "NORTH" }, "NORTH"],
  ["of the site before the interface", { site: "NORTH", interfaceId: "edi" }, "NORTH"],
])(
  "the entry %s goes before others",
  (_name, { site, interfaceId }: { site?: string; interfaceId?: string }, expected) => {
    const own = [
      { from: "7", to: "ANY" },
      { from: "7", to: "EDI", interface: "edi" },
      { from: "7", to: "NORTH", site: "NORTH" },
    ];
    const set = createCrosswalkSet([{ ...table, entries: own }], interfaceId);
    expect(set.translate("supplier", "7", { ...NOW, site })).toEqual({ kind: "found", value: expected });
  },
);

test("a later table of the same name goes before an earlier one, whose word on unknown values stays", () => {
  const later = { ...table, missing: "keep" as const, entries: [{ from: "V-7", to: "LATER" }] };
  const set = createCrosswalkSet([table, later]);
  expect(set.translate("supplier", "V-7", NOW)).toEqual({ kind: "found", value: "LATER" });
  expect(set.translate("supplier", "V-8", NOW)).toEqual({ kind: "missing" });
});

test("two numberings that say different things of a value say nothing", () => {
  const both = [
    { from: "10", fromSystem: "acme", to: "A" },
    { from: "10", fromSystem: "mercy", to: "B" },
  ];
  expect(createCrosswalkSet([{ ...table, entries: both }]).translate("supplier", "10", NOW)).toEqual({
    kind: "missing",
  });
  const same = both.map((entry) => ({ ...entry, to: "A" }));
  expect(createCrosswalkSet([{ ...table, entries: same }]).translate("supplier", "10", NOW)).toMatchObject({
    value: "A",
  });
});

test("a reversible entry is read towards the numbering of its table", () => {
  const pair = { from: "00093415573", fromSystem: "ndc11", to: "00300934155738", toSystem: "gtin" };
  const read = (system: string | undefined, value: string, reversible = true) =>
    createCrosswalkSet([
      { ...table, missing: "keep", ...(system !== undefined && { system }), entries: [{ ...pair, reversible }] },
    ]).translate("supplier", value, NOW);
  expect(read("ndc11", "00300934155738")).toMatchObject({ value: "00093415573" });
  expect(read("ndc11", "00093415573")).toMatchObject({ value: "00093415573" });
  expect(read("gtin", "00093415573")).toMatchObject({ value: "00300934155738" });
  expect(read(undefined, "00093415573")).toMatchObject({ value: "00300934155738" });
  expect(read("ndc11", "00300934155738", false)).toMatchObject({ value: "00300934155738" });
});

test.each([
  ["010.50", "10.50"],
  ["+7", "7"],
  ["-.5", "-0.5"],
  ["12.30-", "-12.30"],
  ["-0.00", "0.00"],
  ["1e3", undefined],
  ["1,5", undefined],
  ["", undefined],
  [".", undefined],
])("the decimal of %j is %j", (text, expected) => {
  expect(toDecimal(text)).toBe(expected);
});
