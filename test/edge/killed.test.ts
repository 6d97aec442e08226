import { type ChildProcess, spawn } from "node:child_process";
import { findFreePort } from "@throughline/schemas/find-free-port";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeTestFolder } from "@throughline/collector/edge/spool/spool.fixture";
import { startTestGateway, type TestGateway } from "@throughline/collector/gateway/gateway.fixture";
import { connect } from "amqplib";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { POSTGRES, startPostgres } from "../brokers/postgres.ts";
import { RABBITMQ, startRabbitmq } from "../brokers/rabbitmq.ts";
import { ROOT } from "../repository/root.ts";
import { STOCK, toStock } from "./test-interface.ts";

const KILLS = 5;
const ROWS_PER_LIFE = 300;
const TOTAL = (KILLS + 1) * ROWS_PER_LIFE;
const TIMEOUT = { timeout: 60_000, interval: 50 };

let tower: TestGateway;
let folder: string;
let remove: () => void;
let running: ChildProcess | undefined;

beforeAll(async () => {
  tower = await startTestGateway();
});
afterAll(() => tower.stop());
beforeEach(() => {
  ({ folder, remove } = makeTestFolder());
});
afterEach(async () => {
  if (running !== undefined) await end(running);
  running = undefined;
  remove();
});

async function configure(source: string, from: string): Promise<string> {
  const secret = { mode: 0o600 };
  writeFileSync(join(folder, "gateway.key"), "ingest\n", secret);
  writeFileSync(join(folder, "spool.key"), "0f".repeat(32), secret);
  writeFileSync(join(folder, "password"), "guest\n", secret);
  for (const name of ["documents", "crosswalks"]) mkdirSync(join(folder, "pack", name), { recursive: true });
  writeFileSync(join(folder, "pack/documents/json-stock.yaml"), STOCK);
  const file = join(folder, "edge.yaml");
  writeFileSync(
    file,
    `gateway: { url: "${tower.gateway.url}", keyFile: gateway.key }
pack: pack
spool: { directory: spool, keyFile: spool.key, maxBytes: 50000000 }
listen: { port: ${await findFreePort()} }
interfaces:
  - { id: stock, format: json, mappings: [json-stock], source: ${source}, heartbeatEvery: PT1H, from: ${from} }
`,
  );
  return file;
}

async function start(file: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(ROOT, "commands/collector.ts"), "run", "--config", file], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  running = child;
  await Promise.race([
    once(child.stdout, "data"),
    once(child, "exit").then(() => Promise.reject(new Error("It ended before it was ready."))),
  ]);
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

async function count(source: string): Promise<{ ids: number; rows: number }> {
  const [row] = await tower.query<{ ids: number; rows: number }>(
    `SELECT uniqExact(id) AS ids, uniqExact(JSONExtractString(toString(attributes), 'row')) AS rows
       FROM throughline.events WHERE source = '${source}' AND type = 'pharmacy.stock.counted'`,
  );
  return row ?? { ids: 0, rows: 0 };
}

/** Kills the edge while it reads what is written meanwhile, and expects all of it in the store, each under one id. */
async function expectAll(source: string, { file, write }: { file: string; write: (first: number) => Promise<void> }) {
  for (let life = 0; life <= KILLS; life++) {
    const child = await start(file);
    const { ids: before } = await count(source);
    const written = write(life * ROWS_PER_LIFE);
    await expect.poll(async () => (await count(source)).ids, TIMEOUT).toBeGreaterThan(before);
    if (life < KILLS) await end(child);
    await written;
  }
  await expect.poll(() => count(source), TIMEOUT).toEqual({ ids: TOTAL, rows: TOTAL });
}

describe("an edge that is killed again and again loses nothing, and tells nothing under two ids", () => {
  test.skipIf(RABBITMQ === undefined)(
    "of RabbitMQ (skipped where rabbitmq-server is not installed)",
    async () => {
      const broker = await startRabbitmq();
      const connection = await connect(broker.url);
      try {
        const channel = await connection.createConfirmChannel();
        await channel.assertQueue("stock");
        const url = broker.url.replace("guest:guest@", "");
        const file = await configure(
          "/killed/amqp",
          `{ kind: amqp, url: "${url}", user: guest, passwordFile: password, queue: stock }`,
        );
        const write = async (first: number) => {
          for (let id = first; id < first + ROWS_PER_LIFE; id++)
            channel.sendToQueue("stock", toStock(id), { persistent: true, messageId: `m${id}` });
          await channel.waitForConfirms();
        };
        await expectAll("/killed/amqp", { file, write });
        await expect.poll(async () => (await channel.checkQueue("stock")).messageCount, TIMEOUT).toBe(0);
      } finally {
        await connection.close();
        await broker.stop();
      }
    },
    240_000,
  );

  test.skipIf(POSTGRES === undefined)(
    "of PostgreSQL, by polling and by logical replication (skipped where postgresql is not installed)",
    async () => {
      const server = await startPostgres();
      const client = new Client(server.url);
      await client.connect();
      try {
        await client.query(
          "CREATE TABLE outbox (id bigint PRIMARY KEY, item text, on_hand int, at timestamptz DEFAULT now())",
        );
        await client.query("CREATE PUBLICATION tower FOR TABLE outbox");
        const place = `url: "${server.url.replace("test@", "")}", user: test, tls: false`;
        const write = async (first: number) => {
          for (let id = first; id < first + ROWS_PER_LIFE; id += 10)
            await client.query(
              "INSERT INTO outbox (id, item, on_hand) SELECT n, 'I' || n, n FROM generate_series($1::int, $2::int) n",
              [id, id + 9],
            );
        };
        const query = "SELECT id, item, on_hand, at FROM outbox";
        const polling = `{ kind: postgres, ${place}, query: "${query}", cursor: [id], key: [id], every: PT0.05S, batch: 50, patience: PT1S }`;
        await expectAll("/killed/polling", { file: await configure("/killed/polling", polling), write });
        if (running !== undefined) await end(running);
        await client.query("TRUNCATE outbox");
        const following = `{ kind: postgres-replication, ${place}, slot: tower, publication: tower }`;
        await client.query("SELECT pg_create_logical_replication_slot('tower', 'pgoutput')");
        await expectAll("/killed/following", { file: await configure("/killed/following", following), write });
      } finally {
        if (running !== undefined) await end(running);
        await client.end();
        await server.stop();
      }
    },
    240_000,
  );
});
