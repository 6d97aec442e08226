import { makeTestFolder } from "@throughline/collector/edge/spool/spool.fixture";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { type NatsConnection, connect } from "@nats-io/transport-node";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { NATS, startNats } from "../brokers/nats.ts";
import type { Broker } from "../brokers/program.ts";
import { startTestInterface, type TestInterface, toRows, toStock } from "./test-interface.ts";

const TIMEOUT = { timeout: 45_000 };

describe.skipIf(NATS === undefined)(
  "an edge that reads NATS JetStream (skipped where nats-server is not installed)",
  () => {
    let broker: Broker;
    let connection: NatsConnection;
    let folder: string;
    let remove: () => void;
    let own: TestInterface | undefined;

    beforeEach(async () => {
      broker = await startNats();
      connection = await connect({ servers: broker.url });
      ({ folder, remove } = makeTestFolder());
    });
    afterEach(async () => {
      await own?.stop();
      own = undefined;
      await connection.close();
      await broker.stop();
      remove();
    });

    const start = async () => {
      own = await startTestInterface(
        `{ id: stock, format: json, mappings: [json-stock], from: { kind: nats, servers: ["${broker.url}"], stream: STOCK, consumer: throughline, subject: stock.counted, prefetch: 10 } }`,
        folder,
      );
      return own;
    };
    const addStream = async () =>
      (await jetstreamManager(connection)).streams.add({ name: "STOCK", subjects: ["stock.>"] });
    const publish = (id: number, subject = "stock.counted") => jetstream(connection).publish(subject, toStock(id));
    const info = async () => (await jetstreamManager(connection)).consumers.info("STOCK", "throughline");
    const settle = (edge: TestInterface, documents: number) =>
      expect.poll(() => edge.running.counts().documents, TIMEOUT).toBe(documents);

    test("waits for its stream, makes its consumer, and takes what its subject has in order", async () => {
      const edge = await start();
      await expect.poll(() => edge.running.failure(), TIMEOUT).toBe("the server has no such stream");
      await addStream();
      const before = Date.now();
      for (let id = 1; id <= 25; id++) await publish(id);
      await publish(99, "stock.moved");
      await jetstream(connection).publish("stock.counted", "no JSON");
      await settle(edge, 25);
      await expect.poll(() => edge.running.completeAt() ?? 0, TIMEOUT).toBeGreaterThan(before);
      expect(toRows(await edge.readEvents())).toEqual(Array.from({ length: 25 }, (_, at) => at + 1));
      expect(await edge.readKept()).toHaveLength(1);
      expect(edge.running.failure()).toBeUndefined();
      await expect.poll(info, TIMEOUT).toMatchObject({ num_pending: 0, num_ack_pending: 0 });
    });

    test("gives back at once what it did not take when it is stopped; equal messages are two", async () => {
      await addStream();
      await Promise.all(Array.from({ length: 1000 }, (_, at) => publish(at < 50 ? 0 : at)));
      const edge = await start();
      await expect.poll(() => edge.running.counts().documents, { ...TIMEOUT, interval: 1 }).toBeGreaterThan(0);
      await edge.running.stop();
      const first = await edge.readEvents();
      await edge.stop();
      own = undefined;
      expect(first.length).toBeLessThan(1000);
      const again = await start();
      const rows = new Map(first.map(({ id, data }) => [id, data.attributes["row"]]));
      const readOn = async () => {
        for (const { id, data } of await again.readEvents()) rows.set(id, data.attributes["row"]);
        return rows.size;
      };
      await expect.poll(readOn, TIMEOUT).toBe(1000);
      expect([...rows.values()].filter((row) => row === "0")).toHaveLength(50);
      await expect.poll(info, TIMEOUT).toMatchObject({ num_pending: 0, num_ack_pending: 0 });
      expect(await readOn()).toBe(1000);
    }, 60_000);

    test("makes its consumer again when it is deleted, and takes nothing twice under another id", async () => {
      await addStream();
      await publish(1);
      const edge = await start();
      await settle(edge, 1);
      await (await jetstreamManager(connection)).consumers.delete("STOCK", "throughline");
      await publish(2);
      await settle(edge, 3);
      const events = await edge.readEvents();
      expect(toRows(events)).toEqual([1, 1, 2]);
      expect(events[1]?.id).toBe(events[0]?.id);
    }, 60_000);
  },
);
