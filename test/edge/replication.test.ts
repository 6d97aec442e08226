import { makeTestFolder } from "@throughline/collector/edge/spool/spool.fixture";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { POSTGRES, type PostgresServer, startPostgres } from "../brokers/postgres.ts";
import { startTestInterface, type TestInterface, toRows } from "./test-interface.ts";

const TIMEOUT = { timeout: 45_000 };

describe.skipIf(POSTGRES === undefined)(
  "an edge that follows PostgreSQL (skipped where postgresql is not installed)",
  () => {
    let broker: PostgresServer;
    let client: Client;
    let other: Client;
    let folder: string;
    let remove: () => void;
    let own: TestInterface | undefined;

    const connect = async () => {
      [client, other] = [new Client(broker.url), new Client(broker.url)];
      // The server is ended under them.
      for (const each of [client, other]) each.on("error", () => undefined);
      await Promise.all([client.connect(), other.connect()]);
    };
    beforeAll(async () => {
      broker = await startPostgres();
      await connect();
      await client.query("CREATE TABLE outbox (id bigserial PRIMARY KEY, item text, on_hand numeric, at timestamptz)");
      await client.query("CREATE TABLE aside (id int)");
      await client.query("CREATE PUBLICATION tower FOR TABLE outbox");
    }, 120_000);
    afterAll(async () => {
      await Promise.all([client.end(), other.end()]);
      await broker.stop();
    });
    beforeEach(async () => {
      ({ folder, remove } = makeTestFolder());
      await client.query("TRUNCATE outbox RESTART IDENTITY");
    });
    afterEach(async () => {
      await own?.stop();
      own = undefined;
      // Until the server knows that nobody reads it.
      await vi.waitFor(() => client.query("SELECT pg_drop_replication_slot('tower')"), TIMEOUT);
      remove();
    });

    const start = async (more = "") => {
      const url = broker.url.replace("test@", "");
      own = await startTestInterface(
        `{ id: outbox, format: json, mappings: [json-stock], from: { kind: postgres-replication, url: "${url}", user: test, tls: false, slot: tower, publication: tower${more} } }`,
        folder,
      );
      const { running } = own;
      await expect.poll(() => running.completeAt(), TIMEOUT).toBeDefined();
      return own;
    };
    const insert = (rows: number, by = client) =>
      by.query(
        "INSERT INTO outbox (item, on_hand, at) SELECT 'I' || n, n, '2026-11-20T02:00:00.123456Z' FROM generate_series(1, $1) n",
        [rows],
      );
    const settle = (edge: TestInterface, documents: number) =>
      expect.poll(() => edge.running.counts().documents, TIMEOUT).toBe(documents);
    const again = async (edge: TestInterface) => {
      const before = Date.now();
      await expect.poll(() => edge.running.completeAt() ?? 0, TIMEOUT).toBeGreaterThan(before);
    };
    const retained = async () => {
      const { rows } = await client.query<{ behind: string }>(
        "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)::text AS behind FROM pg_replication_slots",
      );
      return Number(rows[0]?.behind);
    };

    test("takes rows in the order in which their transactions commit, none of those that are rolled back", async () => {
      const edge = await start();
      await client.query("BEGIN");
      await insert(2);
      await insert(1, other);
      await client.query("COMMIT");
      await client.query("BEGIN");
      await insert(1);
      await client.query("ROLLBACK");
      await settle(edge, 3);
      await again(edge);
      const events = await edge.readEvents();
      expect(toRows(events)).toEqual([3, 1, 2]);
      expect(events[0]).toMatchObject({ time: "2026-11-20T02:00:00.123456Z", data: { attributes: { op: "insert" } } });
      expect(edge.running.counts().documents).toBe(3);
    });

    test("skips no transaction that commits right behind the one that was taken last, though the edge and the server end", async () => {
      const edge = await start();
      for (let round = 0; round < 5; round++) {
        await Promise.all([client.query("BEGIN"), other.query("BEGIN")]);
        await Promise.all([insert(1), insert(1, other)]);
        await Promise.all([client.query("COMMIT"), other.query("COMMIT")]);
      }
      await settle(edge, 10);
      const ids = new Set((await edge.readEvents()).map(({ id }) => id));
      expect(ids.size).toBe(10);
      await edge.stop();
      await insert(3);
      // A server that crashed may give again what was taken, under the ids that it had.
      await broker.restart();
      await connect();
      const next = await start();
      const readOn = async () => {
        for (const { id } of await next.readEvents()) ids.add(id);
        return ids.size;
      };
      await expect.poll(readOn, TIMEOUT).toBe(13);
      await broker.restart();
      await connect();
      await insert(1);
      await expect.poll(readOn, TIMEOUT).toBe(14);
      await again(next);
      expect(await readOn()).toBe(14);
    }, 90_000);

    test("lets the server forget what is taken, also when others write; warns when it has to keep much", async () => {
      const edge = await start(", warnRetainedBytes: 100000");
      await client.query("INSERT INTO aside SELECT generate_series(1, 20000)");
      await again(edge);
      await expect.poll(retained, TIMEOUT).toBeLessThan(10_000);
      // A byte further, and a commit that begins there would be skipped.
      expect(await retained()).toBeGreaterThanOrEqual(0);
      await client.query("BEGIN");
      await client.query("INSERT INTO aside SELECT generate_series(1, 20000)");
      await expect
        .poll(() => edge.running.failure(), TIMEOUT)
        .toMatch(/^the slot makes the server keep \d+ MB of its log$/);
      await client.query("COMMIT");
    });

    test("tells updates and deletions where they are asked for", async () => {
      const edge = await start(", operations: [update, delete]");
      await insert(2);
      await client.query("UPDATE outbox SET on_hand = 9 WHERE id = 1");
      await client.query("DELETE FROM outbox WHERE id = 2");
      await expect.poll(() => edge.running.counts().documents, TIMEOUT).toBe(2);
      const [updated] = await edge.readEvents();
      expect(updated?.data).toMatchObject({
        attributes: { row: "1", op: "update" },
        measures: { on_hand: { value: "9" } },
      });
    });
  },
);
