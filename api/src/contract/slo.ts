import { CRITICALITIES } from "@throughline/schemas/pack/flow";
import { instant, text } from "@throughline/schemas/text";
import { z } from "@hono/zod-openapi";
import { compliance, figure, queryInstant, rangeQuery } from "./figure.ts";
import { listOf, page, pageQuery } from "./page.ts";

/**
 * `page` and `ticket`: the budget burns faster than a rule of that severity allows. `spent`: no
 * rule holds, but more legs were bad over its window than it allows. `few`: too few legs were judged for any rule to hold.
 * `unknown`: no feed that ends the legs says how far it is complete. `partial`: some of them do not, so that nothing is
 * said of what they would tell. `within`: none of these.
 */
export const SLO_STATES = ["page", "ticket", "unknown", "spent", "partial", "few", "within"] as const;

const burnWindow = z
  .object({
    lengthMs: z.int(),
    from: instant,
    to: instant,
    good: figure,
    bad: figure,
    burn: z.number().nullable().meta({ description: "Null where no leg was judged." }),
  })
  .meta({ id: "BurnWindow", description: "Legs judged in a window, and how fast they burn the error budget." });

const burnRule = z
  .object({
    severity: z.enum(["page", "ticket"]),
    times: z.number(),
    long: burnWindow,
    short: burnWindow,
    isEnough: z.boolean().meta({ description: "The longer window has the minimum of legs." }),
    isBurning: z.boolean().meta({ description: "It has, and both windows burn faster than `times`." }),
  })
  .meta({ id: "BurnRule", description: "A rule with what its two windows hold." });

const errorBudget = z
  .object({
    allowed: z.number().meta({ description: "How many of the judged legs may be bad; not always a whole number." }),
    spent: figure.meta({ description: "Breached legs." }),
    provisional: figure.meta({ description: "Overdue legs of which an earlier end may still come; not yet spent." }),
    left: z.number().nullable().meta({ description: "Share that is left, negative when overspent; null of no legs." }),
  })
  .meta({ id: "ErrorBudget", description: "What the objective allows, and what of it is left." });

export const sloItem = z
  .object({
    id: z.string(),
    title: z.string(),
    flow: z.string(),
    flowTitle: z.string(),
    owner: z.string(),
    legs: z.array(z.string()).meta({ description: "The legs that are judged." }),
    suppliers: z.array(z.string()).meta({ description: "Empty: all." }),
    sites: z.array(z.string()).meta({ description: "Empty: all." }),
    criticality: z.array(z.enum(CRITICALITIES)).meta({ description: "Empty: all." }),
    objective: z.number().meta({ description: "Which share of the legs has to end in time, in per cent." }),
    minimum: z.int(),
    response: z.string(),
    window: z.object({
      days: z.int(),
      calendar: z.string().nullable().meta({ description: "Only days with its shifts are counted." }),
      from: instant,
      to: instant,
    }),
    state: z.enum(SLO_STATES),
    compliance,
    budget: errorBudget,
    settledTo: instant.meta({ description: "Up to when its legs are judged; the windows of the rules end there." }),
    coverage: z
      .object({
        feeds: z.int().meta({ description: "How many feeds end its legs, for its sites or for the group." }),
        blind: z.int().meta({ description: "Those of them that are silent, or do not say how far they are complete." }),
        unknown: figure.meta({ description: "Legs of the window whose end nobody can see; in no other figure." }),
      })
      .meta({
        description: "What the figures leave out for want of knowledge, beside what `compliance` calls unseen.",
      }),
    rules: z.array(burnRule),
    href: z.string(),
  })
  .meta({ id: "Slo", description: "A service level objective with its compliance, error budget and burn." });

const burnSeries = z
  .object({
    from: instant,
    to: instant,
    stepMs: z.int(),
    windowsMs: z.array(z.int()),
    points: z.array(
      z.object({
        at: instant.meta({ description: "The end of a step, and of the windows before it." }),
        burns: z.array(z.number().nullable()).meta({ description: "One for each of `windowsMs`." }),
      }),
    ),
  })
  .meta({ id: "BurnSeries", description: "How fast the budget burnt, step by step." });

const spender = z
  .object({
    value: z.string().meta({ description: "Empty: those that belong to none." }),
    compliance,
    spent: figure,
    share: z.number().nullable().meta({ description: "Of all that was spent; null when nothing was." }),
  })
  .meta({ id: "BudgetSpender", description: "Whose legs spent the error budget." });

export const sloDetail = z
  .object({
    slo: sloItem,
    series: burnSeries,
    spenders: z
      .object({ leg: z.array(spender), supplier: z.array(spender), site: z.array(spender) })
      .meta({ description: "The twenty that spent most, of each kind." }),
  })
  .meta({ id: "SloDetail", description: "An objective with its burn over time and what spent its budget." });

const narrowing = {
  site: listOf(text(128)),
  domain: listOf(text(64)),
  asOf: queryInstant.optional().meta({ description: "The figures as the tower knew them then." }),
};

export const slosQuery = z.strictObject({
  flow: listOf(text(64, 1)),
  state: listOf(z.enum(SLO_STATES)),
  ...narrowing,
  ...pageQuery,
});

export const sloQuery = z.strictObject({ ...narrowing, ...rangeQuery });

export const sloPage = page(sloItem, "Service level objectives in the order of the configuration.").meta({
  id: "SloPage",
});

export type SloItem = z.infer<typeof sloItem>;
export type SloState = SloItem["state"];
export type SloDetail = z.infer<typeof sloDetail>;
export type BudgetSpender = z.infer<typeof spender>;
export type SlosQuery = z.infer<typeof slosQuery>;
export type SloQuery = z.infer<typeof sloQuery>;
export type SloPage = z.infer<typeof sloPage>;
