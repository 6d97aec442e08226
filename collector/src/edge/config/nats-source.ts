import { duration } from "@throughline/schemas/pack/flow-words";
import { z } from "zod";
import { path, text } from "./config-words.ts";
import { caFile, login, serverUrl } from "./server-words.ts";

const name = z.string().regex(/^[^\s.*>/\\]{1,128}$/, "must be a name without spaces, dots, * and >");

export const natsSource = z
  .strictObject({
    kind: z.literal("nats"),
    servers: z
      .array(serverUrl("nats", "tls"))
      .min(1)
      .max(20)
      .meta({ description: "Of one cluster; tls:// asks for an encrypted connection." }),
    ...login,
    credentialsFile: path.optional().meta({ description: "A credentials file (JWT and seed) of NATS." }),
    caFile,
    stream: name.meta({ description: "Is there already." }),
    consumer: name.meta({ description: "The durable consumer; made when it is not there." }),
    subject: text
      .optional()
      .meta({ description: "Of the stream; all subjects unless given. Of a consumer that is made." }),
    prefetch: z.int().min(1).max(10_000).default(100).meta({ description: "Messages that may wait for their disk." }),
    ackWait: duration.default("PT30S").meta({
      description: "The server gives a message again that was not taken for so long. Of a consumer that is made.",
    }),
  })
  .meta({ id: "NatsSource" });
