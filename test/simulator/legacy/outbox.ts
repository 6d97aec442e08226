import { appendFileSync, closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { POSTGRES, startPostgres } from "../../brokers/postgres.ts";
import type { OutboxRow } from "./legacy-order.ts";

/** Where the ERP leaves word of what it did, and how an edge reads it. */
export interface Outbox {
  /** As it stands in an `edge.yaml`. */
  from: string;
  /** For people. */
  title: string;
  write: (row: OutboxRow) => Promise<void>;
  stop: () => Promise<void>;
}

const COLUMNS = [
  "kind",
  "at",
  "order_line",
  "shipment",
  "receipt",
  "invoice",
  "invoice_line",
  "payment",
  "quantity",
  "unit",
  "amount",
  "currency",
] as const;

/** A table of a PostgreSQL of the demo's own where one is installed, else a file to which rows are appended. */
export async function openOutbox(folder: string): Promise<Outbox> {
  return POSTGRES === undefined ? openFile(folder) : openTable();
}

function openFile(folder: string): Outbox {
  const path = join(folder, "outbox.ndjson");
  closeSync(openSync(path, "a"));
  return {
    from: `{ kind: log, path: ${path}, from: start }`,
    title: "a file of rows, since no PostgreSQL is installed here",
    write: async (row) => appendFileSync(path, `${JSON.stringify(row)}\n`),
    stop: async () => undefined,
  };
}

async function openTable(): Promise<Outbox> {
  const server = await startPostgres();
  const client = new Client(server.url);
  await client.connect();
  const columns = COLUMNS.map((name) => `${name} text NOT NULL`).join(", ");
  await client.query(`CREATE TABLE outbox (id bigint PRIMARY KEY, ${columns})`);
  const names = ["id", ...COLUMNS];
  const places = names.map((_, index) => `$${index + 1}`).join(", ");
  const insert = `INSERT INTO outbox (${names.join(", ")}) VALUES (${places}) ON CONFLICT DO NOTHING`;
  const url = new URL(server.url);
  return {
    from: `{ kind: postgres, url: "postgres://${url.host}${url.pathname}", user: test, tls: false, query: "SELECT * FROM outbox", cursor: [at], key: [id], every: PT1S, patience: PT5S }`,
    title: "an outbox table of a PostgreSQL of the demo's own",
    write: async (row) => void (await client.query(insert, [row.id, ...COLUMNS.map((name) => row[name])])),
    stop: async () => {
      await client.end();
      await server.stop();
    },
  };
}
