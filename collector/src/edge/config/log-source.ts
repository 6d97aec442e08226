import { duration } from "@throughline/schemas/pack/flow-words";
import { z } from "zod";
import { path } from "./config-words.ts";

const MAX_PATTERN = 2000;

export const logSource = z
  .strictObject({
    kind: z.literal("log"),
    path: path.meta({ description: "The file that is written to; it may be rotated by renaming or by copying." }),
    every: duration.default("PT1S").meta({ description: "How often it is looked at." }),
    from: z.enum(["start", "end"]).default("end").meta({ description: "Where reading begins the first time." }),
    pattern: z
      .string()
      .min(1)
      .max(MAX_PATTERN)
      .refine(isExpression, "must be a regular expression with named groups, such as (?<order>\\d+)")
      .optional()
      .meta({
        description:
          "Lines that fit become JSON objects of its named groups, others are left out; without it each line is a document.",
      }),
  })
  .meta({ id: "LogSource" });

function isExpression(text: string): boolean {
  try {
    return Object.keys(new RegExp(`${text}|`, "u").exec("")?.groups ?? {}).length > 0;
  } catch {
    return false;
  }
}
