import { expect, test } from "vitest";
import { explainExpected, findOwnSeat, sayReason, sayUnexpected } from "./seat-text.ts";

test("opens the seat of the domains that are seen", () => {
  expect(findOwnSeat("*")).toBe("pharmacy");
  expect(findOwnSeat(["erp"])).toBe("finance");
  expect(findOwnSeat(["receiving", "erp"])).toBe("procurement");
  expect(findOwnSeat(["supplier"])).toBe("pharmacy");
});

test("says when to expect something, by what, and why not", () => {
  const by = (basis: "order" | "receipt", isOver: boolean) => ({
    expected: { on: "2026-03-15", basis, isOver },
    isOrdered: true,
  });
  expect(explainExpected(by("order", true))).toBe("It was to come on 2026-03-15, by the order, and did not.");
  expect(explainExpected(by("receipt", false))).toContain("the shelf has not been filled");
  expect(explainExpected({ expected: null, isOrdered: false })).toBe("Nothing is ordered for it.");
  const order = { line: "1/10", supplier: "", quantity: null, orderedAt: null, scheduledOn: null, promisedOn: null };
  const at = (lineStatus: string | null, shipment: string | null) => ({
    isOrdered: true,
    orders: [{ ...order, lineStatus, shipment, shipsOn: null, receivedAt: null, href: "" }],
  });
  expect(sayUnexpected({ isOrdered: null, orders: [] })).toBe("not shown");
  expect(sayUnexpected({ isOrdered: false, orders: [] })).toBe("not ordered");
  expect(sayUnexpected(at(null, null))).toBe("ordered, no day");
  expect(sayUnexpected(at("IA", null))).toBe("answered, no day");
  expect(sayUnexpected(at("IA", "SH1"))).toBe("shipped, no day");
});

test("makes a sentence of a reason", () => {
  expect(sayReason("nothing is matched")).toBe("Nothing is matched.");
});
