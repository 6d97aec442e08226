import { z } from "zod";
import { text } from "./config-words.ts";
import { caFile, login, serverUrl } from "./server-words.ts";

export const amqpSource = z
  .strictObject({
    kind: z.literal("amqp"),
    url: serverUrl("amqp", "amqps").meta({ description: "The broker and its virtual host." }),
    ...login,
    caFile,
    queue: text.meta({ description: "Is there already; the collector declares nothing." }),
    prefetch: z.int().min(1).max(10_000).default(100).meta({ description: "Messages that may wait for their disk." }),
  })
  .meta({ id: "AmqpSource" });
