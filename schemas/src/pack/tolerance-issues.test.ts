import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parsePack } from "./parse-pack.ts";
import { FLOW, OBJECTS, listIssues as listAll } from "./small-pack.fixture.ts";
import { findProfile } from "./tolerance.ts";

const SHIPPED = readFileSync(join(import.meta.dirname, "../../../config/tolerances.yaml"), "utf8").replaceAll(
  /^ *#.*\n/gm,
  "",
);

function listIssues(text: string, path = "tolerances.yaml") {
  return listAll(FLOW, OBJECTS, [{ path, text }]);
}

function parse(text: string) {
  const files = {
    "objects.yaml": OBJECTS,
    "flows/small.yaml": FLOW,
    "tolerances.yaml": text,
    "units.yaml": "units: [1 DZ = 12 EA]",
  };
  const result = parsePack(Object.entries(files).map(([path, content]) => ({ path, text: content })));
  if (!result.ok) throw new Error("the pack is wrong");
  return result.pack;
}

test("reads the shipped profile, and units as exact factors", () => {
  const { tolerances, units } = parse(SHIPPED);
  expect(tolerances.profiles[0]).toMatchObject({ id: "T1", price: { above: { amount: "50.00", percent: "2" } } });
  expect(units[0]?.right).toEqual({ value: { numerator: 12n, denominator: 1n }, unit: "EA" });
});

test("the first rule that fits company, supplier group and item category gives the profile", () => {
  const strict = SHIPPED.slice(SHIPPED.indexOf("  - id: T1"), SHIPPED.indexOf("rules:")).replace("T1", "STRICT");
  const { tolerances } = parse(
    SHIPPED.replace(
      "rules:\n",
      `${strict}rules:\n  - { companies: ["2000"], itemCategories: [controlled], profile: STRICT }\n`,
    ),
  );
  const of = (company: string, itemCategory: string) =>
    findProfile(tolerances, { company, supplierGroup: "", itemCategory })?.id;
  expect([of("2000", "controlled"), of("2000", ""), of("1000", "controlled")]).toEqual(["STRICT", "T1", "T1"]);
});

test.each<[string, [from: string, to: string], string[]]>([
  [
    "a limit that is not set",
    ['amount: off, percent: "5"', 'percent: "5"'],
    ['tolerances.yaml:6:14: "amount" is missing in below'],
  ],
  [
    "a limit that is a float",
    ['"50.00"', "50.00"],
    ['tolerances.yaml:5:24: amount must be off, zero or a decimal in quotes such as "50.00"'],
  ],
  [
    "a negative limit",
    ['"50.00"', '"-50.00"'],
    ['tolerances.yaml:5:24: amount must be off, zero or a decimal in quotes such as "50.00"'],
  ],
  [
    "a profile that is not there",
    ["profile: T1", "profile: T2"],
    ['tolerances.yaml:21:16: no profile "T2" (did you mean "T1"?)'],
  ],
  [
    "rules that leave order lines without limits",
    ["{ profile: T1 }", "{ companies: [A], profile: T1 }"],
    ["tolerances.yaml:20:1: leave order lines without limits (end with a rule that names nothing but a profile)"],
  ],
  [
    "a rule that is never used",
    ["  - { profile: T1 }", "  - { profile: T1 }\n  - { companies: [A], profile: T1 }"],
    ["tolerances.yaml:22:5: this rule is never used: rules[0] before it fits every order line"],
  ],
])("refuses %s", (_, [from, to], issues) => {
  expect(SHIPPED).toContain(from);
  expect(listIssues(SHIPPED.replace(from, to))).toEqual(issues);
});

test.each([
  ["units:\n  - 1 CS = 0 VL\n", "units.yaml:2:5: a factor of 0 converts nothing"],
  ["units:\n  - 1 DZ = 12 EA\n  - 1 EA = 12 DZ\n", "units.yaml:3:5: contradicts the units before it"],
  ["units:\n  - 1 DZ is 12 EA\n", 'units.yaml:2:5: units[0] must be an equation such as "1 CS = 24 VL"'],
])("refuses units such as %j", (text, issue) => {
  expect(listIssues(text, "units.yaml")).toEqual([issue]);
});
