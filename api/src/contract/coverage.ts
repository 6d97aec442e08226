import { instant, text } from "@throughline/schemas/text";
import { z } from "@hono/zod-openapi";
import { BATCH_FAULTS } from "../projections/feeds/judge-batch.ts";
import { rangeQuery, timeRange } from "./figure.ts";
import { feedMoment } from "./source.ts";

/** What is wrong with a feed, or with the log that feeds come by. One outage is one finding, however many legs it touches. */
export const FINDING_KINDS = [
  "silent",
  "missing-numbers",
  "behind-watermark",
  "clock-ahead",
  "batch",
  "log-gap",
] as const;

export const feedFinding = z
  .object({
    source: z.string().meta({ description: "The feed; of a gap in a log, that log." }),
    kind: z.enum(FINDING_KINDS),
    since: instant,
    until: instant.nullable().meta({
      description:
        "When it ended; null while it goes on, and of what was never made good, such as a batch that is missing.",
    }),
    count: z.int().meta({
      description: "Of missing numbers or positions, late events, refused events; 1 of an outage or a batch.",
    }),
    mostMs: z.int().nullable().meta({ description: "How far behind the watermark the latest event arrived." }),
    detail: z.string().meta({ description: "What it is, to be read after the count of events or numbers." }),
  })
  .meta({ id: "FeedFinding", description: "Something that is wrong with a feed." });

export const feedFindings = z.object({ range: timeRange, items: z.array(feedFinding) }).meta({
  id: "FeedFindings",
  description:
    "What is or was wrong with the feeds: what goes on, the worst kinds first, then what ended; each the newest first.",
});

export const blindWindow = z
  .object({ from: instant, until: instant.nullable() })
  .meta({ id: "BlindWindow", description: "A time, by events, of which nothing is known; null: it goes on." });

export const numberGap = z
  .object({
    epoch: z.int().meta({ description: "How often the numbering had restarted." }),
    first: z.int(),
    last: z.int().meta({ description: "The last missing number, included." }),
    noticedAt: instant,
    isFollowed: z.boolean().meta({ description: "False when there were too many gaps to wait for all of them." }),
  })
  .meta({ id: "NumberGap", description: "Sequence numbers that did not come." });

export const feedDelivery = z
  .object({
    name: z.string(),
    day: z.string(),
    dueAt: instant,
    arrivedAt: instant.nullable(),
    rows: z.int().nullable(),
    trailers: z.int(),
    faults: z.array(z.enum(BATCH_FAULTS)),
  })
  .meta({ id: "FeedDelivery", description: "An expected batch of one working day." });

export const feedDetail = z
  .object({
    range: timeRange,
    source: z.string(),
    blind: z.array(blindWindow),
    gaps: z.array(numberGap),
    missing: z.int().meta({ description: "How many numbers are missing." }),
    behind: z.object({ count: z.int(), mostMs: z.int() }).meta({ description: "Events behind the feed's watermark." }),
    clockAhead: z.int().meta({ description: "Events refused because they lay too far in the future." }),
    batches: z.array(feedDelivery),
  })
  .meta({ id: "FeedDetail", description: "What is known of how a feed is covered." });

export const findingsQuery = z.strictObject({ ...rangeQuery, asOf: feedMoment });
export const feedDetailQuery = z.strictObject({ source: text(512, 1), ...rangeQuery, asOf: feedMoment });

export type BlindWindow = z.infer<typeof blindWindow>;
export type NumberGap = z.infer<typeof numberGap>;
export type FeedDelivery = z.infer<typeof feedDelivery>;
export type FeedFinding = z.infer<typeof feedFinding>;
export type FeedFindings = z.infer<typeof feedFindings>;
export type FeedDetail = z.infer<typeof feedDetail>;
export type FindingsQuery = z.infer<typeof findingsQuery>;
export type FeedDetailQuery = z.infer<typeof feedDetailQuery>;
