import { z } from "zod";
import { batchBounds } from "./batch-journal.ts";

const credentials = z.object({ username: z.string(), password: z.string() });

/** What the writer's thread is started with. */
export const writerSettings = z.object({
  directory: z.string(),
  log: z.string(),
  connection: z.object({ url: z.string(), database: z.string(), writer: credentials, reader: credentials }),
  limits: z.object({ rows: z.number(), bytes: z.number(), lingerMs: z.number() }),
});

export const toWriter = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("durable"),
    end: z.object({ segment: z.number(), offset: z.number(), nextPosition: z.number() }),
  }),
  z.object({ kind: z.literal("stop"), graceMs: z.number() }),
]);

export const fromWriter = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("resumed"), bounds: batchBounds }),
  z.object({
    kind: z.literal("committed"),
    bounds: batchBounds,
    counts: z.object({ events: z.number(), spans: z.number(), logs: z.number(), quarantined: z.number() }),
  }),
  z.object({
    kind: z.literal("failed"),
    failure: z.object({ attempt: z.number(), message: z.string(), isPassing: z.boolean(), waitMs: z.number() }),
  }),
  z.object({ kind: z.literal("repaired"), bounds: batchBounds, table: z.string() }),
  z.object({ kind: z.literal("ended"), error: z.string().optional() }),
]);

export type WriterSettings = z.infer<typeof writerSettings>;
export type ToWriter = z.infer<typeof toWriter>;
export type FromWriter = z.infer<typeof fromWriter>;
