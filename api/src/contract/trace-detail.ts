import { z } from "@hono/zod-openapi";
import { journeyEvent } from "./journey.ts";
import { span } from "./trace.ts";

export const traceDetail = z
  .object({
    traceId: z.string(),
    startedAt: z.string().nullable(),
    durationNs: z.number(),
    services: z.array(z.string()),
    spans: z.array(span).meta({ description: "In the order of a waterfall: each below its parent, by start." }),
    events: z.array(journeyEvent),
    isTruncated: z.boolean(),
  })
  .meta({ id: "Trace", description: "The spans and the events of one trace." });

export type TraceDetail = z.infer<typeof traceDetail>;
