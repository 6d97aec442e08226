import { CRITICALITIES } from "@throughline/schemas/pack/flow";
import { legVerdict, verdict } from "@throughline/schemas/leg";
import { zone } from "@throughline/schemas/calendar/calendar";
import { text } from "@throughline/schemas/text";
import { z } from "@hono/zod-openapi";
import { forecast } from "./forecast.ts";
import { queryInstant, rangeQuery } from "./figure.ts";
import { listOf, page, pageQuery } from "./page.ts";

export const leg = legVerdict
  .extend({
    forecast: forecast.nullable().meta({
      description: "Of an open leg; null where it has ended, or where too few legs like it have run as long.",
    }),
    href: z.string().meta({ description: "The journey of the instance." }),
  })
  .meta({ id: "LegItem", description: "A leg of one instance with its current verdict and where its journey is." });

export const legFilter = {
  flow: listOf(text(64, 1)),
  leg: listOf(text(64, 1)),
  verdict: listOf(verdict),
  site: listOf(text(128)),
  domain: listOf(text(64)),
  criticality: listOf(z.enum(CRITICALITIES)),
  supplier: listOf(text(512)),
  instanceType: text(64, 1).optional(),
  instanceId: text(512, 1).optional(),
  q: text(200, 1).optional().meta({ description: "Text that the instance's id contains, in any case." }),
  startHour: z.coerce
    .number()
    .int()
    .min(0)
    .max(23)
    .optional()
    .meta({ description: "The hour of the day, in `zone`, at which the leg began." }),
  zone: zone.default("UTC"),
  feed: z
    .enum(["heard"])
    .optional()
    .meta({ description: "heard: only legs dated in hours in which no feed of their end was silent." }),
  ended: z.enum(["yes", "no"]).optional().meta({
    description:
      "no: only legs that have not ended, whatever their verdict, such as those that are late and still run.",
  }),
  ...rangeQuery,
  asOf: queryInstant.optional().meta({ description: "The verdicts as they stood then." }),
  chanceBelow: z.coerce
    .number()
    .gt(0)
    .max(1)
    .optional()
    .meta({ description: "Only open legs whose forecast gives them a smaller chance to end in time." }),
  order: z.enum(["newest", "oldest", "least-likely"]).default("newest").meta({
    description: "By the time that dates the verdict; `least-likely`: open legs by their chance, the smallest first.",
  }),
};

export const legsQuery = z.strictObject({ ...legFilter, ...pageQuery });

export const legPage = page(leg, "Legs with their current verdict.").meta({ id: "LegPage" });

export type Leg = z.infer<typeof leg>;
export type LegsQuery = z.infer<typeof legsQuery>;
export type LegPage = z.infer<typeof legPage>;
