import { duration } from "@throughline/schemas/pack/flow-words";
import { z } from "zod";
import { path } from "./config-words.ts";

const MIB = 1_048_576;

/** What becomes of documents as they were written, of one interface. */
export const rawPolicy = z
  .discriminatedUnion("policy", [
    z
      .strictObject({
        policy: z.literal("keep"),
        maxAge: duration.default("PT720H").meta({ description: "Nothing is kept longer." }),
        maxBytes: z.int().min(MIB).max(1_000_000_000_000).default(268_435_456).meta({
          description: "Of all that is kept of the interface; the oldest gives way.",
        }),
      })
      .meta({ description: "They stay at the edge, sealed; their hash and a pointer go out with the events." }),
    z
      .strictObject({
        policy: z.literal("travel"),
        recipientFile: path.meta({ description: "The public key of who alone can open them." }),
        maxBytes: z.int().min(1024).max(16_777_216).default(4_194_304).meta({
          description: "Of what is read at once, a file or a message; what is larger stays.",
        }),
      })
      .meta({ description: "They go to the tower sealed for a recipient whose key the tower does not hold." }),
  ])
  .meta({ id: "RawPolicy", description: "Without it only what waits for a person is kept." });

export type RawPolicy = z.infer<typeof rawPolicy>;
