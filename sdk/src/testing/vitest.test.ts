import { expect, test } from "vitest";
import { createTestThroughline } from "./test-throughline.ts";
import "./vitest.ts";

test("tells what was emitted", async () => {
  const throughline = createTestThroughline({ objectTypes: ["vial"] });
  await throughline.withStep({ type: "erp.goods_receipt.posted", objects: [{ type: "vial", id: "V-1" }] }, (step) =>
    step.add({ measures: { quantity: { value: "10", unit: "EA" } } }),
  );
  expect(throughline).toHaveEmitted("erp.goods_receipt.posted");
  expect(throughline).toHaveEmitted({
    outcome: "ok",
    objects: [{ type: "vial", id: "V-1" }],
    measures: { quantity: { value: "10", unit: "EA" } },
  });
  expect(throughline).not.toHaveEmitted("erp.invoice.posted");
  expect(throughline).not.toHaveEmitted({ objects: [{ type: "vial", id: "V-2" }] });
  expect(() => expect(throughline).toHaveEmitted({ outcome: "failed" })).toThrow(/expected an event like/);
  expect(() => expect({}).toHaveEmitted("a.b.c")).toThrow(/createTestThroughline/);
});
