import { createThroughline } from "@throughline/sdk";
import { createFastifyPlugin } from "@throughline/sdk/fastify";
import { createTracedFetch } from "@throughline/sdk/fetch";
import Fastify from "fastify";

// node fastify.ts GATEWAY KEY: a pharmacy asks for a replenishment, which fastify answers; the second request fails.
const [url = "http://127.0.0.1:4318", key = ""] = process.argv.slice(2);
const gateway = { url, key };
const pharmacy = createThroughline({ source: "/pharmacy/north", gateway });
const procurement = createThroughline({ source: "/procurement/north", gateway });
pharmacy.start();
procurement.start();

const app = Fastify();
await app.register(createFastifyPlugin(procurement));
app.post<{ Params: { requisition: string } }>("/requisitions/:requisition", async ({ params }, reply) => {
  if (params.requisition === "0") throw new Error("no such requisition");
  const objects = [{ type: "requisition", id: params.requisition }] as const;
  await procurement.withStep({ type: "procurement.requisition.created", objects }, () => undefined);
  return reply.code(201).send({ created: true });
});
const address = await app.listen({ port: 0, host: "127.0.0.1" });

const call = createTracedFetch(pharmacy);
for (const id of ["REQ-17", "0"])
  await pharmacy.withStep(
    { type: "pharmacy.stock.below_par", objects: [{ type: "requisition", id }] },
    async () => void (await call(`${address}/requisitions/${id}`, { method: "POST" })),
  );

await app.close();
await Promise.all([pharmacy.shutdown(), procurement.shutdown()]);
