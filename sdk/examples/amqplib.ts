import { createThroughline } from "@throughline/sdk";
import { wrapChannel } from "@throughline/sdk/amqplib";
import { connect } from "amqplib";

// node amqplib.ts GATEWAY KEY BROKER: an order goes through a queue of RabbitMQ.
const [url = "http://127.0.0.1:4318", key = "", broker = "amqp://127.0.0.1"] = process.argv.slice(2);
const gateway = { url, key };
const procurement = createThroughline({ source: "/procurement/north", gateway, carryObjects: ["purchase_order"] });
const erp = createThroughline({ source: "/erp/group", gateway });
procurement.start();
erp.start();

const connection = await connect(broker);
const receiving = wrapChannel(erp, await connection.createChannel());
const { queue } = await receiving.assertQueue("orders", { autoDelete: true });
const received = new Promise<void>((done) => {
  // oxlint-disable-next-line typescript/no-misused-promises -- amqplib waits for nothing; the span of the message does
  void receiving.consume(queue, async (message) => {
    if (message === null) return;
    const objects = [{ type: "purchase_order", id: message.content.toString() }] as const;
    await erp.withStep({ type: "erp.purchase_order.received", objects }, () => receiving.ack(message));
    done();
  });
});

const sending = wrapChannel(procurement, await connection.createConfirmChannel());
await procurement.withStep(
  { type: "procurement.purchase_order.issued", objects: [{ type: "purchase_order", id: "4500012345" }] },
  () => sending.sendToQueue(queue, Buffer.from("4500012345"), { persistent: true }, () => undefined),
);
await sending.waitForConfirms();
await received;

await connection.close();
await Promise.all([procurement.shutdown(), erp.shutdown()]);
