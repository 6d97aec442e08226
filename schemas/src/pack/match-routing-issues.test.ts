import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { type MatchRouting, STOPPING_CODES, findMatchOwner, matchRoutingFile } from "./match-routing.ts";
import { FLOW, OBJECTS, listIssues as listAll } from "./small-pack.fixture.ts";

const SHIPPED = readFileSync(join(import.meta.dirname, "../../../config/match-routing.yaml"), "utf8").replaceAll(
  /^ *#.*\n/gm,
  "",
);
const routing: MatchRouting = matchRoutingFile.parse(parse(SHIPPED));
const of = { code: "PRICE", company: "1000", supplierGroup: "", itemCategory: "" } as const;

test("the first rule that fits names the owner, the last one fits all", () => {
  expect(listAll(FLOW, OBJECTS, [{ path: "match-routing.yaml", text: SHIPPED }])).toEqual([]);
  expect(findMatchOwner(routing, of)?.id).toBe("buyers");
  expect(findMatchOwner(routing, { ...of, code: "DUP_EXACT" })?.title).toBe("Accounts payable");
  const rules = [{ codes: ["PRICE" as const], itemCategories: ["controlled"], owner: "receiving" }, ...routing.rules];
  const narrowed = { ...routing, rules };
  expect(findMatchOwner(narrowed, { ...of, itemCategory: "controlled" })?.id).toBe("receiving");
  expect(findMatchOwner(narrowed, of)?.id).toBe("buyers");
  expect(findMatchOwner(undefined, of)).toBeUndefined();
});

const ADVICE = STOPPING_CODES.map((code) => `  ${code}: Look at it.`).join("\n");
const TEXT = `owners:
  - { id: buyers, title: Buyers, seat: procurement }
  - { id: payers, title: Accounts payable, seat: erp }
rules:
  - { codes: [PRICE], owner: buyers }
  - { owner: payers }
acceptance:
  - { currency: USD, amount: "100.00" }
touchMinutes: { take: 10, release: off, accept: 5, approve: 5, withdraw: 5 }
nextActions:
${ADVICE}
`;

function listIssues(text: string) {
  return listAll(FLOW, OBJECTS, [{ path: "match-routing.yaml", text }]);
}

test.each<[string, [from: string, to: string], string[]]>([
  [
    "an owner that is not there",
    ["[PRICE], owner: buyers", "[PRICE], owner: buyer"],
    ['match-routing.yaml:5:30: no owner "buyer" (did you mean "buyers"?)'],
  ],
  [
    "two owners of one name",
    ["{ id: payers,", "{ id: buyers,"],
    [
      'match-routing.yaml:3:11: another owner is called "buyers"',
      'match-routing.yaml:6:14: no owner "payers" (did you mean "buyers"?)',
    ],
  ],
  [
    "a seat that there is not",
    ["seat: erp", "seat: finance"],
    [
      "match-routing.yaml:3:50: seat must be one of erp, procurement, receiving (known here: erp, procurement, receiving)",
    ],
  ],
  [
    "rules that leave matches without an owner",
    ["{ owner: payers }", "{ codes: [NO_PO], owner: payers }"],
    ["match-routing.yaml:4:1: leave matches without an owner (end with a rule that names nothing but an owner)"],
  ],
  [
    "a rule that is never used",
    ["  - { owner: payers }", "  - { owner: payers }\n  - { owner: buyers }"],
    ["match-routing.yaml:7:5: this rule is never used: rules[1] before it fits every match"],
  ],
  [
    "a code that nothing is said about",
    ["  DATE_EARLY: Look at it.\n", ""],
    ["match-routing.yaml:10:1: say nothing about DATE_EARLY"],
  ],
  [
    "a limit that is a float",
    ['amount: "100.00"', "amount: 100.0"],
    ['match-routing.yaml:8:30: amount must be a decimal in quotes such as "250.00"'],
  ],
  [
    "a kind of touch without a standard",
    ["release: off, ", ""],
    ["match-routing.yaml:9:15: release must be a number or off"],
  ],
  [
    "a standard that is neither minutes nor off",
    ["take: 10", "take: 0"],
    ["match-routing.yaml:9:23: take must be at least 1"],
  ],
  [
    "no standard at all",
    ["touchMinutes: { take: 10, release: off, accept: 5, approve: 5, withdraw: 5 }\n", ""],
    ['match-routing.yaml:1:1: "touchMinutes" is missing in this file'],
  ],
  [
    "two limits in one currency",
    [
      '  - { currency: USD, amount: "100.00" }',
      '  - { currency: USD, amount: "1" }\n  - { currency: USD, amount: "2" }',
    ],
    ["match-routing.yaml:9:17: there is another limit in USD"],
  ],
])("refuses %s", (_, [from, to], issues) => {
  expect(TEXT).toContain(from);
  expect(listIssues(TEXT.replace(from, to))).toEqual(issues);
});
