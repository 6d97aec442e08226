import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { Event } from "@throughline/schemas/event";
import { mapFile, readMapping } from "./import-file.fixture.ts";
import { openInput } from "./open-input.ts";

const ROOT = join(import.meta.dirname, "../../..");
const CORPUS = process.env["THROUGHLINE_CORPUS"] ?? join(ROOT, "../shared/data");
const MAPPINGS = join(ROOT, "config/mappings");

async function importAll(path: string, mapping: string) {
  const input = await openInput({ path, keepsObjectAttributes: true }, () => undefined);
  const results = await mapFile(input, readMapping(join(MAPPINGS, `${mapping}.yaml`)));
  const refused = results.filter((result) => typeof result === "string");
  const events = results.filter((result): result is Event => typeof result !== "string");
  return { input, events, refused };
}

function objectsOf(events: readonly Event[], type: string): Set<string> {
  return new Set(
    events.flatMap(({ data }) =>
      typeof data === "object"
        ? (data?.objects ?? []).filter((object) => object.type === type).map(({ id }) => id)
        : [],
    ),
  );
}

function activityOf({ data }: Event): string {
  return typeof data === "object" ? String(data?.attributes?.["activity"]) : "";
}

function countBy(values: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** Cases, events and activities of an XES text by plain pattern matching. */
function countXes(text: string) {
  const traces = text.split("<trace>").slice(1);
  const events = traces.flatMap((trace) => trace.split("<event>").slice(1));
  const names = events.map((event) => /key="concept:name" value="([^"]*)"/.exec(event)?.[1] ?? "");
  return { cases: traces.length, events: events.length, activities: countBy(names) };
}

describe.each([
  ["01_02_01.xes.gz", 676, 10_565],
  ["02_01.xes.gz", 705, 8754],
  ["03.xes.gz", 287, 2364],
])("BPI Challenge 2019, sub-log %s", (...[name, cases, count]) => {
  const path = join(CORPUS, "bpi2019", name);
  const reason = existsSync(path) ? "" : ` (skipped: ${path} is absent)`;

  test.skipIf(reason !== "")(
    `has the cases, events and activities of the file, and nothing refused${reason}`,
    async () => {
      const expected = countXes(gunzipSync(readFileSync(path)).toString("utf8"));
      expect([expected.cases, expected.events]).toEqual([cases, count]);
      const { events, refused, input } = await importAll(path, "bpi2019");
      expect(refused).toEqual([]);
      expect(input.format).toBe("xes");
      expect(events).toHaveLength(expected.events);
      expect(countBy(events.map(activityOf))).toEqual(expected.activities);
      expect(objectsOf(events, "purchase_order_line").size).toBe(expected.cases);
      expect(new Set(events.map(({ id }) => id)).size).toBe(expected.events);
      const created = events.filter(({ type }) => type === "procurement.purchase_order.created");
      const expects = created.map(({ data }) =>
        typeof data === "object" ? data?.attributes?.["receipt_expected"] : undefined,
      );
      expect(new Set(expects)).toEqual(new Set([name !== "03.xes.gz"]));
    },
  );
});

describe("object-centric logs", () => {
  const first = join(CORPUS, "ocel/p2p-normal.jsonocel");
  const second = join(CORPUS, "ocel/ocel20_example.xmlocel");
  const missing = (path: string) => (existsSync(path) ? "" : ` (skipped: ${path} is absent)`);

  test.skipIf(missing(first) !== "")(`OCEL 1.0 JSON: all events and objects${missing(first)}`, async () => {
    const text = readFileSync(first, "utf8");
    const { events, refused, input } = await importAll(first, "ocel-p2p");
    expect(refused).toEqual([]);
    expect(events).toHaveLength([...text.matchAll(/"ocel:activity":/g)].length);
    expect(events).toHaveLength(720);
    expect(input.objects.count()).toBe(781);
    const named = ["requisition", "purchase_order", "goods_receipt", "invoice", "item"].map(
      (type) => objectsOf(events, type).size,
    );
    expect(named.reduce((sum, size) => sum + size, 0)).toBe(781);
    expect(objectsOf(events, "purchase_order_line")).toEqual(objectsOf(events, "purchase_order"));
    expect(countBy(events.map(({ type }) => type)).get("erp.goods_receipt.posted")).toBe(80);
  });

  test.skipIf(missing(second) !== "")(
    `OCEL 2.0 XML: all events, with the quantity of their time${missing(second)}`,
    async () => {
      const { events, refused, input } = await importAll(second, "ocel-p2p");
      expect(refused).toEqual([]);
      expect(events).toHaveLength(13);
      expect(input.objects.count()).toBe(9);
      const quantities = events.flatMap(({ data, type }) =>
        typeof data === "object" && data?.measures?.["quantity"] ? [`${type} ${data.measures["quantity"].value}`] : [],
      );
      expect(quantities).toEqual([
        "procurement.purchase_order.created 500",
        "procurement.purchase_order.quantity_changed 600",
        "procurement.purchase_order.created 1",
      ]);
    },
  );
});
