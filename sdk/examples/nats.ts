import { connect, headers } from "@nats-io/transport-node";
import { createThroughline } from "@throughline/sdk";
import { processMessage, wrapNats } from "@throughline/sdk/nats";

// node nats.ts GATEWAY KEY BROKER: a dispense goes over a subject of NATS, to one who iterates and one who is called back.
const [url = "http://127.0.0.1:4318", key = "", servers = "nats://127.0.0.1:4222"] = process.argv.slice(2);
const gateway = { url, key };
const cabinet = createThroughline({ source: "/cabinet/north", gateway });
const pharmacy = createThroughline({ source: "/pharmacy/north", gateway });
cabinet.start();
pharmacy.start();

const connection = await connect({ servers });
const receiving = wrapNats(pharmacy, connection, headers);
const answering = receiving.subscribe("stock.check", {
  callback: (_, message) => {
    pharmacy.emit({ type: "pharmacy.stock.checked", objects: [{ type: "item", id: message.string() }] });
    message.respond("435");
  },
});
const dispenses = receiving.subscribe("dispense.recorded", { max: 1 });

const sending = wrapNats(cabinet, connection, headers);
await cabinet.withStep(
  { type: "cabinet.dispense.recorded", objects: [{ type: "dispense", id: "token-17" }] },
  async () => {
    sending.publish("dispense.recorded", "token-17");
    await sending.request("stock.check", "00093415573");
  },
);
for await (const message of dispenses)
  await processMessage(pharmacy, message, () =>
    pharmacy.withStep(
      { type: "pharmacy.stock_movement.posted", objects: [{ type: "dispense", id: message.string() }] },
      () => undefined,
    ),
  );

answering.unsubscribe();
await connection.drain();
await Promise.all([cabinet.shutdown(), pharmacy.shutdown()]);
