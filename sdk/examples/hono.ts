import { serve } from "@hono/node-server";
import { createThroughline } from "@throughline/sdk";
import { createTracedFetch } from "@throughline/sdk/fetch";
import { createHonoMiddleware } from "@throughline/sdk/hono";
import { Hono } from "hono";

// node hono.ts GATEWAY KEY: procurement sends an order to the ERP, which answers with hono.
const [url = "http://127.0.0.1:4318", key = ""] = process.argv.slice(2);
const gateway = { url, key };
const procurement = createThroughline({
  source: "/procurement/north",
  gateway,
  carryObjects: ["purchase_order"],
});
const erp = createThroughline({ source: "/erp/group", gateway });
procurement.start();
erp.start();

const app = new Hono();
app.use(createHonoMiddleware(erp));
app.post("/orders/:order", async (c) => {
  const objects = [{ type: "purchase_order", id: c.req.param("order") }] as const;
  await erp.withStep({ type: "erp.purchase_order.received", objects }, () => undefined);
  return c.json({ received: true }, 201);
});
const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" });
await new Promise((done) => server.once("listening", done));
const address = server.address();
const port = typeof address === "object" && address !== null ? address.port : 0;

const callErp = createTracedFetch(procurement, { baggageTo: ["127.0.0.1"], route: () => "/orders/{order}" });
await procurement.withStep(
  { type: "procurement.purchase_order.issued", objects: [{ type: "purchase_order", id: "4500012345" }] },
  async () => void (await callErp(`http://127.0.0.1:${port}/orders/4500012345`, { method: "POST" })),
);

await new Promise((done) => server.close(done));
await Promise.all([procurement.shutdown(), erp.shutdown()]);
