import { z } from "@hono/zod-openapi";
import { decimal, instant } from "@throughline/schemas/text";
import { person } from "./excuse.ts";
import { asOf, feed, range, statementPeriod, unitDrift } from "./reconciliation.ts";

const closingFeed = z.object({
  source: z.string(),
  completeTo: instant.nullable().meta({ description: "Null when nothing was ever heard." }),
  isSilent: z.boolean(),
  isComplete: z.boolean().meta({ description: "Complete up to the cut-off." }),
  reconciliations: z.array(z.string()).meta({ description: "Those that wait for it." }),
});

const closingReconciliation = z.object({
  id: z.string(),
  title: z.string(),
  owner: z.string(),
  domain: z.string(),
  isKept: z.boolean(),
  isComplete: z.boolean().meta({ description: "Both sides are complete up to the cut-off." }),
  feeds: z.object({ a: feed, b: feed }),
  units: z.array(unitDrift).meta({ description: "What is open at the cut-off; of a locked period as it was locked." }),
  worth: z.array(z.object({ currency: z.string(), value: decimal })).meta({
    description:
      "What is open is worth, in gross, each currency by itself; of a locked period as it was locked. What states no amount is not in it.",
  }),
  lock: z.object({ checkpoint: z.string(), lockedAt: instant, lockedBy: person }).nullable(),
  statementHref: z.string(),
  checkpointsHref: z.string(),
});

const closeOwner = z.object({
  owner: z.string(),
  reconciliations: z.int(),
  locked: z.int(),
  items: z.int().meta({ description: "Open items of all reconciliations that are theirs." }),
});

export const close = z
  .object({
    company: z.object({ id: z.string(), title: z.string() }),
    companies: z.array(z.object({ id: z.string(), title: z.string() })).meta({ description: "All that close." }),
    period: statementPeriod,
    isOver: z.boolean().meta({ description: "False as long as the period runs." }),
    isWhole: z.boolean().meta({ description: "False: the figures are of those sites only that the caller may see." }),
    isReady: z
      .boolean()
      .meta({ description: "It is over, all feeds are complete, and no limit of an account is broken." }),
    feeds: z.array(closingFeed),
    reconciliations: z.array(closingReconciliation),
    owners: z.array(closeOwner),
    lock: z.object({
      dueAt: instant.nullable().meta({ description: "Null where no closing is configured." }),
      daysLeft: z.int().nullable().meta({ description: "Days by the clocks of the company; below 0: late." }),
      lockedAt: instant.nullable().meta({ description: "When the last of all was locked; null: not all are." }),
      daysToLock: z.int().nullable().meta({ description: "From the last day of the period to that of the last lock." }),
    }),
  })
  .meta({ id: "Close", description: "How far a period is from being locked." });

export const closeQuery = z.strictObject({ company: range.company, on: range.on, asOf });

export const closeAccuracy = z
  .object({
    checkpoint: z.string(),
    period: statementPeriod,
    daysToLock: z.int(),
    readAt: instant,
    units: z.array(
      z.object({
        unit: z.string(),
        adjustments: decimal.meta({ description: "What later facts changed of the postings of the period, in gross." }),
        adjusted: z.int().meta({ description: "Postings that came, went or changed." }),
        postings: decimal.meta({ description: "What was posted in the period when it was locked, in gross." }),
        posted: z.int(),
        accuracy: decimal.nullable().meta({
          description: "1 − adjustments ÷ postings, rounded to 6 digits; null where nothing was posted.",
        }),
      }),
    ),
  })
  .meta({ id: "CloseAccuracy", description: "How much of a locked period had to be put right afterwards, by unit." });

export type Close = z.infer<typeof close>;
export type CloseQuery = z.infer<typeof closeQuery>;
export type CloseAccuracy = z.infer<typeof closeAccuracy>;
