import { afterAll, beforeAll, expect, test } from "vitest";
import { createThroughline } from "@throughline/sdk";
import { type TestGateway, startTestGateway } from "@throughline/collector/gateway/gateway.fixture";

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());

test("events and spans of a host are stored, and what the gateway refuses is told", async () => {
  const problems: string[] = [];
  const throughline = createThroughline({
    source: "/erp/group",
    site: "north",
    gateway: { url: gateway.gateway.url, key: "ingest" },
    onProblem: ({ code, message }) => void problems.push(`${code}: ${message}`),
    handleExit: false,
    sequence: true,
  });
  throughline.start();
  const receipt = throughline.emit({
    type: "erp.goods_receipt.posted",
    objects: [{ type: "purchase_order_line", id: "4500012345/10" }],
    measures: { quantity: { value: "10", unit: "EA" } },
  });
  throughline.emit({ type: "erp.goods_receipt.cancelled", reverses: { id: receipt ?? "" } });
  throughline.emit({ type: "erp.invoice.posted", measures: { amount: { value: "1,200", currency: "USD" } } });
  await throughline.withStep(
    { type: "erp.payment.posted", objects: [{ type: "payment", id: "1000/2026/1" }] },
    () => undefined,
  );
  expect(await throughline.shutdown()).toBe(true);

  expect(throughline.stats()).toMatchObject({ emitted: 4, sent: 3, refused: 1 });
  expect(problems).toEqual([expect.stringMatching(/^refused: .*erp\.invoice\.posted .*\/data\/measures\/amount/)]);
  expect(throughline.stats().clock?.errorMs).toBeLessThan(10_000);
  // What was refused leaves a gap.
  expect(await gateway.query("SELECT type, toInt32(sequence) AS sequence FROM events ORDER BY type")).toEqual([
    { type: "erp.goods_receipt.cancelled", sequence: 2 },
    { type: "erp.goods_receipt.posted", sequence: 1 },
    { type: "erp.payment.posted", sequence: 4 },
  ]);
  const spans = await gateway.query(
    "SELECT SpanName AS name, SpanAttributes['throughline.object.payment'] AS payment FROM otel_traces",
  );
  expect(spans).toEqual([{ name: "erp.payment.posted", payment: "1000/2026/1" }]);
  expect(await gateway.query("SELECT count() AS count FROM quarantine")).toEqual([{ count: 1 }]);
});
