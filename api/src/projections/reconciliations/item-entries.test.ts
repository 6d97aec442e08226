import fc from "fast-check";
import { expect, test } from "vitest";
import { MAX_LISTED, countEntries, fromStoredEntries, toStoredEntries } from "./item-entries.ts";

test("the entries of an item are the same when they come back, stored in short or in full", () => {
  const identity = fc.constantFrom("erp\u00001", "erp\u00002", "wms\u00001", "wms\u00002");
  fc.assert(
    fc.property(fc.array(identity, { maxLength: MAX_LISTED }), identity, (entries, item) => {
      expect(fromStoredEntries(toStoredEntries(entries, item), item)).toEqual(entries);
      expect(fromStoredEntries(entries, item)).toEqual(entries);
      expect(countEntries(toStoredEntries(entries, item))).toBe(entries.length);
    }),
  );
  const many = Array.from({ length: MAX_LISTED }, (_, index) => `erp\u0000${index}`);
  expect(fromStoredEntries(toStoredEntries(many, "erp\u00001", 300), "erp\u00001")).toEqual(many);
  expect(countEntries(toStoredEntries(many, "erp\u00001", 300))).toBe(300);
  expect(toStoredEntries(["erp\u00001", "wms\u00001"], "erp\u00001")).toEqual(["", "wms\u00001"]);
});
