import { z } from "zod";
import type { Calendar } from "../calendar/calendar.ts";
import { eventType, objectType } from "../event.ts";
import type { Slo } from "./slo.ts";

/** Order of importance; it drives targets, order of work and colour. */
export const CRITICALITIES = ["critical", "high", "standard"] as const;
export const LATENCY_CLASSES = ["event", "near-real-time", "batch", "controlled-sequence", "statutory"] as const;

/** A name in a pack. */
export const word = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, "must be a lower-case name such as goods-receipt");

/** An exact length of time in ISO 8601: hours, minutes and seconds only, since a day is not always 24 hours. */
const duration = z
  .string()
  .regex(
    /^PT(?=\d)(\d{1,5}H)?(\d{1,5}M)?(\d{1,5}(\.\d{1,3})?S)?$/,
    "must be an ISO 8601 duration of hours, minutes and seconds, such as PT4H or PT1H30M",
  );

/** Conditions on an event, all of which must hold: a field (`outcome`, `site`, `attributes.<name>`) and the values it may have. */
const condition = z.record(
  z
    .string()
    .regex(
      /^(outcome|site|source|attributes\.[A-Za-z_][A-Za-z0-9_.-]*)$/,
      "must be outcome, site, source or attributes.<name>",
    ),
  z.union([z.string(), z.number(), z.boolean()]).array().min(1),
);

const milestoneEvent = z.strictObject({ type: eventType, where: condition.optional() });

export const milestone = z
  .strictObject({
    title: z.string().min(1).max(80),
    system: z.string().min(1).max(80).meta({ description: "The system that says that it was reached." }),
    events: z.array(milestoneEvent).min(1).meta({ description: "Any of these events reaches it." }),
    measure: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,63}$/)
      .optional()
      .meta({ description: "The quantity that each event carries, for completion by quantity." }),
  })
  .meta({ id: "Milestone", description: "A point that an instance of a flow reaches." });

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time of day such as 16:00");

const target = z
  .strictObject({
    where: condition.optional().meta({ description: "Conditions on the event that starts the leg; none: always." }),
    within: duration.optional().meta({ description: "How long the leg may take." }),
    calendar: word.optional().meta({ description: "Only working time of this calendar counts; none: all time." }),
    until: z
      .string()
      .regex(/^attributes\.[A-Za-z_][A-Za-z0-9_.-]*$/, "must be attributes.<name>")
      .optional()
      .meta({
        description: "An attribute of the starting event that holds the deadline: a time, or a day to its end.",
      }),
    cutoff: z.strictObject({ before: timeOfDay, by: timeOfDay }).optional().meta({
      description: "What starts before this time of a working day is due by that time of it, else of the next one.",
    }),
  })
  .refine(
    ({ within, cutoff }) => (within === undefined) !== (cutoff === undefined),
    "must have either within or cutoff",
  )
  .refine(({ cutoff, calendar }) => cutoff === undefined || calendar !== undefined, {
    path: ["cutoff"],
    message: "needs a calendar, which says what a working day is",
  });

export const leg = z
  .strictObject({
    id: word,
    title: z.string().min(1).max(80),
    from: word,
    to: word,
    targets: z
      .array(target)
      .min(1)
      .meta({ description: "The first that applies to the event that starts the leg counts." }),
    atRiskPercent: z.number().min(1).max(99).default(80),
    completion: z
      .strictObject({ underTolerancePercent: z.number().min(0).max(100) })
      .optional()
      .meta({
        description:
          "Ends when the quantities of `to` reach those of `from`, less the tolerance; else at the first event.",
      }),
    isStartOptional: z.boolean().default(false).meta({
      description: "Instances that end without ever starting do not have this leg, instead of a missing start.",
    }),
    criticality: z.enum(CRITICALITIES).optional(),
    response: z.string().min(1).max(2000).meta({ description: "What to do when it is late." }),
  })
  .meta({ id: "FlowLeg", description: "The way between two milestones and the time that it may take." });

export const flow = z
  .strictObject({
    id: word,
    title: z.string().min(1).max(80),
    description: z.string().min(1).max(2000),
    owner: z.string().min(1).max(120),
    domain: z
      .string()
      .regex(/^[a-z][a-z0-9_]*$/)
      .meta({ description: "Whose seat watches it: legs carry this domain." }),
    criticality: z.enum(CRITICALITIES),
    latencyClass: z.enum(LATENCY_CLASSES),
    anchor: objectType.meta({ description: "The type of object that each instance stands for." }),
    links: z
      .array(z.strictObject({ from: objectType, to: objectType }))
      .default([])
      .meta({
        description:
          "Which objects an instance follows: `from` the anchor's side `to` the farther side. An event belongs to the instances that the objects nearest to the anchor lead to; its farther objects only make links.",
      }),
    milestones: z.record(word, milestone),
    legs: z.array(leg).min(1),
    cancelledBy: z
      .array(milestoneEvent)
      .default([])
      .meta({ description: "Events that end an instance without a verdict." }),
    skewAllowance: duration
      .default("PT2M")
      .meta({ description: "How far an end may lie before its start because clocks differ." }),
  })
  .meta({ id: "Flow", description: "A flow of business objects through systems, with its milestones and legs." });

/** An object type that events may name, and what must stand beside its number for two of them to be the same. */
export const objectTypeDefinition = z
  .strictObject({
    type: objectType,
    title: z.string().min(1).max(80),
    qualifiedBy: z.array(z.string().min(1)).default([]),
  })
  .meta({ id: "ObjectTypeDefinition", description: "A kind of business object." });

/** How far the word of a source can be trusted to be complete. */
export const sourceRule = z
  .strictObject({
    source: z.string().min(1).max(512).meta({ description: "A source, or a prefix of sources ending in *." }),
    watermark: z.enum(["arrival", "heartbeat"]).meta({
      description:
        "arrival: what has not arrived after the lag has not happened; heartbeat: the source says how far it is complete.",
    }),
    lag: duration.default("PT5M").meta({ description: "With arrival: how long an event may take to arrive." }),
  })
  .meta({ id: "SourceRule", description: "How the watermark of a source is known." });

export type Flow = z.infer<typeof flow>;
export type FlowLeg = z.infer<typeof leg>;
export type Condition = z.infer<typeof condition>;
export type ObjectTypeDefinition = z.infer<typeof objectTypeDefinition>;
export type SourceRule = z.infer<typeof sourceRule>;

/** Everything that configuration says, checked as a whole; flows by id. */
export interface Pack {
  flows: ReadonlyMap<string, Flow>;
  /** Version of each flow's rules: a digest of what was written, by flow id. */
  ruleVersions: ReadonlyMap<string, string>;
  objectTypes: readonly ObjectTypeDefinition[];
  sources: readonly SourceRule[];
  /** Working hours by id of the calendar. */
  calendars: ReadonlyMap<string, Calendar>;
  /** Service level objectives, in the order in which they are written. */
  slos: readonly Slo[];
}
