import { z } from "zod";
import { port, text } from "./config-words.ts";

export const mllpSource = z
  .strictObject({
    kind: z.literal("mllp"),
    host: text.default("127.0.0.1"),
    port,
    relay: z
      .strictObject({ host: text, port })
      .optional()
      .meta({ description: "Stand in line: pass every byte to this receiver and its answers back." }),
  })
  .meta({ id: "MllpSource" });
