import { z } from "zod";
import { attribute, condition, duration, word } from "./flow-words.ts";

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time of day such as 16:00");

/** The ways in which a target can set a deadline of its own, of which it has one. */
const BASES = ["within", "cutoff", "days", "workingDays", "closeOf"] as const;

/** Of these a day begins and ends in the zone of a calendar. */
const DAY_BASES = ["cutoff", "days", "workingDays", "closeOf"] as const;

export const target = z
  .strictObject({
    where: condition.optional().meta({ description: "Conditions on the event that starts the leg; none: always." }),
    within: duration.optional().meta({ description: "How long the leg may take." }),
    calendar: word.optional().meta({
      description: "With within, only working time of this calendar counts; else its zone and working days do.",
    }),
    cutoff: z
      .strictObject({ before: timeOfDay, by: timeOfDay })
      .refine(({ before, by }) => before <= by, { path: ["by"], message: "must not be earlier than before" })
      .optional()
      .meta({
        description: "What starts before this time of a working day is due by that time of it, else of the next one.",
      }),
    days: z.int().min(1).max(3660).optional().meta({ description: "Due at the end of the n-th day after the start." }),
    workingDays: z
      .int()
      .min(1)
      .max(366)
      .optional()
      .meta({ description: "Due at the end of the n-th working day after the day of the start." }),
    closeOf: z
      .enum(["day", "month"])
      .optional()
      .meta({ description: "Due at the end of the day or month in which the leg starts." }),
    until: attribute.optional().meta({
      description: "An attribute of the starting event that holds the deadline: a time, or a day to its end.",
    }),
    before: attribute.optional().meta({
      description:
        "An attribute of the starting event from which on it is too late: a time, or a day from its beginning.",
    }),
    lead: duration.optional().meta({ description: "With before: how long ahead of it the leg is due." }),
  })
  .refine((value) => BASES.filter((base) => value[base] !== undefined).length === 1, {
    message: "must have exactly one of within, cutoff, days, workingDays and closeOf",
  })
  .refine(({ lead, before }) => lead === undefined || before !== undefined, {
    path: ["lead"],
    message: "needs before, which says what it is ahead of",
  })
  .refine(({ until, before }) => until === undefined || before === undefined, {
    path: ["before"],
    message: "cannot stand beside until: one attribute holds the deadline",
  })
  .superRefine((value, context) => {
    for (const base of DAY_BASES)
      if (value[base] !== undefined && value.calendar === undefined)
        context.addIssue({
          code: "custom",
          path: [base],
          message: "needs a calendar, which says what a working day is and where a day ends",
        });
  })
  .meta({ id: "Target", description: "When a leg is due, and under which conditions on the event that starts it." });
