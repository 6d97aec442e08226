import { z } from "zod";

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time of day such as 02:30");
const count = z.int().min(0);

/** A batch or file that a source promises: by when on each working day, and how many rows it may plausibly have. */
export const batchExpectation = z
  .strictObject({
    name: z.string().min(1).max(200).meta({ description: "The name that its trailer carries." }),
    by: timeOfDay.meta({ description: "Time of a working day by which it must have come." }),
    calendar: z.string().min(1).max(64).meta({ description: "Says which days are working days, and in which zone." }),
    opensHoursBefore: z.number().min(1).max(24).default(12).meta({
      description: "How long before that time it may come; what comes earlier is a late one of the day before.",
    }),
    rows: z
      .strictObject({ min: count.optional(), max: count.optional() })
      .refine(({ min = 0, max = Infinity }) => min <= max, "must not have a min above its max")
      .optional()
      .meta({ description: "How many rows are plausible." }),
  })
  .meta({ id: "BatchExpectation", description: "A batch or file that a source promises." });

export type BatchExpectation = z.infer<typeof batchExpectation>;
