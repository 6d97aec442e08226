import { join } from "node:path";
import { expect, test } from "vitest";
import { readPack, testSample } from "./test-mapping.ts";

const ROOT = join(import.meta.dirname, "..");
const mapping = (name: string) => join(ROOT, `config/documents/${name}.yaml`);
const sample = (name: string) => join(ROOT, `collector/src/edge/golden/${name}`);

test("a sample is shown as the events that it becomes", async () => {
  const tested = await testSample(readPack(mapping("x12-850"), undefined), sample("x12/850.edi"), {
    zone: "America/Chicago",
  });
  expect(tested.findings).toEqual([]);
  expect(tested.documents.map(({ kind, events }) => [kind, events.map(({ type, time }) => `${type} ${time}`)])).toEqual(
    [["850", Array.from({ length: 3 }, () => "procurement.purchase_order.issued 2026-03-02T15:14:00Z")]],
  );
});

test("columns are read as the mapping has them", async () => {
  const tested = await testSample(readPack(mapping("csv-inventory"), undefined), sample("csv/inventory.csv"), {});
  expect(tested.documents).toHaveLength(5);
});

test("a file that is not there, and a mapping that is wrong, are named", async () => {
  expect(() => readPack("nowhere.yaml", undefined)).toThrow("nowhere.yaml");
  expect(() => readPack(join(ROOT, "config/objects.yaml"), undefined)).toThrow(/documents\/objects.yaml:\d+:\d+/);
  await expect(testSample(readPack(mapping("x12-850"), undefined), "nowhere.edi", {})).rejects.toThrow("nowhere.edi");
});
