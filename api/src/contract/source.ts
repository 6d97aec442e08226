import { instant, text } from "@throughline/schemas/text";
import { z } from "@hono/zod-openapi";
import { figure, queryInstant, rangeQuery } from "./figure.ts";
import { listOf, page, pageQuery } from "./page.ts";

/** What makes a feed complete up to a time: see the rules of sources in the configuration. */
export const WATERMARK_KINDS = ["arrival", "heartbeat", "sequence", "batch"] as const;

/**
 * `complete`: all of it is here, as after an import. `reporting`: heard of lately. `quiet`: not heard of lately, but it
 * promised no sign of life. `silent`: not heard of for longer than it may be, so that nothing is known of what happened
 * since.
 */
export const SOURCE_STATES = ["complete", "reporting", "quiet", "silent"] as const;

/** What the rule of a feed promises, and how it stands to that. */
export const feedPromise = z
  .object({
    watermark: z.enum(WATERMARK_KINDS).meta({ description: "How it is known up to when the feed is complete." }),
    lagMs: z.int().nullable().meta({ description: "How long an event may take to arrive; null unless by arrival." }),
    silentAfterMs: z
      .int()
      .nullable()
      .meta({ description: "How long it may say nothing; null: it promised no sign of life and is never silent." }),
    silentAt: instant
      .nullable()
      .meta({ description: "When it is, or was, to be heard of before it counts as silent." }),
    calendar: z.string().nullable().meta({ description: "The calendar whose working time alone counts as silence." }),
    isExcused: z.boolean().meta({
      description: "Not heard of for longer than it may be, but not silent: its calendar says that it is closed.",
    }),
  })
  .meta({ id: "FeedPromise", description: "What is expected of a feed." });

export const source = z
  .object({
    source: z.string(),
    sites: z.array(z.string()),
    domains: z.array(z.string()),
    state: z.enum(SOURCE_STATES),
    silentSince: instant.nullable(),
    firstEventAt: instant,
    lastEventAt: instant,
    lastArrivedAt: instant,
    lastHeartbeatAt: instant.nullable(),
    watermarkAt: instant
      .nullable()
      .meta({ description: "What happened before is here; null when the source has not said." }),
    completeTo: instant.nullable().meta({
      description:
        "What evaluation takes for complete: by the watermark, or by arrival and its lag; null when unknown.",
    }),
    promise: feedPromise,
    lastSequence: z.int().nullable(),
    types: z.array(z.string()),
    accepted: z.int(),
    duplicates: z.int(),
    superseded: z.int(),
    conflicts: z.int(),
    failed: z.int(),
  })
  .meta({
    id: "Source",
    description: "A feed: when it was heard of last, how far it is complete, what it sent in the range.",
  });

/** "12 of 14 feeds complete to 10:42": `completeTo` is the least watermark of those that report. */
export const freshness = z
  .object({
    feeds: figure,
    complete: figure,
    silent: figure,
    completeTo: instant.nullable(),
  })
  .meta({ id: "Freshness", description: "How many feeds are complete, and to what time." });

/** The moment whose knowledge is asked for. */
export const feedMoment = queryInstant.optional().meta({
  description: "The feeds as they were known then, how far each had come by the whole minute.",
});

export const sourcesQuery = z.strictObject({
  ...rangeQuery,
  asOf: feedMoment,
  source: text(512, 1).optional(),
  site: listOf(text(128)),
  domain: listOf(text(64)),
  state: listOf(z.enum(SOURCE_STATES)),
  q: text(200, 1).optional().meta({ description: "Text that the source's name contains, in any case." }),
  ...pageQuery,
});

export const sourcePage = page(source, "Feeds by name.").meta({ id: "SourcePage" });

export type Source = z.infer<typeof source>;
export type SourceState = Source["state"];
export type FeedPromise = z.infer<typeof feedPromise>;
export type Freshness = z.infer<typeof freshness>;
export type SourcesQuery = z.infer<typeof sourcesQuery>;
export type SourcePage = z.infer<typeof sourcePage>;
