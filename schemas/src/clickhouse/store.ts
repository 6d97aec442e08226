import { type ClickHouseClient, ClickHouseLogLevel, createClient } from "@clickhouse/client";
import { type Migration, listMigrations, migrate } from "./migrate.ts";
import { SCOPED_TABLES, toScopeFilter } from "./scope.ts";

interface Credentials {
  username: string;
  password: string;
}

/** Where the store is and who speaks to it; plain values, so that it can be handed to another process. */
export interface StoreConnection {
  url: string;
  database: string;
  writer: Credentials;
  reader: Credentials;
}

const REQUEST_TIMEOUT_MS = 60_000;

/** A change of the tables may rewrite all rows of a large store. */
const MIGRATION_TIMEOUT_MS = 2 * 3_600_000;
const MIGRATION_PROGRESS_MS = 120_000;

/** A client that may write. Batches are formed by the caller: the server does not hold rows back to make its own. */
export function createWriter(connection: StoreConnection): ClickHouseClient {
  return createClient({
    url: connection.url,
    database: connection.database,
    ...connection.writer,
    application: "throughline",
    request_timeout: REQUEST_TIMEOUT_MS,
    log: { level: ClickHouseLogLevel.OFF },
    max_open_connections: 8,
    clickhouse_settings: { async_insert: 0, wait_end_of_query: 1 },
  });
}

/** A client that may only read, within the limits of its profile; see `queries/` of the API for its use. */
export function createReader(connection: StoreConnection): ClickHouseClient {
  return createClient({
    url: connection.url,
    database: connection.database,
    ...connection.reader,
    application: "throughline",
    request_timeout: REQUEST_TIMEOUT_MS,
    log: { level: ClickHouseLogLevel.OFF },
    max_open_connections: 16,
  });
}

/** Creates the database when it is not there and brings its tables to this version. Returns what was applied. */
export async function prepareStore(connection: StoreConnection, migrations = listMigrations()): Promise<Migration[]> {
  const administrator = createClient({
    url: connection.url,
    ...connection.writer,
    log: { level: ClickHouseLogLevel.OFF },
  });
  try {
    await administrator.command({ query: `CREATE DATABASE IF NOT EXISTS ${connection.database} ENGINE = Atomic` });
  } finally {
    await administrator.close();
  }
  const patient = createClient({
    url: connection.url,
    database: connection.database,
    ...connection.writer,
    request_timeout: MIGRATION_TIMEOUT_MS,
    log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: {
      async_insert: 0,
      wait_end_of_query: 1,
      send_progress_in_http_headers: 1,
      http_headers_progress_interval_ms: String(MIGRATION_PROGRESS_MS),
    },
  });
  try {
    return await migrate(patient, migrations);
  } finally {
    await patient.close();
  }
}

/**
 * Creates the reader and its row policies on a server that keeps access rights in its own storage. The local engine has
 * the same in its users file and needs no such call.
 */
export async function prepareServerAccess(connection: StoreConnection): Promise<void> {
  const writer = createWriter(connection);
  const { database, reader } = connection;
  try {
    for (const table of SCOPED_TABLES) {
      await writer.command({
        query: `CREATE ROW POLICY OR REPLACE throughline_scope ON ${database}.${table} USING ${toScopeFilter(table)} TO ${reader.username}`,
      });
      await writer.command({
        query: `CREATE ROW POLICY IF NOT EXISTS throughline_everything ON ${database}.${table} USING 1 TO ALL EXCEPT ${reader.username}`,
      });
    }
  } finally {
    await writer.close();
  }
}
