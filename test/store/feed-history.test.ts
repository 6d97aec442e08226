import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClickHouseClient, createClient } from "@clickhouse/client";
import { startLocalEngine } from "@throughline/schemas/clickhouse/local-engine";
import { listMigrations, migrate } from "@throughline/schemas/clickhouse/migrate";
import { afterAll, beforeAll, expect, it } from "vitest";

const HISTORY = 17;
const SUPPLIERS = 24;

const directory = mkdtempSync(join(tmpdir(), "throughline-store-"));
let engine: Awaited<ReturnType<typeof startLocalEngine>>;

beforeAll(async () => {
  engine = await startLocalEngine({ directory, memoryBytes: 2e9 });
}, 60_000);
afterAll(async () => {
  await engine.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function openStore(database: string): Promise<ClickHouseClient> {
  const { url, writer } = engine.connection;
  const root = createClient({ url, ...writer });
  await root.command({ query: `CREATE DATABASE ${database} ENGINE = Atomic` });
  await root.close();
  return createClient({ url, database, ...writer });
}

async function read(client: ClickHouseClient, query: string): Promise<unknown[]> {
  return (await client.query({ query, format: "JSONEachRow" })).json();
}

it("the history of feeds begins with how they stood in an older store, and says since when, also when done again", async () => {
  const client = await openStore("older");
  const all = listMigrations();
  await migrate(
    client,
    all.filter(({ version }) => version < HISTORY),
  );
  await client.command({ query: "INSERT INTO feed_states VALUES ('/erp', 1, 'old'), ('/erp', 2, 'new')" });
  await client.command({
    query: `INSERT INTO source_states (source, site, first_event_at, last_event_at, last_sequence)
      VALUES ('/erp', 'north', 100000, 200000, 3), ('/erp', 'north', 50000, 150000, 9)`,
  });
  await migrate(client, all);
  await client.command({
    query: `DELETE FROM migrations WHERE version = ${HISTORY}`,
    clickhouse_settings: { lightweight_deletes_sync: "2" },
  });
  await migrate(client, all);
  const feeds =
    "SELECT source, body, batch, until > now() - INTERVAL 1 HOUR AS fresh FROM feed_history ORDER BY source";
  expect(await read(client, feeds)).toEqual([
    { source: "", body: "", batch: 0, fresh: 1 },
    { source: "/erp", body: "new", batch: 0, fresh: 1 },
  ]);
  const sources = `SELECT site, toUInt32(first_event_at) AS first, toUInt32(last_event_at) AS last, last_sequence,
    until = (SELECT max(until) FROM feed_history) AS same FROM source_history`;
  expect(await read(client, sources)).toEqual([{ site: "north", first: 50, last: 200, last_sequence: 9, same: 1 }]);
  await client.close();
}, 60_000);

it("an older store learns for which suppliers its sources send from the events that it keeps", async () => {
  const client = await openStore("suppliers");
  const all = listMigrations();
  await migrate(
    client,
    all.filter(({ version }) => version < SUPPLIERS),
  );
  const event = (position: number, source: string, suppliers: readonly string[]) => ({
    log: "a",
    position,
    arrived_at: (100 + position) * 1000,
    source,
    type: "supplier.acknowledgment.received",
    domain: "supplier",
    site: "north",
    object_types: ["purchase_order_line", ...suppliers.map(() => "supplier")],
    object_ids: ["1/10", ...suppliers],
  });
  await client.insert({
    table: "events",
    values: [
      event(1, "/edi/A", ["ACME"]),
      event(2, "/edi/A", ["ACME"]),
      event(3, "/portal", []),
      ...Array.from({ length: 60 }, (_, index) => event(10 + index, "/erp", [`S${index}`])),
      { ...event(99, "/edi/A", []), type: "throughline.feed.heartbeat" },
    ],
    format: "JSONEachRow",
  });
  await client.command({
    query:
      "INSERT INTO source_types VALUES ('/gone', 'x', 'north', 'erp', 3, 50000), ('/portal', 'x', '', 'erp', 3, 50000)",
  });
  await migrate(client, all);
  await client.command({
    query: `DELETE FROM migrations WHERE version = ${SUPPLIERS}`,
    clickhouse_settings: { lightweight_deletes_sync: "2" },
  });
  await migrate(client, all);
  const known = "SELECT source, site, supplier, toUInt32(known_at) AS at FROM source_types ORDER BY source, site";
  expect(await read(client, known)).toEqual([
    { source: "/edi/A", site: "north", supplier: "ACME", at: 101 },
    { source: "/erp", site: "north", supplier: "*", at: 110 },
    { source: "/gone", site: "north", supplier: "", at: 50 },
    { source: "/portal", site: "", supplier: "", at: 50 },
    { source: "/portal", site: "north", supplier: "", at: 103 },
  ]);
  await client.close();
}, 60_000);

it("a new store knows its feeds from their first event on", async () => {
  const client = await openStore("fresh");
  await migrate(client, listMigrations());
  expect(await read(client, "SELECT * FROM feed_history")).toEqual([]);
  await client.close();
}, 60_000);
