import { duration } from "@throughline/schemas/pack/flow-words";
import { z } from "zod";
import { address, path, text } from "./config-words.ts";

const pointer = z
  .string()
  .regex(/^(\/[^/]{1,128}){1,16}$/, "must be a JSON pointer such as /meta/next")
  .meta({ description: "Where in the answer the cursor stands." });

export const pollSource = z
  .strictObject({
    kind: z.literal("http-poll"),
    url: address.meta({ description: "What is asked for, with GET; never followed to another address." }),
    every: duration.default("PT1M").meta({ description: "How long it waits when there is nothing more." }),
    headersFile: path.optional().meta({
      description: "Headers such as `Authorization: Bearer …`, one a line; only its owner may read it.",
    }),
    accept: text.default("application/json"),
    cursor: z
      .discriminatedUnion("from", [
        z.strictObject({
          from: z.literal("body"),
          at: pointer,
          parameter: text.meta({ description: "The query parameter in which it is sent." }),
          start: text.optional().meta({ description: "Sent the first time; without it nothing is." }),
        }),
        z.strictObject({
          from: z.literal("header"),
          header: text,
          parameter: text,
          start: text.optional(),
        }),
        z
          .strictObject({ from: z.literal("link") })
          .meta({ description: "The next page is the Link header's rel=next." }),
      ])
      .optional()
      .meta({ description: "Where the next page begins; without it the whole is read each time." }),
  })
  .meta({ id: "HttpPollSource" });
