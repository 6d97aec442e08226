import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { KCAT, startKafka } from "../brokers/kafka.ts";
import { NATS, startNats } from "../brokers/nats.ts";
import { POSTGRES, startPostgres } from "../brokers/postgres.ts";
import type { Broker } from "../brokers/program.ts";
import { RABBITMQ, startRabbitmq } from "../brokers/rabbitmq.ts";
import { ROOT } from "../repository/root.ts";
import { type Sink, startSink } from "./sink.ts";

const EXAMPLE_TIMEOUT_MS = 60_000;
let sink: Sink;
let broker: Broker | undefined;

beforeEach(async () => {
  sink = await startSink();
});
afterEach(async () => {
  await broker?.stop();
  broker = undefined;
  await sink.close();
});

/** Runs an example as a person does. What it prints is an error, but for a warning of node's of a timer of kafkajs. */
async function runExample(name: string, start?: () => Promise<Broker>): Promise<void> {
  broker = await start?.();
  const file = join(ROOT, "sdk/examples", `${name}.ts`);
  const settings = [sink.url, "tl_test", ...(broker === undefined ? [] : [broker.url])];
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ["--disable-warning=TimeoutNegativeWarning", file, ...settings],
    { timeout: EXAMPLE_TIMEOUT_MS },
  );
  expect(stdout + stderr).toBe("");
}

/** The names of all spans below the first span of that name, each behind its parent's. */
function listPaths(root: string): string[] {
  const walk = (id: string | undefined, path: string): string[] =>
    sink.spans
      .filter(({ parentSpanId }) => parentSpanId === id)
      .flatMap((span) => [`${path}${span.name}`, ...walk(span.spanId, `${path}${span.name} > `)]);
  const first = sink.spans.find(({ name }) => name === root);
  return walk(first?.spanId, "").toSorted();
}

const find = (name: string) => sink.spans.find((span) => span.name === name);
const countTraces = () => new Set(sink.events.map(({ traceparent }) => traceparent?.slice(3, 35))).size;

describe("the example of", () => {
  test("hono and fetch", async () => {
    await runExample("hono");
    expect(listPaths("internal procurement.purchase_order.issued")).toEqual([
      "client POST /orders/{order}",
      "client POST /orders/{order} > server POST /orders/:order",
      "client POST /orders/{order} > server POST /orders/:order > internal erp.purchase_order.received",
    ]);
    expect(find("server POST /orders/:order")?.attributes).toMatchObject({
      "http.request.method": "POST",
      "http.route": "/orders/:order",
      "http.response.status_code": 201,
      "throughline.object.purchase_order": "4500012345",
    });
    expect([sink.events.length, countTraces()]).toEqual([2, 1]);
  });

  test("express and undici", async () => {
    await runExample("express");
    expect(listPaths("internal warehouse.goods_receipt.recorded")).toEqual([
      "client POST",
      "client POST > server POST /receipts/:receipt",
      "client POST > server POST /receipts/:receipt > internal erp.goods_receipt.posted",
    ]);
    expect(find("client POST")?.attributes).toMatchObject({ "http.response.status_code": 201 });
    expect([sink.events.length, countTraces()]).toEqual([2, 1]);
  });

  test("fastify, of which one request fails", async () => {
    await runExample("fastify");
    const servers = sink.spans.filter(({ name }) => name === "server POST /requisitions/:requisition");
    expect(servers.map(({ attributes, isError }) => [attributes["http.response.status_code"], isError])).toEqual([
      [201, false],
      [500, true],
    ]);
    expect(JSON.stringify(sink.spans)).not.toContain("no such requisition");
    expect(listPaths("internal pharmacy.stock.below_par")).toContain(
      "client POST > server POST /requisitions/:requisition > internal procurement.requisition.created",
    );
    expect([sink.events.length, countTraces()]).toEqual([3, 2]);
  });

  test.skipIf(RABBITMQ === undefined)(
    "amqplib (skipped where rabbitmq-server is not installed)",
    async () => {
      await runExample("amqplib", startRabbitmq);
      expect(listPaths("internal procurement.purchase_order.issued")).toEqual([
        "producer send orders",
        "producer send orders > consumer process orders",
        "producer send orders > consumer process orders > internal erp.purchase_order.received",
      ]);
      expect(find("consumer process orders")?.attributes["throughline.object.purchase_order"]).toBe("4500012345");
      expect(countTraces()).toBe(1);
    },
    120_000,
  );

  test.skipIf(NATS === undefined)("nats (skipped where nats-server is not installed)", async () => {
    await runExample("nats", startNats);
    expect(listPaths("internal cabinet.dispense.recorded")).toEqual([
      "producer send dispense.recorded",
      "producer send dispense.recorded > consumer process dispense.recorded",
      "producer send dispense.recorded > consumer process dispense.recorded > internal pharmacy.stock_movement.posted",
      "producer send stock.check",
      "producer send stock.check > consumer process stock.check",
    ]);
    expect([sink.events.length, countTraces()]).toEqual([3, 1]);
  });

  test.skipIf(KCAT === undefined)(
    "kafkajs (skipped where kcat is not installed)",
    async () => {
      await runExample("kafkajs", startKafka);
      expect(listPaths("internal payables.invoice.matched")).toEqual([
        "producer send invoices",
        "producer send invoices > consumer process invoices",
        "producer send invoices > consumer process invoices > internal erp.journal_entry.posted",
      ]);
      expect(find("consumer process invoices")?.attributes["throughline.object.invoice"]).toBe("CARDINAL/INV-0087");
      expect(countTraces()).toBe(1);
    },
    90_000,
  );

  test.skipIf(POSTGRES === undefined)("pg (skipped where postgresql is not installed)", async () => {
    await runExample("pg", startPostgres);
    expect(listPaths("internal erp.goods_receipt.posted")).toEqual([
      "client BEGIN",
      "client COMMIT",
      "client INSERT",
      "client INSERT",
      "internal erp.goods_receipt.published",
      "internal erp.goods_receipt.published > client DELETE",
    ]);
    expect(JSON.stringify(sink.spans.filter(({ name }) => name.startsWith("client")))).not.toContain("5000012345");
    expect([sink.events.length, countTraces()]).toEqual([2, 1]);
  });
});
