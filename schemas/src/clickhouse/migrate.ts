import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { AppError } from "../error.ts";

const TABLES = join(import.meta.dirname, "../../tables");

/** One numbered change of the tables. `checksum` covers the file as written, before engine names are filled in. */
export interface Migration {
  version: number;
  name: string;
  checksum: string;
  sql: string;
}

const ENGINES: Record<string, string> = {
  MergeTree: "MergeTree",
  SummingMergeTree: "SummingMergeTree",
  AggregatingMergeTree: "AggregatingMergeTree",
  ReplacingMergeTree: "ReplacingMergeTree",
  durable: "non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1",
};

const appliedRow = z.object({ version: z.number(), name: z.string(), checksum: z.string() });

/** The migrations that ship with this version, in order. */
export function listMigrations(directory = TABLES): Migration[] {
  const files = readdirSync(directory)
    .filter((file) => file.endsWith(".sql"))
    .toSorted();
  return files.map((name) => {
    const sql = readFileSync(join(directory, name), "utf8");
    return { version: Number(name.slice(0, 4)), name, checksum: createHash("sha256").update(sql).digest("hex"), sql };
  });
}

/**
 * Brings the client's database to this version: applies what is missing and records each step; returns what it applied.
 * Refuses with `store_mismatch`, changing nothing, when an applied file was changed since or the database is newer.
 */
export async function migrate(client: ClickHouseClient, migrations: Migration[]): Promise<Migration[]> {
  await client.command({
    query: `CREATE TABLE IF NOT EXISTS migrations (version UInt32, name String, checksum String, applied_at DateTime64(3, 'UTC'))
     ENGINE = MergeTree ORDER BY version`,
  });
  const applied = await listApplied(client);
  assertUnchanged(applied, migrations);
  const missing = migrations.filter(({ version }) => !applied.has(version));
  for (const migration of missing) await apply(client, migration);
  return missing;
}

async function listApplied(client: ClickHouseClient) {
  const result = await client.query({
    query: "SELECT version, name, checksum FROM migrations ORDER BY version LIMIT 10000",
    format: "JSONEachRow",
  });
  const rows = z.array(appliedRow).parse(await result.json());
  return new Map(rows.map((row) => [row.version, row]));
}

function assertUnchanged(applied: Map<number, z.infer<typeof appliedRow>>, migrations: Migration[]) {
  const shipped = new Map(migrations.map((migration) => [migration.version, migration]));
  for (const [version, row] of applied) {
    const migration = shipped.get(version);
    if (!migration)
      throw new AppError(
        "store_mismatch",
        `The store has migration ${row.name}, which this version does not know: it was written by a newer version. Start that one instead.`,
      );
    if (migration.checksum !== row.checksum)
      throw new AppError(
        "store_mismatch",
        `Migration ${row.name} was changed after it had been applied. Restore the file and put the change into a new migration.`,
      );
  }
}

async function apply(client: ClickHouseClient, migration: Migration) {
  for (const query of toStatements(migration.sql)) await client.command({ query });
  await client.insert({
    table: "migrations",
    values: [
      { version: migration.version, name: migration.name, checksum: migration.checksum, applied_at: Date.now() },
    ],
    format: "JSONEachRow",
  });
}

/** The statements of a migration file with its engine names filled in. A statement ends with `;` at the end of a line. */
export function toStatements(sql: string): string[] {
  const filled = sql.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = ENGINES[name];
    if (value === undefined)
      throw new AppError("invalid_configuration", `Unknown template variable {{${name}}} in a migration`);
    return value;
  });
  return filled
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement.replaceAll(/^--.*$/gm, "").trim() !== "");
}
