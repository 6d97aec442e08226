import { accessScope } from "@throughline/schemas/access";
import { DOCUMENT_FORMATS } from "@throughline/schemas/pack/document-mapping";
import { z } from "zod";
import { path, text } from "../../edge/config/config-words.ts";
import { webhookSignature } from "../../edge/config/webhook-source.ts";

const name = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, "must be a lower-case word such as procurement-suite");

const hook = z
  .strictObject({
    interface: name.meta({ description: "The last part of the address: /v1/hooks/<interface>." }),
    format: z.enum(DOCUMENT_FORMATS),
    mappings: z
      .array(text)
      .min(1)
      .max(100)
      .optional()
      .meta({ description: "Names of the mappings that may be used; without them all of the format." }),
    zone: text.optional().meta({ description: "The time zone of times without an offset." }),
    source: text.optional().meta({ description: "The source of its events, instead of what the mapping says." }),
    site: text.optional().meta({ description: "The site of its events, instead of what the mapping says." }),
    scope: accessScope
      .default({ sites: "*", domains: "*" })
      .meta({ description: "The sites and domains that it may send for." }),
    signature: webhookSignature,
    secretFile: path.meta({
      description: "Holds the secret, or several, one a line, while it is changed; only its owner may read it.",
    }),
    maxBytes: z.int().min(1024).max(16_777_216).default(1_048_576).meta({ description: "Of a message." }),
    perMinute: z.int().min(1).max(1_000_000).default(6000).meta({ description: "Messages, on average." }),
  })
  .meta({ id: "Hook" });

export const hooksConfig = z
  .strictObject({ hooks: z.array(hook).max(200) })
  .meta({ id: "HooksConfig", description: "Webhooks of others that the gateway takes." });

export type HookConfig = z.infer<typeof hook>;
