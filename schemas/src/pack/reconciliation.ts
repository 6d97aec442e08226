import { z } from "zod";
import { zone } from "../calendar/calendar.ts";
import { eventType } from "../event.ts";
import { text } from "../text.ts";
import { condition, duration, word } from "./flow-words.ts";
import { limit } from "./tolerance.ts";

const sideEvent = z.strictObject({
  type: eventType,
  where: condition.optional(),
  sign: z.enum(["plus", "minus"]).default("plus").meta({ description: "minus: what it states is taken off." }),
});

const keyPart = z
  .string()
  .regex(
    /^(object\.[a-z][a-z0-9_]{0,63}|site|attributes\.[A-Za-z_][A-Za-z0-9_.-]*)$/,
    "must be object.<type>, site or attributes.<name>",
  );

const key = z
  .array(keyPart)
  .min(1)
  .max(5)
  .meta({ description: "What both sides have in common. The first part is an object: `object.<type>`." });

const side = z.strictObject({
  title: z.string().min(1).max(80),
  events: z.array(sideEvent).min(1).max(20),
  reversals: z
    .array(eventType)
    .max(10)
    .default([])
    .meta({ description: "Events that take one of these back, by identity, by milestone, or by their common key." }),
  milestone: word.optional().meta({ description: "The milestone that reversals may name instead of an event." }),
  date: z
    .string()
    .regex(/^(event|attributes\.[A-Za-z_][A-Za-z0-9_.-]*)$/, "must be event or attributes.<name>")
    .default("event")
    .meta({ description: "Its date: the time of the event, or an attribute with a day such as a posting date." }),
  isLevel: z
    .boolean()
    .default(false)
    .meta({ description: "It states what is there, as a count does, instead of what came or went." }),
});

/** What is held against what, by which key, in which measure, and how far both may differ for how long. */
export const reconciliation = z
  .strictObject({
    id: word,
    title: z.string().min(1).max(80),
    domain: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,63}$/)
      .meta({ description: "Whose seat watches it: its figures carry this domain." }),
    owner: text(120, 1),
    a: side.meta({ description: "What happened: operational events." }),
    b: side.meta({ description: "What the books or the other system say of it." }),
    key,
    measure: z
      .strictObject({
        kind: z.enum(["count", "quantity", "money"]),
        name: z
          .string()
          .regex(/^[a-z][a-z0-9_]{0,63}$/)
          .optional()
          .meta({ description: "The measure of the events; none: quantity or amount. Counted events need none." }),
      })
      .meta({ description: "What is compared; each unit or currency by itself." }),
    matching: z.enum(["1:1", "1:N", "M:N"]).meta({
      description: "How far events of one key may be put together: one with one, with several, or all by sum.",
    }),
    lag: duration.meta({ description: "How long the other side may take. What waits longer is a break." }),
    materiality: z.strictObject({
      item: limit.meta({ description: "Of each open item." }),
      account: limit.meta({ description: "Of the gross of all breaks and cut-off items together." }),
    }),
    secondPersonAbove: limit.default("zero").meta({
      description:
        "The gross above which another person has to agree when items without a common key are put together.",
    }),
    response: z.string().min(1).max(2000).meta({ description: "What to do with a break." }),
  })
  .meta({ id: "Reconciliation", description: "What is held against what, and how far both may differ." });
export type Reconciliation = z.infer<typeof reconciliation>;
export type ReconciliationSide = z.infer<typeof side>;

const fiscalCalendar = z.union([
  z.strictObject({
    kind: z.literal("months"),
    firstMonth: z.int().min(1).max(12).default(1).meta({ description: "The month in which the fiscal year begins." }),
  }),
  z.strictObject({
    kind: z.literal("weeks"),
    firstDay: z.iso.date().meta({ description: "The first day of any fiscal year; others begin on the same weekday." }),
    pattern: z
      .tuple([z.int().min(4).max(5), z.int().min(4).max(5), z.int().min(4).max(5)])
      .refine((weeks) => weeks[0] + weeks[1] + weeks[2] === 13, "must sum to 13 weeks, such as [4, 4, 5]"),
  }),
]);

const closing = z
  .strictObject({ workingDays: z.int().min(1).max(60), calendar: word })
  .meta({ description: "How many working days after its end a period has to be locked." });

const company = z.strictObject({
  id: word,
  title: z.string().min(1).max(80),
  sites: z.array(text(128, 1)).min(1).max(500).meta({ description: "Whose figures are its own." }),
  zone: zone.optional().meta({ description: "By whose clocks its periods end; none: that of the books." }),
  calendar: fiscalCalendar.optional().meta({ description: "None: that of the books." }),
  closing: closing.optional().meta({ description: "None: that of the books." }),
});

/** By whose clocks days and periods end. */
export const reconciliationBooks = z
  .strictObject({
    zone: zone.meta({ description: "Of the books, and of sites that are not listed." }),
    sites: z.record(text(128, 1), zone).default({}).meta({ description: "Zones of sites that have another." }),
    calendar: fiscalCalendar,
    closing: closing.optional(),
    companies: z
      .array(company)
      .max(100)
      .default([])
      .meta({ description: "Companies that close by themselves; what belongs to no company closes with the whole." }),
  })
  .meta({ id: "Books", description: "The time zones of sites, and the fiscal calendar." });
export type Books = z.infer<typeof reconciliationBooks>;

export const reconciliationsFile = z.strictObject({
  books: reconciliationBooks,
  reconciliations: reconciliation.array().min(1).max(100),
});

/** All reconciliations of a pack. `versions` has a digest of each as it was written, with the books. */
export interface Reconciliations extends z.infer<typeof reconciliationsFile> {
  versions: ReadonlyMap<string, string>;
}
