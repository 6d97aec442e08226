import { objectRef } from "@throughline/schemas/event";
import { z } from "@hono/zod-openapi";

/** RFC 3339 with nine digits of a second, since spans are shorter than what milliseconds tell apart. */
const nanoInstant = z.string().meta({ description: "RFC 3339 in UTC, to the nanosecond." });
const attributes = z.record(z.string(), z.string());

export const span = z
  .object({
    traceId: z.string(),
    spanId: z.string(),
    parentSpanId: z.string().nullable(),
    depth: z.int().meta({ description: "Spans above it that are listed here." }),
    name: z.string(),
    kind: z.string(),
    service: z.string(),
    startedAt: nanoInstant,
    offsetNs: z.number().meta({ description: "From the first listed span of its trace to its start." }),
    durationNs: z.number(),
    status: z.enum(["unset", "ok", "error"]),
    statusMessage: z.string(),
    attributes,
    resource: attributes,
    events: z.array(z.object({ at: nanoInstant, name: z.string(), attributes })),
    objects: z.array(objectRef.pick({ type: true, id: true })),
  })
  .meta({ id: "Span", description: "A step inside of a system." });

export type Span = z.infer<typeof span>;
