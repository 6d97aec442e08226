import { WEEKDAYS } from "@throughline/schemas/calendar/calendar";
import { instant } from "@throughline/schemas/text";
import { z } from "@hono/zod-openapi";

const DAYS = { default: 190, max: 400 };

const hours = z.object({ from: z.string(), to: z.string() });

export const calendarItem = z
  .object({
    id: z.string(),
    title: z.string(),
    zone: z.string(),
    offset: z.string().meta({ description: "Of the zone now, such as -06:00." }),
    isOpen: z.boolean().meta({ description: "True while a shift runs now." }),
    changesAt: instant
      .nullable()
      .meta({ description: "When the shift that runs ends, else when the next one begins." }),
    shifts: z.array(z.object({ weekday: z.enum(WEEKDAYS), hours: z.array(hours) })),
    holidays: z.object({ country: z.string(), region: z.string() }).nullable(),
    daysOff: z.array(
      z.object({
        day: z.string(),
        name: z.string(),
        kind: z.enum(["holiday", "closed", "open"]).meta({
          description: "`closed`: a closing day of its own; `open`: a holiday on which work goes on.",
        }),
      }),
    ),
    zoneChange: z.object({ at: instant, offsetBefore: z.string(), offsetAfter: z.string() }).nullable().meta({
      description: "When the clocks change next; null where they do not.",
    }),
    legs: z.array(z.object({ flow: z.string(), leg: z.string(), title: z.string() })).meta({
      description: "The legs whose deadlines go by it.",
    }),
  })
  .meta({ id: "Calendar", description: "When work is done, and which legs go by it." });

export const calendarList = z
  .object({ items: z.array(calendarItem) })
  .meta({ id: "CalendarList", description: "The calendars of the configuration, by id." });

export const calendarsQuery = z.strictObject({
  days: z.coerce
    .number()
    .int()
    .min(1)
    .max(DAYS.max)
    .default(DAYS.default)
    .meta({ description: "How many days ahead holidays are listed for." }),
});

export type CalendarItem = z.infer<typeof calendarItem>;
export type CalendarList = z.infer<typeof calendarList>;
export type CalendarsQuery = z.infer<typeof calendarsQuery>;
