import { Client } from "pg";
import { z } from "zod";
import { POSTGRES, startPostgres } from "../../brokers/postgres.ts";
import { POSTING_COLUMNS } from "./native/write-documents.ts";
import { OUTBOX_TABLE } from "./speak-outbox.ts";

/** Where the modules of the ERP leave word of what they post, in the transaction that posts it. */
export interface NetworkOutbox {
  url: string;
  /** As it stands in an `edge.yaml`. */
  from: string;
  /** How many rows were written. */
  count(): Promise<number>;
  stop(): Promise<void>;
}

const counted = z.tuple([z.object({ rows: z.coerce.number() })]);

/** A PostgreSQL of the network's own; undefined where none is installed. */
export async function startOutbox(): Promise<NetworkOutbox | undefined> {
  if (POSTGRES === undefined) return undefined;
  const server = await startPostgres();
  const client = new Client(server.url);
  await client.connect();
  await client.query(OUTBOX_TABLE);
  const { host, pathname } = new URL(server.url);
  const query = `SELECT number, ${POSTING_COLUMNS.join(", ")} FROM outbox`;
  return {
    url: server.url,
    from: `{ kind: postgres, url: "postgres://${host}${pathname}", user: test, tls: false, query: "${query}", cursor: [number], key: [id], every: PT0.5S, patience: PT1S }`,
    count: async () => {
      const [{ rows }] = counted.parse((await client.query("SELECT count(*) AS rows FROM outbox")).rows);
      return rows;
    },
    stop: async () => {
      await client.end();
      await server.stop();
    },
  };
}
