import { createThroughline } from "@throughline/sdk";
import { wrapConsumer, wrapProducer } from "@throughline/sdk/kafkajs";
import { Kafka, logLevel } from "kafkajs";

// node kafkajs.ts GATEWAY KEY BROKER: an invoice goes over a topic of Kafka.
const [url = "http://127.0.0.1:4318", key = "", broker = "127.0.0.1:9092"] = process.argv.slice(2);
const gateway = { url, key };
const payables = createThroughline({ source: "/payables/group", gateway, carryObjects: ["invoice"] });
const ledger = createThroughline({ source: "/ledger/group", gateway });
payables.start();
ledger.start();

const kafka = new Kafka({ brokers: [broker], clientId: "example", logLevel: logLevel.NOTHING });
const producer = wrapProducer(payables, kafka.producer());
await producer.connect();
await payables.withStep(
  { type: "payables.invoice.matched", objects: [{ type: "invoice", id: "CARDINAL/INV-0087" }] },
  async () => void (await producer.send({ topic: "invoices", messages: [{ value: "CARDINAL/INV-0087" }] })),
);

const consumer = wrapConsumer(ledger, kafka.consumer({ groupId: "ledger" }));
await consumer.connect();
await consumer.subscribe({ topic: "invoices", fromBeginning: true });
await new Promise<void>((done, fail) => {
  consumer
    .run({
      eachMessage: async ({ message }) => {
        const objects = [{ type: "invoice", id: message.value?.toString() ?? "" }] as const;
        await ledger.withStep({ type: "erp.journal_entry.posted", objects }, () => undefined);
        done();
      },
    })
    .catch(fail);
});

await consumer.disconnect();
await producer.disconnect();
await Promise.all([payables.shutdown(), ledger.shutdown()]);
