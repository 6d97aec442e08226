import { z } from "zod";
import type { UnitEquation } from "../exact/units.ts";
import type { Reconciliations } from "./reconciliation.ts";
import type { MatchRouting } from "./match-routing.ts";
import type { Tolerances } from "./tolerance.ts";
import type { Calendar } from "../calendar/calendar.ts";
import { batchExpectation } from "./batch-expectation.ts";
import { eventType, objectType } from "../event.ts";
import { condition, conditionField, duration, word } from "./flow-words.ts";
import type { Slo } from "./slo.ts";
import type { InterfaceDefinition } from "./interface.ts";
import { target } from "./target.ts";

/** Order of importance; it drives targets, order of work and colour. */
export const CRITICALITIES = ["critical", "high", "standard"] as const;
export const LATENCY_CLASSES = ["event", "near-real-time", "batch", "controlled-sequence", "statutory"] as const;

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

/** The rule of law that sets a target: where it stands, and what it asks for. */
export const statutory = z
  .strictObject({ citation: z.string().min(1).max(120), title: z.string().min(1).max(160) })
  .meta({ id: "Statutory", description: "The rule of law that sets a target: where it stands, and what it asks for." });

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
    each: z
      .strictObject({
        field: conditionField,
        values: z
          .record(word, z.string().min(1).max(30))
          .refine((values) => Object.keys(values).length > 0, "must name at least one value"),
      })
      .optional()
      .meta({
        description:
          "One such leg for each value that the field of the ending event may have: its id and its end are followed by the value, as in confirmation-ehr. Each value has a title.",
      }),
    statutory: statutory.optional(),
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
    changes: z
      .array(
        z.strictObject({
          events: z.array(milestoneEvent).min(1),
          legs: z
            .array(word)
            .default([])
            .meta({ description: "These start anew: from then on each has another occurrence." }),
          quantity: word.optional().meta({
            description:
              "The milestone whose quantity they state anew, as far as they state one, for the legs from it that end by quantity.",
          }),
        }),
      )
      .default([])
      .meta({ description: "Events that change what was ordered: they start legs anew, or state a quantity anew." }),
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

/** How far the word of a source can be trusted to be complete, and how long it may say nothing. */
export const sourceRule = z
  .strictObject({
    source: z.string().min(1).max(512).meta({ description: "A source, or a prefix of sources ending in *." }),
    watermark: z.enum(["arrival", "heartbeat", "sequence", "batch"]).meta({
      description:
        "arrival: what has not arrived after the lag has not happened; heartbeat: the source says how far it is complete; sequence: up to the last event before the first missing number; batch: the trailer of each batch says it.",
    }),
    lag: duration.default("PT5M").meta({ description: "With arrival: how long an event may take to arrive." }),
    heartbeatEvery: duration.optional().meta({ description: "How often the source promises a sign of life." }),
    silentAfter: duration.optional().meta({
      description:
        "Silent when nothing was heard for longer; three times heartbeatEvery unless given, else PT15M for sources that send heartbeats. Others are never judged silent.",
    }),
    suppliers: z.array(z.string().min(1).max(256)).min(1).max(1000).optional().meta({
      description:
        "The suppliers that it sends for, by their ids as orders name them, and no others. Without it, the suppliers that its events name are learned; a source whose events name none sends for all.",
    }),
    calendar: word.optional().meta({ description: "Silence counts in working time of this calendar only." }),
    gapPatience: duration
      .optional()
      .meta({ description: "With sequence: how long a missing number holds the watermark back; PT15M unless given." }),
    batches: batchExpectation
      .array()
      .max(100)
      .optional()
      .meta({ description: "The batches and files that it promises; for a source that is named in full." }),
  })
  .meta({ id: "SourceRule", description: "How the watermark of a source is known, and when it is silent." });

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
  /** The interface catalogue, by id. */
  interfaces: ReadonlyMap<string, InterfaceDefinition>;
  /** The limits of matching. */
  tolerances: Tolerances;
  /** Factors between units that hold for any item. */
  units: readonly UnitEquation[];
  /** Who works on matches; absent in a pack that routes none. */
  matchRouting?: MatchRouting;
  /** What is held against what; absent in a pack that reconciles nothing. */
  reconciliations?: Reconciliations;
}
