import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLocalEngine } from "@throughline/schemas/clickhouse/local-engine";
import type { ClickHouseClient } from "@clickhouse/client";
import { listMigrations, migrate } from "@throughline/schemas/clickhouse/migrate";
import { type Scope, toScopeComment } from "@throughline/schemas/clickhouse/scope";
import {
  createReader,
  createWriter,
  prepareServerAccess,
  prepareStore,
  type StoreConnection,
} from "@throughline/schemas/clickhouse/store";
import { findDockerReason, startDockerServer } from "./docker-server.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

interface StoreUnderTest {
  connection: StoreConnection;
  stop: () => Promise<void>;
}

async function openLocalStore(): Promise<StoreUnderTest> {
  const directory = mkdtempSync(join(tmpdir(), "throughline-store-"));
  const engine = await startLocalEngine({ directory, memoryBytes: 2e9 });
  await prepareStore(engine.connection);
  const stop = async () => {
    await engine.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  return { connection: engine.connection, stop };
}

async function openServerStore(): Promise<StoreUnderTest> {
  const server = await startDockerServer();
  await prepareStore(server.connection);
  await prepareServerAccess(server.connection);
  return server;
}

const reason = findDockerReason();

/** What every store must hold, wherever it runs. */
describe.each([
  { place: "on the local engine", isHere: true, open: openLocalStore },
  { place: `on the server image${reason && `, skipped: ${reason}`}`, isHere: reason === "", open: openServerStore },
])("a store $place", ({ isHere, open }) => {
  let store: StoreUnderTest | undefined;
  let connection: StoreConnection;
  let writer: ClickHouseClient;
  let reader: ClickHouseClient;

  beforeAll(async () => {
    if (!isHere) return;
    store = await open();
    connection = store.connection;
    writer = createWriter(store.connection);
    reader = createReader(store.connection);
  }, 180_000);
  afterAll(async () => {
    if (store === undefined) return;
    await Promise.all([writer.close(), reader.close()]);
    await store.stop();
  });

  const countAs = async (scope: Scope | undefined, table: string) => {
    const result = await reader.query({
      query: `SELECT count() AS count FROM ${table}`,
      format: "JSONEachRow",
      clickhouse_settings: scope === undefined ? {} : { log_comment: toScopeComment(scope, "test") },
    });
    const [row] = await result.json<{ count: string | number }>();
    return Number(row?.count);
  };

  it.skipIf(!isHere)("has every migration once, however often it is prepared", async () => {
    expect(await prepareStore(connection)).toEqual([]);
    const result = await writer.query({
      query: "SELECT version FROM migrations ORDER BY version",
      format: "JSONEachRow",
    });
    const versions = await result.json<{ version: number }>();
    expect(versions.map(({ version }) => version)).toEqual(listMigrations().map(({ version }) => version));
  });

  it.skipIf(!isHere)(
    "refuses a migration that was changed after it had been applied, and changes nothing",
    async () => {
      const [first, ...rest] = listMigrations();
      const changed = [
        { ...first, checksum: "0".repeat(64), version: 1, name: "0001_events.sql", sql: "DROP TABLE events" },
        ...rest,
      ];
      await expect(migrate(writer, changed)).rejects.toMatchObject({
        code: "store_mismatch",
        message: expect.stringContaining("0001_events.sql was changed after it had been applied"),
      });
      expect(await countAs({ sites: "*", domains: "*" }, "events")).toBe(0);
    },
  );

  it.skipIf(!isHere)("refuses a store that a newer version wrote", async () => {
    const older = listMigrations().slice(0, -1);
    await expect(migrate(writer, older)).rejects.toMatchObject({ code: "store_mismatch" });
  });

  it.skipIf(!isHere)("takes a batch with the same token once, in its table and behind its views", async () => {
    const insert = () =>
      writer.insert({
        table: "events",
        values: ["north", "south", ""].map((site, index) => ({
          log: "contract",
          position: index + 1,
          source: "erp",
          id: `e${index}`,
          type: "erp.goods_receipt.posted",
          domain: "erp",
          site,
          object_types: ["goods_receipt"],
          object_ids: [`r'${index}`],
          object_roles: [""],
        })),
        format: "JSONEachRow",
        clickhouse_settings: {
          insert_deduplication_token: "contract:1:events",
          deduplicate_blocks_in_dependent_materialized_views: 1,
        },
      });
    await insert();
    await insert();
    for (const table of ["events", "object_events", "event_identities"])
      expect(await countAs({ sites: "*", domains: "*" }, table)).toBe(3);
  });

  it.skipIf(!isHere)("shows a reader the rows of its scope only, and nothing to a query without one", async () => {
    expect(await countAs(undefined, "events")).toBe(0);
    expect(await countAs({ sites: ["north"], domains: "*" }, "events")).toBe(1);
    expect(await countAs({ sites: ["north", "south"], domains: ["erp"] }, "object_events")).toBe(2);
    expect(await countAs({ sites: "*", domains: ["pharmacy"] }, "events")).toBe(0);
    expect(await countAs({ sites: ["north' OR 1 = 1 --"], domains: "*" }, "events")).toBe(0);
  });

  it.skipIf(!isHere)("lets a reader neither write nor lift its limits", async () => {
    await expect(reader.command({ query: "INSERT INTO events (log) VALUES ('x')" })).rejects.toThrow(
      /privileges|ACCESS_DENIED|readonly/i,
    );
    await expect(reader.command({ query: "DROP TABLE events" })).rejects.toThrow(/privileges|ACCESS_DENIED|readonly/i);
    await expect(
      reader.query({ query: "SELECT 1", clickhouse_settings: { max_memory_usage: "99000000000" } }),
    ).rejects.toThrow(/max_memory_usage/);
  });

  it.skipIf(!isHere)("keeps nanoseconds, unicode and quotes as they came", async () => {
    const hostile = `O'Brien \\ "x" {{MergeTree}} \u{1F489}\n`;
    await writer.insert({
      table: "otel_traces",
      values: [
        {
          Timestamp: "2026-06-01 10:00:00.123456789",
          TraceId: "t",
          SpanName: hostile,
          SpanAttributes: { "throughline.object.item": hostile },
        },
      ],
      format: "JSONEachRow",
    });
    const result = await writer.query({
      query: "SELECT toString(Timestamp) AS time, SpanName AS name FROM otel_traces",
      format: "JSONEachRow",
    });
    expect(await result.json()).toEqual([{ time: "2026-06-01 10:00:00.123456789", name: hostile }]);
    expect(
      await countAs(
        { sites: "*", domains: "*" },
        `object_spans WHERE object_id = '${hostile.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`,
      ),
    ).toBe(1);
  });
});
