import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eventType, objectType } from "@throughline/schemas/event";
import { deriveEventType, deriveObjectType } from "./derive-type.ts";

describe("a derived type", () => {
  test.each([
    ["Create Purchase Order", "imported.purchase_order.create"],
    ["Überprüfe Lieferung", "imported.lieferung.uberprufe"],
    ["Ship", "imported.activity.ship"],
    ["2nd check", "imported.check.n2nd"],
    ["承認", "imported.activity.occur"],
  ])("of %s is %s", (activity, expected) => {
    expect(deriveEventType(activity, "imported")).toBe(expected);
  });

  test("is valid for any activity, and always the same", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (activity) => {
        const type = deriveEventType(activity, "imported");
        expect(eventType.safeParse(type).success).toBe(true);
        expect(deriveEventType(activity, "imported")).toBe(type);
        expect(objectType.safeParse(deriveObjectType(activity)).success).toBe(true);
      }),
    );
    expect(eventType.safeParse(deriveEventType("x".repeat(500), "imported")).success).toBe(true);
  });
});
