import { z } from "zod";

/** What the load generator, a process of its own, is told. */
export const loadOrder = z.object({
  kind: z.enum(["events", "spans"]),
  url: z.string(),
  key: z.string(),
  seconds: z.number(),
  connections: z.number(),
  /** Entries in a request. */
  batch: z.number(),
  perSecond: z.number().optional(),
  seed: z.number(),
  /** Number of the first event in the stream of business events. */
  first: z.number(),
});

export type LoadOrder = z.infer<typeof loadOrder>;

export const loadResult = z.object({
  accepted: z.number(),
  requests: z.number(),
  refused: z.record(z.string(), z.number()),
  seconds: z.number(),
  bytes: z.number(),
  latency: z.object({ p50: z.number(), p99: z.number(), max: z.number() }),
  next: z.number(),
});
