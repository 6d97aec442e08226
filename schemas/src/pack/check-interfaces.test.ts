import { describe, expect, test } from "vitest";
import { fitsPattern } from "./interface.ts";
import { FLOW, listIssues, OBJECTS } from "./small-pack.fixture.ts";
import { parsePack } from "./parse-pack.ts";

const INTERFACE = `interfaces:
  - id: orders
    title: Orders
    systems: { from: A, to: B }
    protocol: AS2
    contract: { name: X12 850, version: "005010", versionIn: dataschema }
    owner: Me
    approver: You
    criticality: high
    latencyClass: event
    cadence: { every: PT1H }
    traffic: { sources: ["/a/*"], types: [test.order.created] }
    fallback: Call.
`;

const check = (text: string) => listIssues(FLOW, OBJECTS, [{ path: "interfaces.yaml", text }]);
const another = (change: (text: string) => string) =>
  INTERFACE + change(INTERFACE.slice(INTERFACE.indexOf("  - id"))).replace("id: orders", "id: other");

test("is read with its defaults", () => {
  const files = [
    { path: "objects.yaml", text: OBJECTS },
    { path: "flows/small.yaml", text: FLOW },
    { path: "interfaces.yaml", text: INTERFACE },
  ];
  const result = parsePack(files);
  expect(result.ok && result.pack.interfaces.get("orders")).toMatchObject({
    contract: { accepted: [] },
    rateLimitReservePercent: 10,
    changes: [],
  });
});

describe("an issue of an interface", () => {
  test.each<[string, [before: string, after: string], string[]]>([
    [
      "an unknown key",
      ["    owner: Me", "    ownr: Me"],
      [
        'interfaces.yaml:2:5: "owner" is missing in interfaces[0]',
        'interfaces.yaml:7:5: "ownr" is not a key of interfaces[0] (did you mean "owner"?)',
      ],
    ],
    [
      "a calendar that nobody declared",
      ["every: PT1H", "every: PT1H, calendar: nights"],
      ['interfaces.yaml:11:39: no calendar "nights" (declare it in calendars.yaml)'],
    ],
    ["a star in the middle", ["/a/*", "/a/*/b"], ['interfaces.yaml:12:26: "*" may only end a name, as in "/edi/*"']],
    [
      "no traffic at all",
      ['{ sources: ["/a/*"], types: [test.order.created] }', "{}"],
      ["interfaces.yaml:12:5: names no traffic (give sources, types, services, peers or routes)"],
    ],
    [
      "a version that no traffic can name",
      ["versionIn: dataschema", "versionIn: span"],
      ["interfaces.yaml:6:62: no spans belong to it (name services, peers or routes)"],
    ],
    [
      "a change that ends before it begins",
      [
        "fallback: Call.",
        'fallback: Call.\n    changes: [{ title: T, from: "2026-03-02T00:00:00Z", until: "2026-03-01T00:00:00Z" }]',
      ],
      ["interfaces.yaml:14:64: the change ends before it begins"],
    ],
    [
      "a change at no time",
      ["fallback: Call.", "fallback: Call.\n    changes: [{ title: T, from: soon, until: later }]"],
      [
        'interfaces.yaml:14:33: from must be RFC 3339 with a time zone between 1970 and 2199, such as "2026-03-01T09:00:00Z"',
        'interfaces.yaml:14:46: until must be RFC 3339 with a time zone between 1970 and 2199, such as "2026-03-01T09:00:00Z"',
      ],
    ],
  ])("%s is named with its place", (_, [before, after], issues) => {
    expect(INTERFACE).toContain(before);
    expect(check(INTERFACE.replace(before, after))).toEqual(issues);
  });

  test("an id that is used twice, and traffic that belongs to another one", () => {
    expect(check(INTERFACE + INTERFACE.slice(INTERFACE.indexOf("  - id")))).toEqual([
      'interfaces.yaml:14:9: another interface is called "orders"',
      'interfaces.yaml:24:5: is the traffic of "orders" too',
    ]);
    expect(check(another((text) => text.replace("/a/*", "/b/*")))).toEqual([]);
  });

  test("is no list", () => {
    expect(check("interfaces: 7")).toEqual(["interfaces.yaml:1:13: interfaces must be a list"]);
  });
});

test("a pattern is a name or the start of names", () => {
  expect([fitsPattern("/edi/A", "/edi/*"), fitsPattern("/edi", "/edi/*"), fitsPattern("*", "*")]).toEqual([
    true,
    false,
    true,
  ]);
  expect([fitsPattern("as2", "as2"), fitsPattern("as2.b", "as2")]).toEqual([true, false]);
});
