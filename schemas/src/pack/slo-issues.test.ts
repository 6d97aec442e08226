import { expect, test } from "vitest";
import { formatPackIssue } from "./pack-issue.ts";
import { parsePack } from "./parse-pack.ts";
import { FLOW, OBJECTS } from "./small-pack.fixture.ts";

const CALENDARS = `calendars:
  - id: office
    title: Office
    zone: UTC
    shifts: { monday: [{ from: "08:00", to: "17:00" }] }
`;

const SLOS = `slos:
  - id: in-time
    title: Deliveries are in time
    flow: small
    legs: [delivery]
    objective: 99.5
    window: { days: 20, calendar: office }
    response: Call the supplier.
`;

function parse(slos: string, flow = FLOW) {
  return parsePack([
    { path: "objects.yaml", text: OBJECTS },
    { path: "flows/small.yaml", text: flow },
    { path: "calendars.yaml", text: CALENDARS },
    { path: "slos.yaml", text: slos },
  ]);
}

function listIssues(slos: string): string[] {
  const result = parse(slos);
  return result.ok ? [] : result.issues.map(formatPackIssue);
}

test("reads objectives and fills in their minimum", () => {
  const result = parse(SLOS);
  expect(result.ok && result.pack.slos).toMatchObject([
    { id: "in-time", objective: 99.5, minimum: 20, window: { days: 20, calendar: "office" } },
  ]);
});

test("judges 28 days where no window is given", () => {
  const result = parse(SLOS.replace(/ {4}window.*\n/, ""));
  expect(result.ok && result.pack.slos[0]?.window).toEqual({ days: 28 });
});

test("may name one of the legs that stand for each value of a field", () => {
  const flow = FLOW.replace(
    "    response:",
    "    each: { field: site, values: { north: North, south: South } }\n    response:",
  );
  expect(parse(SLOS.replace("[delivery]", "[delivery-north]"), flow).ok).toBe(true);
  expect(parse(SLOS, flow).ok).toBe(false);
});

test.each<[string, [from: string, to: string], string[]]>([
  ["a flow", ["flow: small", "flow: smal"], ['slos.yaml:4:11: no flow "smal" (did you mean "small"?)']],
  [
    "a leg",
    ["[delivery]", "[delivery, delivry]"],
    ['slos.yaml:5:22: no leg "delivry" in the flow "small" (did you mean "delivery"?)'],
  ],
  [
    "a calendar",
    ["calendar: office", "calendar: offices"],
    ['slos.yaml:7:35: no calendar "offices" (did you mean "office"?)'],
  ],
  [
    "a key",
    ["objective:", "objektive:"],
    [
      'slos.yaml:2:5: "objective" is missing in slos[0]',
      'slos.yaml:6:5: "objektive" is not a key of slos[0] (did you mean "objective"?)',
    ],
  ],
])("names %s that there is not, with the nearest one", (_, [from, to], issues) => {
  expect(listIssues(SLOS.replace(from, to))).toEqual(issues);
});

test.each([
  ["100", "slos.yaml:6:16: objective must be at most 99.999"],
  ["0", "slos.yaml:6:16: objective must be at least 0.001"],
  ["97.9999", "slos.yaml:6:16: objective must have at most three decimals, such as 99.9"],
  ["yes", "slos.yaml:6:16: objective must be a number"],
])("refuses an objective of %s", (objective, issue) => {
  expect(listIssues(SLOS.replace("99.5", objective))).toEqual([issue]);
});

test("refuses two objectives of one name", () => {
  const second = SLOS.slice(SLOS.indexOf("  - id"));
  expect(listIssues(SLOS + second)).toEqual(['slos.yaml:9:9: another objective is called "in-time"']);
});
