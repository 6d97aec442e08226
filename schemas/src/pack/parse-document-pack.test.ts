import { expect, test } from "vitest";
import { formatPackIssue } from "./pack-issue.ts";
import { parseDocumentPack } from "./parse-document-pack.ts";

const MAPPING = `
name: orders
title: Orders
format: csv
documents: [row]
source: /files/orders
time: { from: ["{at}"] }
events:
  - type: procurement.purchase_order.issued
    objects: [{ type: purchase_order, id: "{order}" }]
`;
const TABLE = `
name: unit
title: Units
kind: unit
entries:
  - { from: CASE, to: CS, effectiveTo: 2026-02-28 }
  - { from: CASE, to: CA, effectiveFrom: 2026-03-01 }
`;

function issuesOf(files: Record<string, string>): string[] {
  const result = parseDocumentPack(Object.entries(files).map(([path, text]) => ({ path, text })));
  return result.ok ? [] : result.issues.map(formatPackIssue);
}

test("mappings and tables are read by their folders, and nothing else is", () => {
  const files = [
    { path: "config/documents/a.yaml", text: MAPPING },
    { path: "config/crosswalks/b.yaml", text: TABLE },
    { path: "config/flows/c.yaml", text: "- not a flow" },
  ];
  const result = parseDocumentPack(files);
  expect(
    result.ok && [result.pack.mappings.map(({ name }) => name), result.pack.crosswalks.map(({ name }) => name)],
  ).toEqual([["orders"], ["unit"]]);
});

test("a template that is none, and two files of one name, are named with their places", () => {
  expect(issuesOf({ "documents/a.yaml": MAPPING.replace("{order}", "{order"), "documents/b.yaml": MAPPING })).toEqual([
    expect.stringMatching(/^documents\/a\.yaml:10:\d+: .*"\{" without its "\}"/),
    'documents/b.yaml:2:7: the document mapping "orders" is already described in documents/a.yaml',
  ]);
});

test("two translations of a value on one day, and one that ends before it begins, are refused", () => {
  expect(issuesOf({ "crosswalks/b.yaml": TABLE.replace("2026-02-28", "2026-03-01") })).toEqual([
    'crosswalks/b.yaml:7:5: "CASE" has another translation on 2026-03-01',
  ]);
  expect(
    issuesOf({
      "crosswalks/b.yaml": TABLE.replace(
        "effectiveFrom: 2026-03-01",
        "effectiveFrom: 2026-03-01, effectiveTo: 2026-02-01",
      ),
    }),
  ).toEqual(['crosswalks/b.yaml:7:5: "CASE" ends before it begins']);
});
