import { eventError, measure, objectRef, OUTCOMES, reversal } from "@throughline/schemas/event";
import { verdict } from "@throughline/schemas/leg";
import { instant, text } from "@throughline/schemas/text";
import { z } from "@hono/zod-openapi";
import { queryInstant } from "./figure.ts";
import { latestMoment } from "./latest-moment.ts";
import { leg } from "./leg.ts";
import { matchItem } from "./match.ts";
import { span } from "./trace.ts";

/**
 * `counts`: the one that is read. `superseded`: a higher revision took its place. `outvoted`: another content came under
 * the same identity and revision, and counts until a person chooses.
 */
export const EVENT_STANDINGS = ["counts", "superseded", "outvoted"] as const;

export const journeyEvent = z
  .object({
    key: z.string().meta({ description: "Names this event in this tower." }),
    source: z.string(),
    id: z.string(),
    revision: z.int(),
    type: z.string(),
    time: instant,
    latestAt: latestMoment,
    arrivedAt: instant,
    site: z.string(),
    domain: z.string(),
    subject: z.string(),
    objects: z.array(objectRef),
    outcome: z.enum(OUTCOMES).nullable(),
    error: eventError.nullable(),
    attempt: z.int(),
    reason: z.string(),
    reverses: reversal.nullable(),
    measures: z.record(z.string(), measure),
    attributes: z.record(z.string(), z.unknown()),
    traceId: z.string(),
    spanId: z.string(),
    sequence: z.int().nullable(),
    standing: z.enum(EVENT_STANDINGS),
    isConflict: z.boolean(),
    duplicates: z.int().meta({ description: "How often it came again, unchanged." }),
    milestones: z.array(z.object({ flow: z.string(), milestone: z.string(), title: z.string() })),
  })
  .meta({ id: "JourneyEvent", description: "An event, once however often it came." });

export const verdictChange = z
  .object({ verdict, evaluatedAt: instant, dueAt: instant.nullable(), endedAt: instant.nullable(), reason: z.string() })
  .meta({ id: "VerdictChange", description: "A verdict that was given of a leg." });

export const journeyLeg = leg
  .extend({
    history: z.array(verdictChange).meta({ description: "All verdicts, oldest first; the last is the current." }),
  })
  .meta({ id: "JourneyLeg", description: "A leg with all verdicts that were given of it." });

/** `upstream` leads towards what the journey began with, `downstream` to what came of it. */
export const OBJECT_RELATIONS = ["self", "upstream", "downstream", "beside"] as const;

const objectKey = objectRef.pick({ type: true, id: true });

export const journeyObject = objectKey
  .extend({
    title: z.string().meta({ description: "What this type of object is called." }),
    relation: z.enum(OBJECT_RELATIONS),
    events: z.int(),
    firstAt: instant.nullable(),
    lastAt: instant.nullable(),
    href: z.string(),
  })
  .meta({ id: "JourneyObject", description: "An object that a journey touches." });

export const journey = z
  .object({
    object: journeyObject,
    events: z
      .array(journeyEvent)
      .meta({ description: "Of the object and of what lies up and down its links, oldest first." }),
    legs: z.array(journeyLeg),
    matches: z.array(matchItem).meta({
      description: "What came of matching the object, or what its journey leads to; those that need work first.",
    }),
    calendars: z
      .array(
        z.object({
          id: z.string(),
          title: z.string(),
          closed: z.array(z.object({ from: instant, to: instant })).meta({ description: "Oldest first." }),
        }),
      )
      .meta({ description: "The calendars that count the time of the legs, and when they were closed meanwhile." }),
    spans: z.array(span),
    objects: z.object({
      nodes: z.array(journeyObject),
      links: z.array(z.object({ from: objectKey, to: objectKey, events: z.int() })),
    }),
    foreignSteps: z
      .array(z.object({ at: instant }))
      .meta({ description: "Steps of the object outside of the reader's scope, without their content." }),
    isTruncated: z
      .object({
        events: z.boolean(),
        objects: z.boolean(),
        legs: z.boolean(),
        matches: z.boolean(),
        spans: z.boolean(),
      })
      .meta({ description: "What there is more of than is shown." }),
  })
  .meta({ id: "Journey", description: "What happened to one business object, over all systems." });

export const journeyQuery = z.strictObject({
  asOf: queryInstant
    .optional()
    .meta({ description: "What had arrived by then, and the verdicts that had been given." }),
});

export const journeySearchQuery = z.strictObject({
  key: text(512, 1).meta({ description: "A business key or its beginning, a part of one, a lot, or a trace id." }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export const journeyMatch = z
  .object({
    type: z.string(),
    id: z.string(),
    match: z.enum(["exact", "prefix", "contains"]),
    events: z.int(),
    firstAt: instant,
    lastAt: instant,
    href: z.string(),
  })
  .meta({ id: "JourneyMatch", description: "An object that a key leads to." });

export const journeySearch = z
  .object({
    key: z.string(),
    groups: z.array(
      z.object({
        type: z.string(),
        title: z.string(),
        count: z.int().meta({ description: "Objects listed here." }),
        lastAt: instant,
        objects: z.array(journeyMatch),
      }),
    ),
    traces: z.array(
      z.object({
        traceId: z.string(),
        startedAt: instant.nullable(),
        spans: z.int(),
        events: z.int(),
        href: z.string(),
      }),
    ),
    isTruncated: z.boolean().meta({ description: "True when there are more than are listed." }),
    isPartial: z
      .boolean()
      .meta({ description: "True when the search inside of keys was ended before it was through." }),
  })
  .meta({ id: "JourneySearch", description: "What a key leads to, by type of object." });

export type JourneyEvent = z.infer<typeof journeyEvent>;
export type JourneyLeg = z.infer<typeof journeyLeg>;
export type JourneyObject = z.infer<typeof journeyObject>;
export type ObjectRelation = JourneyObject["relation"];
export type Journey = z.infer<typeof journey>;
export type JourneySearch = z.infer<typeof journeySearch>;
export type JourneyMatch = z.infer<typeof journeyMatch>;
export type JourneySearchQuery = z.infer<typeof journeySearchQuery>;
