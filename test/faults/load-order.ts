import { z } from "zod";

/** What the load generator of a campaign, a process of its own, is told. */
export const loadOrder = z.object({
  url: z.string(),
  key: z.string(),
  connections: z.number(),
  /** Entries of a request. */
  batch: z.number(),
});

/** A run of numbers that were sent in one request and acknowledged. */
const sentRun = z.object({ first: z.number(), count: z.number() });

export const loadReport = z.object({
  events: z.array(sentRun),
  spans: z.array(sentRun),
  /** Requests that were not acknowledged; what they sent may be stored or not. */
  unanswered: z.number(),
});

export type LoadReport = z.infer<typeof loadReport>;

export type LoadOrder = z.infer<typeof loadOrder>;
