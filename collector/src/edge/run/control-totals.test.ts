import fc from "fast-check";
import { expect, test } from "vitest";
import { createControlTotals } from "./control-totals.ts";

const toEvent = (source: string, measures: Record<string, { value: string; unit: string }>) => ({
  specversion: "1.0" as const,
  id: "1",
  source,
  type: "erp.invoice.posted",
  data: { measures },
});

test("a window has the exact sums of each source, units and currencies apart, and is over when it was told", () => {
  const totals = createControlTotals();
  totals.add(toEvent("/a", { quantity: { value: "0.1", unit: "CS" }, weight: { value: "2.5", unit: "KG" } }));
  totals.add(toEvent("/a", { quantity: { value: "0.2", unit: "CS" } }));
  totals.add(toEvent("/a", { quantity: { value: "3", unit: "EA" } }));
  totals.add({ ...toEvent("/b", {}), data: { measures: { amount: { value: "-12.50", currency: "USD" } } } });
  totals.add({ specversion: "1.0", id: "2", source: "/b", type: "erp.invoice.posted" });
  expect([...totals.take()]).toEqual([
    ["/a", { events: 3, sums: ["quantity 2 0.3 CS", "quantity 1 3 EA", "weight 1 2.5 KG"], leftOut: 0 }],
    ["/b", { events: 2, sums: ["amount 1 -12.5 USD"], leftOut: 0 }],
  ]);
  expect(totals.take().size).toBe(0);
});

test("sums do not depend on the order or the windows", () => {
  const cents = fc.array(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(cents, (values) => {
      const totals = createControlTotals();
      for (const value of values) totals.add(toEvent("/a", { amount: { value: `${value}`, unit: "C" } }));
      const sum = values.reduce((a, b) => a + b, 0n);
      expect(totals.take().get("/a")?.sums).toEqual([`amount ${values.length} ${sum} C`]);
    }),
  );
});

test("no sender can make a window grow without bound", () => {
  const totals = createControlTotals();
  for (let unit = 0; unit < 100; unit++) totals.add(toEvent("/a", { quantity: { value: "1", unit: `U${unit}` } }));
  const window = totals.take().get("/a");
  expect([window?.events, window?.sums.length, window?.leftOut]).toEqual([100, 64, 36]);
});
