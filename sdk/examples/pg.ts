import { createThroughline } from "@throughline/sdk";
import { fromTraceparent, toTraceparent } from "@throughline/sdk/carriers/headers";
import { wrapPg } from "@throughline/sdk/pg";
import pg from "pg";

// node pg.ts GATEWAY KEY DATABASE: a posting and the message about it are written together; a relay goes on with the trace later.
const [url = "http://127.0.0.1:4318", key = "", connectionString = "postgres://127.0.0.1/postgres"] =
  process.argv.slice(2);
const gateway = { url, key };
const erp = createThroughline({ source: "/erp/group", gateway });
const relay = createThroughline({ source: "/erp/relay", gateway });
erp.start();
relay.start();

const pool = new pg.Pool({ connectionString });
await pool.query("CREATE TABLE IF NOT EXISTS receipts (id text PRIMARY KEY)");
await pool.query("CREATE TABLE IF NOT EXISTS outbox (receipt text, traceparent text)");

const erpPool = wrapPg(erp, pool);
await erp.withStep(
  { type: "erp.goods_receipt.posted", objects: [{ type: "goods_receipt", id: "5000012345" }] },
  async () => {
    const client = await erpPool.connect();
    try {
      await client.query("BEGIN");
      await client.query("INSERT INTO receipts VALUES ($1)", ["5000012345"]);
      await client.query("INSERT INTO outbox VALUES ($1, $2)", ["5000012345", toTraceparent()]);
      await client.query("COMMIT");
    } finally {
      client.release();
    }
  },
);

const { rows } = await pool.query<{ receipt: string; traceparent: string }>("SELECT * FROM outbox");
for (const { receipt, traceparent } of rows)
  await relay.withStep(
    {
      type: "erp.goods_receipt.published",
      objects: [{ type: "goods_receipt", id: receipt }],
      parent: fromTraceparent(traceparent),
    },
    async () => void (await wrapPg(relay, pool).query("DELETE FROM outbox WHERE receipt = $1", [receipt])),
  );

await pool.end();
await Promise.all([erp.shutdown(), relay.shutdown()]);
