import { createThroughline } from "@throughline/sdk";
import { createExpressMiddleware } from "@throughline/sdk/express";
import { createUndiciInterceptor } from "@throughline/sdk/undici";
import express from "express";
import { Agent, request } from "undici";

// node express.ts GATEWAY KEY: a warehouse posts a receipt to the ERP, which answers with express.
const [url = "http://127.0.0.1:4318", key = ""] = process.argv.slice(2);
const gateway = { url, key };
const warehouse = createThroughline({ source: "/warehouse/north", gateway });
const erp = createThroughline({ source: "/erp/group", gateway });
warehouse.start();
erp.start();

const app = express();
app.use(createExpressMiddleware(erp));
app.post("/receipts/:receipt", (received, response) => {
  const objects = [{ type: "goods_receipt", id: received.params.receipt }] as const;
  erp
    .withStep({ type: "erp.goods_receipt.posted", objects }, () => undefined)
    .then(() => response.status(201).json({ posted: true }))
    .catch(() => response.sendStatus(500));
});
const server = app.listen(0, "127.0.0.1");
await new Promise((done) => server.once("listening", done));
const address = server.address();
const port = typeof address === "object" && address !== null ? address.port : 0;

const agent = new Agent();
const dispatcher = agent.compose(createUndiciInterceptor(warehouse));
await warehouse.withStep(
  { type: "warehouse.goods_receipt.recorded", objects: [{ type: "goods_receipt", id: "5000012345" }] },
  async () => {
    const { body } = await request(`http://127.0.0.1:${port}/receipts/5000012345`, { method: "POST", dispatcher });
    await body.dump();
  },
);

await agent.close();
await new Promise((done) => server.close(done));
await Promise.all([warehouse.shutdown(), erp.shutdown()]);
