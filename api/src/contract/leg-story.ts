import { LEG_FLAGS, legMove, verdict } from "@throughline/schemas/leg";
import { leg as flowLeg } from "@throughline/schemas/pack/flow";
import { instant, text } from "@throughline/schemas/text";
import { z } from "@hono/zod-openapi";
import { excuse } from "./excuse.ts";
import { queryInstant } from "./figure.ts";
import { latestMoment } from "./latest-moment.ts";
import { leg } from "./leg.ts";

/** What a verdict may differ in from the one before it. */
export const LEG_CHANGES = [
  "verdict",
  "startedAt",
  "endedAt",
  "dueAt",
  "atRiskAt",
  "budgetMs",
  "excusedMs",
  "calendar",
  "site",
  "supplier",
  "criticality",
  "flags",
  "reason",
  "ruleVersion",
] as const;

/**
 * `event`: what an event said, or what taking one back left. `clock`: a moment passed. `watermark`: a feed said that it is
 * complete beyond a moment. `rules`: the flow's rules changed. `window`: an excuse or a pause was approved, changed or
 * withdrawn. `units`: the units of an item were stated, so that what had come counts otherwise.
 */
export const CHANGE_CAUSES = ["event", "clock", "watermark", "rules", "window", "units"] as const;

export const storyWindow = legMove
  .extend({
    change: z.enum(["added", "changed", "lifted"]).meta({ description: "What the verdict makes of it otherwise." }),
    excuse: excuse.nullable().meta({
      description:
        "The window: who requested it and why, who approved it. Whoever sees the leg sees why it was moved. Null where that is not kept.",
    }),
    isListed: z.boolean().meta({ description: "True when the reader finds it in the list of excuses." }),
  })
  .meta({ id: "StoryWindow", description: "An excuse or pause by which a verdict differs from the one before." });

export const storyEvent = z
  .object({
    key: z.string(),
    type: z.string(),
    source: z.string(),
    id: z.string(),
    time: instant.meta({ description: "When it happened." }),
    latestAt: latestMoment,
    arrivedAt: instant.meta({ description: "When the tower took it." }),
    milestones: z.array(z.string()).meta({ description: "The milestones that it reaches, by title." }),
  })
  .meta({ id: "StoryEvent", description: "An event that brought a verdict." });

export const storyStep = z
  .object({
    verdict: verdict.nullable().meta({ description: "Null: the leg was no longer known." }),
    evaluatedAt: instant,
    startedAt: instant.nullable(),
    endedAt: instant.nullable(),
    dueAt: instant.nullable(),
    atRiskAt: instant.nullable(),
    budgetMs: z.int().nullable(),
    excusedMs: z.int(),
    site: z.string(),
    flags: z.array(z.enum(LEG_FLAGS)),
    reason: z.string(),
    ruleVersion: z.string(),
    changed: z
      .array(z.enum(LEG_CHANGES))
      .meta({ description: "What differs from the verdict before; none for the first." }),
    isCorrection: z.boolean().meta({ description: "True when it replaces a verdict that had been decided." }),
    cause: z.object({
      kind: z.enum(CHANGE_CAUSES),
      source: z.string().meta({ description: "The feed that the verdict before waited for; else empty." }),
      events: z.array(storyEvent).meta({
        description: "What brought it; none where it lies outside of the reader's scope or is no longer kept.",
      }),
      windows: z.array(storyWindow),
    }),
  })
  .meta({ id: "StoryStep", description: "A verdict that was given: when, why, under which rules, and what changed." });

export const storyRules = flowLeg
  .pick({ targets: true, atRiskPercent: true, completion: true })
  .extend({
    ruleVersion: z.string(),
    since: instant.meta({ description: "From when on it was in force; the first holds for what began before too." }),
    isCurrent: z.boolean().meta({ description: "True when what begins now is judged by it too." }),
  })
  .meta({ id: "StoryRules", description: "What a version of the flow's rules asks of a leg." });

export const legStory = z
  .object({
    leg,
    rules: z.array(storyRules).meta({
      description: "The rules by which the verdicts were given, by version; none where they were not kept yet.",
    }),
    steps: z.array(storyStep).meta({ description: "Oldest first." }),
    isTruncated: z.boolean(),
  })
  .meta({ id: "LegStory", description: "A leg with all verdicts that were given of it." });

export const legStoryPath = z.object({
  flow: text(64, 1),
  leg: text(64, 1),
  type: text(64, 1),
  id: text(512, 1),
  occurrence: z.coerce.number().int().min(0).max(65_535),
});

export const legStoryQuery = z.strictObject({
  asOf: queryInstant.optional().meta({ description: "The verdicts that had been given by then." }),
});

export type StoryWindow = z.infer<typeof storyWindow>;
export type StoryRules = z.infer<typeof storyRules>;
export type StoryEvent = z.infer<typeof storyEvent>;
export type StoryStep = z.infer<typeof storyStep>;
export type LegStory = z.infer<typeof legStory>;
