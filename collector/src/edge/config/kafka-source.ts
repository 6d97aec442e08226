import { z } from "zod";
import { text } from "./config-words.ts";
import { caFile, login } from "./server-words.ts";

const broker = z.string().regex(/^[^\s/:@]+:\d{1,5}$/, "must be a host and a port, such as kafka-1:9092");

export const kafkaSource = z
  .strictObject({
    kind: z.literal("kafka"),
    brokers: broker.array().min(1).max(20),
    topic: text.meta({ description: "Is there already." }),
    group: text.meta({ description: "The consumer group, of this interface alone." }),
    ...login,
    mechanism: z.enum(["plain", "scram-sha-256", "scram-sha-512"]).default("scram-sha-512"),
    tls: z.boolean().default(true).meta({ description: "Encrypted, and the server's certificate is checked." }),
    caFile,
  })
  .meta({ id: "KafkaSource" });
