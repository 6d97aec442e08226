import { makeTestFolder } from "@throughline/collector/edge/spool/spool.fixture";
import { Kafka, logLevel, type Producer } from "kafkajs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { KCAT, startKafka } from "../brokers/kafka.ts";
import type { Broker } from "../brokers/program.ts";
import { startTestInterface, type TestInterface, toRows, toStock } from "./test-interface.ts";

const TIMEOUT = { timeout: 60_000 };

// The mock cluster of librdkafka speaks Kafka's protocol; it is no Kafka.
describe.skipIf(KCAT === undefined)("an edge that reads Kafka's protocol (skipped where kcat is not installed)", () => {
  let broker: Broker;
  let producer: Producer;
  let folder: string;
  let remove: () => void;
  let own: TestInterface | undefined;

  beforeEach(async () => {
    broker = await startKafka();
    producer = new Kafka({ brokers: [broker.url], clientId: "test", logLevel: logLevel.NOTHING }).producer();
    await producer.connect();
    ({ folder, remove } = makeTestFolder());
  });
  afterEach(async () => {
    await own?.stop();
    own = undefined;
    await producer.disconnect();
    await broker.stop();
    remove();
  });

  const start = async () => {
    own = await startTestInterface(
      `{ id: stock, format: json, mappings: [json-stock], from: { kind: kafka, brokers: ["${broker.url}"], topic: stock, group: throughline, tls: false } }`,
      folder,
    );
    return own;
  };
  const send = (...values: Buffer[]) =>
    producer.send({ topic: "stock", messages: values.map((value) => ({ partition: 0, value })) });

  test("takes messages in the order of their partition, goes on behind what it committed, and is told how far it is", async () => {
    await send(...Array.from({ length: 20 }, (_, id) => toStock(id + 1)), Buffer.from("no JSON"), toStock(21));
    const edge = await start();
    const before = Date.now();
    await expect.poll(() => edge.running.counts().documents, TIMEOUT).toBe(21);
    await expect.poll(() => edge.running.completeAt() ?? 0, TIMEOUT).toBeGreaterThan(before);
    expect(toRows(await edge.readEvents())).toEqual(Array.from({ length: 21 }, (_, at) => at + 1));
    expect(await edge.readKept()).toHaveLength(1);
    await edge.stop();
    own = undefined;
    await send(toStock(22), toStock(22));
    const next = await start();
    await expect.poll(() => next.running.counts().documents, TIMEOUT).toBe(2);
    const events = await next.readEvents();
    expect(toRows(events)).toEqual([22, 22]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(2);
  }, 150_000);
});
