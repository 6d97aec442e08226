import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@clickhouse/client";
import { startLocalEngine } from "@throughline/schemas/clickhouse/local-engine";
import { listMigrations, migrate } from "@throughline/schemas/clickhouse/migrate";
import { afterAll, beforeAll, expect, it } from "vitest";

const BY_INSTANCE = 13;
const VERDICTS = 5000;

const directory = mkdtempSync(join(tmpdir(), "throughline-store-"));
let engine: Awaited<ReturnType<typeof startLocalEngine>>;

beforeAll(async () => {
  engine = await startLocalEngine({ directory, memoryBytes: 2e9 });
}, 60_000);
afterAll(async () => {
  await engine.stop();
  rmSync(directory, { recursive: true, force: true });
});

it("verdicts of an older store lie by instance and by hour afterwards, also when that was cut short and is done again", async () => {
  const { url, writer } = engine.connection;
  const root = createClient({ url, ...writer });
  await root.command({ query: "CREATE DATABASE older ENGINE = Atomic" });
  await root.close();
  const client = createClient({ url, database: "older", ...writer });
  const all = listMigrations();
  await migrate(
    client,
    all.filter(({ version }) => version < BY_INSTANCE),
  );
  await client.command({
    query: `INSERT INTO leg_verdicts (flow, leg, instance_type, instance_id, occurrence, batch, verdict, dated_at, evaluated_at)
      SELECT 'flow', concat('leg-', toString(number % 5)), 'purchase_order_line', toString(intDiv(number, 10)), 0, number % 10, 'OPEN',
        toDateTime64(1767225600 + number * 60, 3, 'UTC'), now64(3) FROM numbers(${VERDICTS})`,
  });
  const digest = async (table: string) => {
    const result = await client.query({
      query: `SELECT count() AS rows, sum(cityHash64(flow, leg, instance_type, instance_id, occurrence, batch, verdict, dated_at)) AS digest FROM ${table}`,
      format: "JSONEachRow",
    });
    return result.json();
  };
  const before = await digest("leg_verdicts");
  await migrate(client, all);
  expect([await digest("leg_verdicts"), await digest("leg_dates")]).toEqual([before, before]);
  await client.command({
    query: `DELETE FROM migrations WHERE version = ${BY_INSTANCE}`,
    clickhouse_settings: { lightweight_deletes_sync: "2" },
  });
  expect((await migrate(client, all)).map(({ version }) => version)).toEqual([BY_INSTANCE]);
  expect([await digest("leg_verdicts"), await digest("leg_dates")]).toEqual([before, before]);
  const order = await client.query({
    query: "SELECT sorting_key FROM system.tables WHERE database = 'older' AND name = 'leg_verdicts'",
    format: "JSONEachRow",
  });
  expect(await order.json()).toEqual([{ sorting_key: "flow, instance_type, instance_id, leg, occurrence, batch" }]);
  await client.close();
}, 60_000);
