import { z } from "zod";
import { text } from "../text.ts";
import { word } from "./flow-words.ts";
import { CRITICALITIES } from "./flow.ts";

/** Which part of a flow's legs should end in time, over how long. */
export const slo = z
  .strictObject({
    id: word,
    title: z.string().min(1).max(80),
    flow: word.meta({ description: "The flow whose legs are judged." }),
    legs: z.array(word).min(1).max(50).optional().meta({ description: "Only these legs; none: all of the flow." }),
    suppliers: z
      .array(text(512, 1))
      .min(1)
      .max(50)
      .optional()
      .meta({ description: "Only legs of these suppliers, by the id of the supplier; none: all." }),
    sites: z.array(text(128, 1)).min(1).max(50).optional().meta({ description: "Only legs of these sites." }),
    criticality: z
      .array(z.enum(CRITICALITIES))
      .min(1)
      .optional()
      .meta({ description: "Only legs of this importance." }),
    objective: z
      .number()
      .min(0.001)
      .max(99.999)
      .refine(hasThreeDecimals, "must have at most three decimals, such as 99.9")
      .meta({ description: "Which share of the legs has to end in time, in per cent." }),
    window: z
      .strictObject({
        days: z.int().min(1).max(366),
        calendar: word
          .optional()
          .meta({ description: "Count only days with shifts of this calendar; none: all days." }),
      })
      .default({ days: 28 })
      .meta({ description: "How far back compliance and the error budget reach." }),
    minimum: z.int().min(1).max(1_000_000).default(20).meta({
      description: "How many judged legs the longer window of a rule needs before it may page or open a ticket.",
    }),
    response: z.string().min(1).max(2000).meta({ description: "What to do when the error budget burns." }),
  })
  .meta({ id: "ServiceLevelObjective", description: "Which part of a flow's legs should end in time, over how long." });

export type Slo = z.infer<typeof slo>;

function hasThreeDecimals(value: number): boolean {
  return Math.abs(value * 1000 - Math.round(value * 1000)) < 1e-6;
}
