import { instant, text } from "@throughline/schemas/text";
import { z } from "@hono/zod-openapi";
import { figure, rangeQuery } from "./figure.ts";
import { listOf, page, pageQuery } from "./page.ts";

/**
 * `complete`: all of it is here, as after an import. `reporting`: heard of lately. `quiet`: not heard of lately, but it
 * promised no sign of life. `silent`: not heard of for longer than it may be, so that nothing is known of what happened
 * since.
 */
export const SOURCE_STATES = ["complete", "reporting", "quiet", "silent"] as const;

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

export const sourcesQuery = z.strictObject({
  ...rangeQuery,
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
export type Freshness = z.infer<typeof freshness>;
export type SourcesQuery = z.infer<typeof sourcesQuery>;
export type SourcePage = z.infer<typeof sourcePage>;
