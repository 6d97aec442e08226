import { duration } from "@throughline/schemas/pack/flow-words";
import { z } from "zod";
import { path, port, text } from "./config-words.ts";

const header = z.string().regex(/^[A-Za-z0-9-]{1,64}$/, "must be the name of a header");

/** How a message says who sent it. */
export const webhookSignature = z
  .discriminatedUnion("scheme", [
    z.strictObject({
      scheme: z.literal("standard").meta({ description: "Standard Webhooks; the secret begins with whsec_." }),
      tolerance: duration.default("PT5M").meta({ description: "How old or how far ahead a message may be." }),
    }),
    z.strictObject({
      scheme: z.literal("hmac-sha256").meta({ description: "HMAC-SHA256 of the body in a header." }),
      header,
      prefix: z.string().max(64).default("").meta({ description: "Stands before the signature, such as sha256=." }),
      encoding: z.enum(["hex", "base64"]).default("hex"),
      id: header.optional().meta({ description: "The header that tells deliveries apart." }),
    }),
  ])
  .default({ scheme: "standard", tolerance: "PT5M" });

export type WebhookSignature = z.infer<typeof webhookSignature>;

export const webhookSource = z
  .strictObject({
    kind: z.literal("webhook"),
    host: text.default("127.0.0.1"),
    port,
    path: z
      .string()
      .regex(/^\/[A-Za-z0-9._~/-]{0,255}$/, "must be a path such as /hooks/procurement")
      .default("/"),
    signature: webhookSignature,
    secretFile: path.meta({
      description: "Holds the secret, or several, one a line, while it is changed; only its owner may read it.",
    }),
  })
  .meta({ id: "WebhookSource" });
