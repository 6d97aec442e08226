import { DOCUMENT_FORMATS } from "@throughline/schemas/pack/document-mapping";
import { duration } from "@throughline/schemas/pack/flow-words";
import { z } from "zod";
import { address, path, port, text } from "./config-words.ts";
import { edgeSource } from "./edge-source.ts";
import { rawPolicy } from "./raw-policy.ts";

const name = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, "must be a lower-case word such as nightly-inventory");

const edgeInterface = z
  .strictObject({
    id: name,
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
    heartbeatEvery: duration.default("PT1M"),
    lag: duration.default("PT0S").meta({ description: "How long after an event the interface may still tell of it." }),
    raw: rawPolicy.optional(),
    from: edgeSource,
  })
  .meta({ id: "EdgeInterface" });

export const edgeConfig = z
  .strictObject({
    gateway: z.strictObject({
      url: address,
      keyFile: path.meta({ description: "Holds the key with which this edge sends." }),
    }),
    pack: path.meta({ description: "The directory with documents/ and crosswalks/." }),
    spool: z.strictObject({
      directory: path,
      keyFile: path.meta({ description: "Holds 32 bytes as 64 hexadecimal digits; only its owner may read it." }),
      maxBytes: z.int().min(1_000_000).max(1_000_000_000_000).default(1_073_741_824),
      warnAtPercent: z.int().min(1).max(99).default(80),
      keepFor: duration.default("PT2160H").meta({ description: "What waits for a person is not kept longer." }),
    }),
    redaction: z
      .strictObject({
        keyFile: path,
        version: z.string().regex(/^[a-z0-9]{1,16}$/, "must be 1 to 16 lower-case letters and digits"),
        dates: z.enum(["day", "month", "year", "none"]).default("day"),
      })
      .optional()
      .meta({ description: "Without a key, what leads to patients is dropped instead of becoming a token." }),
    jobs: z
      .strictObject({
        directory: path.meta({ description: "Where observed jobs hand over; whoever runs them may write there." }),
      })
      .optional(),
    wayBack: z
      .strictObject({
        name: name.meta({ description: "What this edge is called at the tower." }),
        site: text.optional().meta({ description: "The site that it reports for." }),
        publicKeyFile: path.meta({
          description: "The tower's public keys, as PEM; nothing is taken that none of them has signed.",
        }),
        every: duration.default("PT30S"),
        stateEvery: duration.default("PT1M").meta({ description: "How often it says how it is." }),
        mappings: z
          .boolean()
          .default(false)
          .meta({ description: "Takes the tower's mappings too; none may let more leave than the pack's own." }),
      })
      .optional()
      .meta({
        description: "Asks the gateway for crosswalks, mappings and replay orders; without it nobody is asked.",
      }),
    listen: z.strictObject({ host: text.default("127.0.0.1"), port: port.default(4319) }).prefault({}),
    interfaces: z.array(edgeInterface).max(200).default([]),
  })
  .meta({ id: "EdgeConfig", description: "What an edge collector reads, and where it sends." });

export type EdgeConfig = z.infer<typeof edgeConfig>;
export type EdgeInterface = z.infer<typeof edgeInterface>;
