import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeTestFolder } from "@throughline/collector/edge/spool/spool.fixture";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { POSTGRES, startPostgres } from "../brokers/postgres.ts";
import type { Broker } from "../brokers/program.ts";
import { startTestInterface, type TestInterface, toRows } from "./test-interface.ts";

const TIMEOUT = { timeout: 30_000 };
const COLUMNS =
  "id bigserial PRIMARY KEY, item text, on_hand numeric, at timestamptz DEFAULT '2026-11-20T02:00:00.123456Z'";

describe.skipIf(POSTGRES === undefined)(
  "an edge that polls PostgreSQL (skipped where postgresql is not installed)",
  () => {
    let broker: Broker;
    let client: Client;
    let other: Client;
    let folder: string;
    let remove: () => void;
    let own: TestInterface | undefined;

    beforeAll(async () => {
      broker = await startPostgres();
      [client, other] = [new Client(broker.url), new Client(broker.url)];
      await Promise.all([client.connect(), other.connect()]);
    }, 120_000);
    afterAll(async () => {
      await Promise.all([client.end(), other.end()]);
      await broker.stop();
    });
    beforeEach(async () => {
      ({ folder, remove } = makeTestFolder());
      writeFileSync(join(folder, "password"), "unused\n", { mode: 0o600 });
      await client.query(`DROP TABLE IF EXISTS outbox; CREATE TABLE outbox (${COLUMNS})`);
    });
    afterEach(async () => {
      await own?.stop();
      own = undefined;
      remove();
    });

    const start = async (more = "cursor: [id], key: [id], patience: PT0S") => {
      const url = broker.url.replace("test@", "");
      own = await startTestInterface(
        `{ id: outbox, format: json, mappings: [json-stock], from: { kind: postgres, url: "${url}", user: test, passwordFile: "${folder}/password", tls: false, query: "SELECT id, item, on_hand, at FROM outbox;", every: PT0.05S, batch: 10, ${more} } }`,
        folder,
      );
      return own;
    };
    const insert = (rows: number, by = client) =>
      by.query(
        "INSERT INTO outbox (item, on_hand) SELECT 'I' || n, 12345678901234567.0100 + n FROM generate_series(1, $1) n",
        [rows],
      );
    const settle = (edge: TestInterface, documents: number) =>
      expect.poll(() => edge.running.counts().documents, TIMEOUT).toBe(documents);
    const listTo = (last: number) => Array.from({ length: last }, (_, at) => at + 1);
    const again = async (edge: TestInterface) => {
      const before = edge.running.completeAt() ?? 0;
      await expect.poll(() => edge.running.completeAt() ?? 0, TIMEOUT).toBeGreaterThan(before);
    };

    test("takes every row once, page by page, with all of its digits, and goes on after a restart", async () => {
      await insert(25);
      const edge = await start();
      await settle(edge, 25);
      const events = await edge.readEvents();
      expect(toRows(events)).toEqual(listTo(25));
      expect(events[0]?.data.measures["on_hand"]).toMatchObject({ value: "12345678901234568.0100" });
      expect(events[0]?.time).toBe("2026-11-20T02:00:00.123456Z");
      await again(edge);
      await again(edge);
      await edge.stop();
      await insert(5);
      const next = await start();
      await settle(next, 5);
      await again(next);
      expect(toRows(await next.readEvents())).toEqual([26, 27, 28, 29, 30]);
    });

    test("finds the row of a transaction that took its number first and committed last", async () => {
      await client.query("BEGIN");
      await insert(1);
      await insert(3, other);
      const edge = await start();
      await settle(edge, 3);
      await again(edge);
      await again(edge);
      await client.query("COMMIT");
      await settle(edge, 4);
      await insert(1, other);
      await settle(edge, 5);
      expect(toRows(await edge.readEvents())).toEqual([2, 3, 4, 1, 5]);
    });

    test("finds a number that nobody had written yet, as long as its patience lasts", async () => {
      const edge = await start("cursor: [id], key: [id], patience: PT1H");
      await insert(1);
      await other.query("SELECT nextval('outbox_id_seq')");
      await insert(1);
      await settle(edge, 2);
      await again(edge);
      await other.query("INSERT INTO outbox (id, item, on_hand) VALUES (2, 'late', 1)");
      await settle(edge, 3);
      await edge.stop();
      const next = await start("cursor: [id], key: [id], patience: PT1H");
      await again(next);
      expect(next.running.counts().documents).toBe(0);
      expect(toRows(await next.readEvents())).toEqual([1, 3, 2]);
    });

    test("loses and doubles nothing where many rows have one cursor, and takes a row again that moved on", async () => {
      await insert(35);
      const edge = await start("cursor: [at], key: [id], patience: PT0S");
      await settle(edge, 35);
      await insert(2);
      await settle(edge, 37);
      await again(edge);
      await client.query("UPDATE outbox SET on_hand = 7, at = '2026-11-21T00:00:00Z' WHERE id = 3");
      await client.query("DELETE FROM outbox WHERE id = 37");
      await settle(edge, 38);
      await again(edge);
      const events = await edge.readEvents();
      expect(toRows(events)).toEqual([...listTo(37), 3]);
      expect(new Set(events.map(({ id }) => id)).size).toBe(38);
    });

    test("hands over the document that a column holds", async () => {
      await client.query("INSERT INTO outbox (item, on_hand) VALUES ($1, 0)", [
        JSON.stringify({ id: 4711, item: "X", on_hand: 3, at: "2026-11-20T00:00:00Z" }),
      ]);
      const edge = await start("cursor: [id], key: [id], patience: PT0S, body: item");
      await settle(edge, 1);
      expect(toRows(await edge.readEvents())).toEqual([4711]);
    });

    test("says why it cannot read, without what anybody wrote, and goes on when the server is back", async () => {
      await client.query("ALTER TABLE outbox RENAME TO hidden");
      const edge = await start();
      await expect.poll(() => edge.running.failure(), TIMEOUT).toBe("the query names a table that is not there");
      await client.query("ALTER TABLE hidden RENAME TO outbox");
      await insert(1);
      await settle(edge, 1);
      await client.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'throughline-collector'",
      );
      await expect.poll(() => edge.running.failure(), TIMEOUT).toBeDefined();
      await insert(1);
      await settle(edge, 2);
      expect(edge.logged.join("")).not.toMatch(/unused|SELECT/);
    });
  },
);
