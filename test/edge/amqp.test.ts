import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeTestFolder } from "@throughline/collector/edge/spool/spool.fixture";
import { type ChannelModel, type ConfirmChannel, connect } from "amqplib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Broker } from "../brokers/program.ts";
import { startFreezingProxy } from "../brokers/freezing-proxy.ts";
import { RABBITMQ, startRabbitmq } from "../brokers/rabbitmq.ts";
import { startTestInterface, type TestInterface, toRows, toStock } from "./test-interface.ts";

const TIMEOUT = { timeout: 30_000 };

describe.skipIf(RABBITMQ === undefined)(
  "an edge that reads RabbitMQ (skipped where rabbitmq-server is not installed)",
  () => {
    let broker: Broker;
    let connection: ChannelModel;
    let channel: ConfirmChannel;
    let queue: string;
    let folder: string;
    let remove: () => void;
    let own: TestInterface | undefined;

    beforeAll(async () => {
      broker = await startRabbitmq();
      connection = await connect(broker.url);
      channel = await connection.createConfirmChannel();
    }, 120_000);
    afterAll(async () => {
      await connection.close();
      await broker.stop();
    });
    beforeEach(async () => {
      ({ folder, remove } = makeTestFolder());
      writeFileSync(join(folder, "rabbit.password"), "guest\n", { mode: 0o600 });
      queue = `orders-${randomUUID()}`;
      await channel.assertQueue(queue);
    });
    afterEach(async () => {
      await own?.stop();
      own = undefined;
      await channel.deleteQueue(queue);
      remove();
    });

    const start = async (name = queue, url = broker.url.replace("guest:guest@", "")) => {
      own = await startTestInterface(
        `{ id: orders, format: json, mappings: [json-stock], from: { kind: amqp, url: "${url}", user: guest, passwordFile: "${folder}/rabbit.password", queue: "${name}", prefetch: 10 } }`,
        folder,
      );
      return own;
    };
    const send = async (body: Buffer, messageId?: string) => {
      channel.sendToQueue(queue, body, { persistent: true, ...(messageId !== undefined && { messageId }) });
      await channel.waitForConfirms();
    };
    const count = async () => (await channel.checkQueue(queue)).messageCount;
    const settle = (edge: TestInterface, documents: number) =>
      expect.poll(() => edge.running.counts().documents, TIMEOUT).toBe(documents);

    test("takes messages in their order, under ids that the message-id or the content makes", async () => {
      const edge = await start();
      for (let id = 1; id <= 25; id++) await send(toStock(id), id % 2 === 0 ? `m${id}` : undefined);
      await settle(edge, 25);
      const events = await edge.readEvents();
      expect(toRows(events)).toEqual(Array.from({ length: 25 }, (_, at) => at + 1));
      await send(toStock(26), "m2");
      await send(toStock(1));
      await settle(edge, 27);
      const [sameId, sameContent] = await edge.readEvents();
      expect([sameId?.id, sameContent?.id]).toEqual([events[1]?.id, events[0]?.id]);
      expect(await count()).toBe(0);
    });

    test("says up to when it took all, and keeps what nobody can read without stopping there", async () => {
      const edge = await start();
      const before = Date.now();
      await send(Buffer.from("no JSON, but Jane Doe's"));
      await send(Buffer.alloc(0));
      await send(toStock(1));
      await settle(edge, 1);
      await expect.poll(() => edge.running.completeAt() ?? 0, TIMEOUT).toBeGreaterThan(before);
      const kept = await edge.readKept();
      expect(kept.map((each) => /"reason":"([^"]*)"/.exec(each)?.[1])).toEqual([
        "no document can be read: malformed",
        "no document can be read: empty",
      ]);
      expect(kept[0]).toContain(Buffer.from("no JSON, but Jane Doe's").toString("base64"));
      expect(edge.logged.join("")).not.toContain("Jane");
      expect(await count()).toBe(0);
    });

    test("gives back what it did not take when it is stopped, and takes it when it is there again", async () => {
      for (let id = 1; id <= 2000; id++) channel.sendToQueue(queue, toStock(id));
      await channel.waitForConfirms();
      const edge = await start();
      await expect.poll(() => edge.running.counts().documents, { ...TIMEOUT, interval: 1 }).toBeGreaterThan(0);
      await edge.running.stop();
      const taken = toRows(await edge.readEvents());
      await edge.stop();
      own = undefined;
      expect(taken.length).toBeLessThan(2000);
      expect(await count()).toBe(2000 - taken.length);
      const again = await start();
      await settle(again, 2000 - taken.length);
      expect([...taken, ...toRows(await again.readEvents())]).toEqual(Array.from({ length: 2000 }, (_, at) => at + 1));
    });

    test("ends in time when the network is dead, and its messages are there again", async () => {
      const { hostname, port } = new URL(broker.url);
      const proxy = await startFreezingProxy({ host: hostname, port: Number(port) });
      try {
        await send(toStock(1));
        const edge = await start(queue, `amqp://127.0.0.1:${proxy.port}`);
        await settle(edge, 1);
        proxy.freeze();
        await send(toStock(2));
        const stoppedAt = performance.now();
        await edge.running.stop();
        expect(performance.now() - stoppedAt).toBeLessThan(10_000);
        expect(toRows(await edge.readEvents())).toEqual([1]);
        await edge.stop();
        own = undefined;
      } finally {
        await proxy.stop();
      }
      const again = await start();
      await expect.poll(() => again.running.counts().documents, TIMEOUT).toBeGreaterThan(0);
      expect(toRows(await again.readEvents())).toContain(2);
    }, 60_000);

    test("connects again when its connection is cut, and says meanwhile why it cannot read", async () => {
      const missing = await start(`${queue}-later`);
      await expect.poll(() => missing.running.failure(), TIMEOUT).toBe("the broker has no such queue");
      const other = queue;
      queue = `${queue}-later`;
      await channel.deleteQueue(other);
      await channel.assertQueue(queue);
      await send(toStock(1));
      await settle(missing, 1);
      expect(missing.running.failure()).toBeUndefined();
      await channel.deleteQueue(queue);
      await expect.poll(() => missing.running.failure(), TIMEOUT).toBeDefined();
      await channel.assertQueue(queue);
      await send(toStock(2));
      await settle(missing, 2);
      expect(toRows(await missing.readEvents())).toEqual([1, 2]);
      expect(missing.logged.join("")).not.toContain("guest");
    });
  },
);
