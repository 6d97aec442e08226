import { parseEvent } from "@throughline/schemas/event-validator";
import { describe, expect, test } from "vitest";
import { createMemoryExporter } from "./exporters/memory-exporter.ts";
import { createThroughline } from "./throughline.ts";

function create() {
  const exporter = createMemoryExporter();
  const throughline = createThroughline({ source: "/procurement/north", site: "north", exporter, tracing: "off" });
  throughline.start();
  return { throughline, exporter };
}

describe("emit", () => {
  test("sends a CloudEvent that the gateway takes", () => {
    const { throughline, exporter } = create();
    const id = throughline.emit({
      type: "procurement.purchase_order.issued",
      objects: [{ type: "purchase_order_line", id: "4500012345/10" }],
      measures: { quantity: { value: "10", unit: "CS" } },
      attributes: { channel: "edi", patient: "Jane Doe" },
    });
    const [event] = exporter.events();
    expect(event).toMatchObject({
      specversion: "1.0",
      id,
      source: "/procurement/north",
      site: "north",
      type: "procurement.purchase_order.issued",
      data: {
        objects: [{ type: "purchase_order_line", id: "4500012345/10" }],
        measures: { quantity: { value: "10", unit: "CS" } },
        attributes: { channel: "edi" },
      },
    });
    expect(parseEvent(event)).toEqual({ ok: true, event });
    expect(throughline.stats()).toMatchObject({ emitted: 1, sent: 1, removedAttributes: 1 });
  });
});

describe("withStep", () => {
  test("emits its milestone when the work is done", async () => {
    const { throughline, exporter } = create();
    const result = await throughline.withStep(
      { type: "erp.goods_receipt.posted", objects: [{ type: "purchase_order_line", id: "1/10" }] },
      (step) => {
        step.add({ objects: [{ type: "goods_receipt", id: "erp/5/2026/1" }] });
        return 7;
      },
    );
    expect(result).toBe(7);
    expect(exporter.events()[0]?.data).toEqual({
      outcome: "ok",
      objects: [
        { type: "purchase_order_line", id: "1/10" },
        { type: "goods_receipt", id: "erp/5/2026/1" },
      ],
    });
  });

  test("emits a failure with its class and lets the error pass", async () => {
    const { throughline, exporter } = create();
    const failure = Object.assign(new Error("connect to 10.0.0.1"), { code: "ECONNREFUSED" });
    await expect(
      throughline.withStep({ type: "erp.goods_receipt.posted" }, () => Promise.reject(failure)),
    ).rejects.toBe(failure);
    expect(exporter.events()[0]?.data).toEqual({
      outcome: "failed",
      error: { class: "transport", code: "ECONNREFUSED", retryable: true },
    });
  });
});
