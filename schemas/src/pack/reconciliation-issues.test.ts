import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parsePack } from "./parse-pack.ts";
import { FLOW, OBJECTS } from "./small-pack.fixture.ts";

const SMALL = `books: { zone: America/Chicago, calendar: { kind: months } }
reconciliations:
  - id: orders
    title: Orders
    domain: erp
    owner: Buyers
    a: { title: Ordered, events: [{ type: procurement.order.sent }] }
    b: { title: Confirmed, events: [{ type: supplier.order.confirmed }] }
    key: [object.order]
    measure: { kind: money }
    matching: "1:1"
    lag: PT4H
    materiality: { item: zero, account: "100.00" }
    response: Call the supplier.
`;

function parse(text: string) {
  const files = { "objects.yaml": OBJECTS, "flows/small.yaml": FLOW, "reconciliations.yaml": text };
  return parsePack(Object.entries(files).map(([path, content]) => ({ path, text: content })));
}

function issuesOf(text: string): string[] {
  const result = parse(text);
  return result.ok
    ? []
    : result.issues.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`);
}

test("fills in what is usual, and gives each a version of its own", () => {
  const result = parse(SMALL);
  if (!result.ok) throw new Error(issuesOf(SMALL).join("\n"));
  const { reconciliations } = result.pack;
  expect(reconciliations?.books).toEqual({
    zone: "America/Chicago",
    sites: {},
    calendar: { kind: "months", firstMonth: 1 },
    companies: [],
  });
  expect(reconciliations?.reconciliations[0]?.a).toMatchObject({ date: "event", reversals: [], isLevel: false });
  expect(reconciliations?.versions.get("orders")).toMatch(/^[0-9a-f]{12}$/);
});

test("the shipped reconciliations are in order with the shipped object types", () => {
  const read = (path: string) => readFileSync(new URL(`../../../config/${path}`, import.meta.url), "utf8");
  const files = [
    { path: "objects.yaml", text: read("objects.yaml") },
    { path: "calendars.yaml", text: read("calendars.yaml") },
    { path: "reconciliations.yaml", text: read("reconciliations.yaml") },
  ];
  const result = parsePack(files);
  expect(result.ok ? [] : result.issues.filter(({ file }) => file === "reconciliations.yaml")).toEqual([]);
});

test.each<[string, [from: string, to: string], string]>([
  [
    "an unknown object",
    ["object.order]", "object.ordr]"],
    'reconciliations.yaml:9:11: no object type "ordr" is declared',
  ],
  ["a key without an object", ["[object.order]", "[site]"], "reconciliations.yaml:9:11: a key begins with an object"],
  [
    "a limit that is not set",
    ["{ item: zero, account", "{ account"],
    'reconciliations.yaml:13:18: "item" is missing in materiality',
  ],
  [
    "a zone that is none",
    ["America/Chicago", "America/Chikago"],
    "reconciliations.yaml:1:16: zone must be a time zone of the IANA database, such as America/Chicago",
  ],
  [
    "the same events on both sides",
    ["supplier.order.confirmed", "procurement.order.sent"],
    "reconciliations.yaml:8:37: stands on both sides, and would always agree with itself",
  ],
  [
    "a level on side a",
    ["title: Ordered,", "title: Ordered, isLevel: true,"],
    "reconciliations.yaml:7:35: only side b can be a level",
  ],
  [
    "a level of money",
    ["title: Confirmed,", "title: Confirmed, isLevel: true,"],
    "reconciliations.yaml:8:37: only quantities have a level",
  ],
  [
    "a measure of what is counted",
    ["kind: money", "kind: count, name: amount"],
    "reconciliations.yaml:10:35: events that are counted need no measure",
  ],
  [
    "weeks that make no quarter",
    ["kind: months", 'kind: weeks, firstDay: "2026-02-01", pattern: [4, 4, 4]'],
    "must sum to 13 weeks, such as [4, 4, 5]",
  ],
])("finds %s", (_, [from, to], expected) => {
  expect(issuesOf(SMALL.replace(from, to)).join("\n")).toContain(expected);
});

test.each([
  [
    "a calendar that is not declared",
    "closing: { workingDays: 6, calendar: usual }",
    'no calendar "usual" is declared',
  ],
  [
    "a company of the name of the whole",
    "companies: [{ id: group, title: All, sites: [north] }]",
    '"group" is the name of another company, or of the whole',
  ],
  [
    "two companies of one name",
    "companies: [{ id: one, title: One, sites: [north] }, { id: one, title: Two, sites: [south] }]",
    '"one" is the name of another company, or of the whole',
  ],
  [
    "a site of two companies",
    "companies: [{ id: one, title: One, sites: [north] }, { id: two, title: Two, sites: [south, north] }]",
    'reconciliations.yaml:1:152: "north" is a site of another company, or of this one twice',
  ],
])("finds %s among the books", (_, more, expected) => {
  const books = SMALL.replace("calendar: { kind: months }", `calendar: { kind: months }, ${more}`);
  expect(issuesOf(books).join("\n")).toContain(expected);
});

test("finds two of one name", () => {
  const twice = SMALL + SMALL.slice(SMALL.indexOf("  - id"));
  expect(issuesOf(twice)).toEqual(['reconciliations.yaml:15:9: another reconciliation is called "orders"']);
});
