import { z } from "@hono/zod-openapi";
import { CROSSWALK_KINDS } from "@throughline/schemas/crosswalk-entry";
import { instant, text } from "@throughline/schemas/text";
import { REDACTION_COUNTS } from "@throughline/schemas/way-back/redaction-counts";
import { REPORT_KINDS, replayRevision, replayTarget } from "@throughline/schemas/way-back/manifest";
import { person } from "./excuse.ts";
import { queryInstant } from "./figure.ts";
import { listOf, page, pageQuery } from "./page.ts";

export const mappingWait = z
  .object({
    crosswalk: z.string(),
    kind: z.string().meta({ description: "Empty where the edge knows no such table." }),
    value: z.string(),
    interface: z.string(),
    site: z.string(),
    domain: z.string(),
    documents: z.int().min(1).meta({ description: "How many documents wait for it at the edge." }),
    since: z.string().meta({ description: "When the first of them came." }),
    toldAt: instant.meta({ description: "When the edge said so." }),
    types: z.array(z.string()).meta({ description: "Of the events that lack it." }),
    flows: z
      .array(z.object({ flow: z.string(), title: z.string() }))
      .meta({ description: "That these events belong to." }),
    proposals: z.int().min(0).meta({ description: "Translations of it that nobody has decided about." }),
  })
  .meta({ id: "MappingWait", description: "A value that a crosswalk lacks, and the documents that wait for it." });

export const mappingWaitPage = page(mappingWait, "What waits, most documents first.").meta({ id: "MappingWaitPage" });

export const mappingWaitsQuery = z.strictObject({
  crosswalk: listOf(text(64)),
  kind: listOf(z.enum(CROSSWALK_KINDS)),
  interface: listOf(text(63)),
  site: listOf(text(128)),
  domain: listOf(text(64)),
  q: text(200, 1).optional().meta({ description: "Text in the value, in any case." }),
  ...pageQuery,
});

/** `silent`: it has not been heard of for longer than it promised; `attention`: it says that something is wrong, or refuses the tower. */
export const EDGE_CONDITIONS = ["well", "attention", "silent", "unknown"] as const;
const inForce = z.enum(["current", "behind", "own", "unknown"]);

export const edge = z
  .object({
    edge: z.string(),
    site: z.string(),
    condition: z.enum(EDGE_CONDITIONS).meta({
      description: "As of its last word; `unknown` where it never said how it is, as versions before did not.",
    }),
    release: z.string().meta({ description: "Of its software; empty where it is not known." }),
    seenAt: instant.meta({ description: "When its last word arrived." }),
    startedAt: instant.nullable(),
    completeTo: instant.nullable().meta({ description: "Up to when the least of its interfaces has read all." }),
    version: z.int().min(0).meta({ description: "Of what was decided here, in force there." }),
    latestVersion: z.int().min(0).meta({ description: "What has been decided by now." }),
    crosswalks: inForce.meta({ description: "Whether all that was decided is in force there." }),
    mappings: inForce.meta({ description: "Of the tower's mappings; `own` where it takes none." }),
    appliedAt: instant.nullable(),
    configuration: z.string().meta({ description: "The beginning of its configuration's SHA-256." }),
    configuredAt: instant.nullable(),
    configurationRefused: z.boolean().meta({ description: "Its file changed and was refused; the old one goes on." }),
    spool: z.object({ events: z.int(), bytes: z.int(), maxBytes: z.int() }),
    clock: z
      .object({ offsetMs: z.number(), errorMs: z.number() })
      .nullable()
      .meta({ description: "How far the gateway's clock is ahead of its own." }),
    kept: z.int().min(0).meta({ description: "Documents and events that wait there for a person." }),
    waiting: z.int().min(0).meta({ description: "Documents that wait there for crosswalks." }),
    interfaces: z.array(z.string()),
    failing: z.array(z.string()).meta({ description: "Interfaces that cannot read." }),
    redacted: z
      .array(z.object({ interface: z.string(), counts: z.record(z.enum(REDACTION_COUNTS), z.int().min(0)) }))
      .meta({
        description:
          "Fields that each interface left out since it started there, by class; `by_shape` of all of these: those that a list allowed and that looked like what names or reaches a person; `tokens` and `dates`: those that were changed.",
      }),
    problems: z.int().min(0),
    kind: z.enum([...REPORT_KINDS, "none"]).meta({ description: "What it did last with what it was told." }),
    reason: z.string(),
    at: instant.meta({ description: "When it said something last, by its own clock." }),
  })
  .meta({ id: "Edge", description: "An edge as it said last how it is and what is in force there." });

export const edgePage = page(edge, "Edges by name.").meta({ id: "EdgePage" });
export const edgesQuery = z.strictObject({
  site: listOf(text(128)),
  q: text(200, 1).optional().meta({ description: "Text in the name, in any case." }),
  ...pageQuery,
});

/** `fetched`, `done` and `refused` are an edge's word; `expired` is nobody's. Only `ordered` ones are given to edges. */
export const ORDER_STATES = [
  "proposed",
  "ordered",
  "fetched",
  "done",
  "refused",
  "rejected",
  "expired",
  "withdrawn",
] as const;

export const edgeOrder = z
  .object({
    id: z.string(),
    revision: z.int().min(1),
    state: z.enum(ORDER_STATES),
    interface: z.string(),
    site: z.string(),
    target: replayTarget,
    mappedAgain: replayRevision.nullable().meta({ description: "Under which revision; null: as they were." }),
    reason: z.string(),
    expiresAt: instant,
    orderedAt: instant,
    orderedBy: person,
    decidedAt: instant.nullable(),
    decidedBy: person.nullable().meta({ description: "Who approved or rejected it; never who asked for it." }),
    note: z.string().meta({ description: "What was said with the last change." }),
    fetchedAt: instant.nullable().meta({ description: "When an edge had it, by its own clock." }),
    edge: z.string().meta({ description: "Which edge has it, carried it out or refused it." }),
    saidAt: instant.nullable().meta({ description: "When it was carried out or refused." }),
    said: z.string().meta({ description: "What it could not do." }),
    documents: z.int().min(0),
    events: z.int().min(0),
  })
  .meta({ id: "EdgeOrder", description: "That an edge sends again what it keeps, and what came of it." });

export const newEdgeOrder = z
  .strictObject({
    interface: text(63, 1),
    site: text(128, 1).optional().meta({ description: "None: whichever edge has this interface." }),
    target: replayTarget,
    mappedAgain: replayRevision.optional(),
    reason: text(1000, 3),
    expiresAt: queryInstant.optional().meta({ description: "In 7 days unless given; 30 days at most." }),
  })
  .meta({
    id: "NewEdgeOrder",
    description: "An order that edges find when they ask, once another person approved it; nothing connects to them.",
  });

export const ORDER_VERBS = ["approve", "reject", "withdraw"] as const;
export const edgeOrderChange = z
  .strictObject({ revision: z.int().min(1), note: text(1000).default("") })
  .meta({ id: "EdgeOrderChange" });
export const edgeOrderPath = z.object({ id: text(64, 1) });
export const edgeOrdersQuery = z.strictObject({
  state: listOf(z.enum(ORDER_STATES)),
  interface: listOf(text(63)),
  site: listOf(text(128)).meta({ description: "Those of any site too." }),
  id: listOf(text(64)),
  q: text(200, 1).optional().meta({ description: "Text in the reason or a name, in any case." }),
  ...pageQuery,
});
export const edgeOrderPage = page(edgeOrder, "Orders, last given first.").meta({ id: "EdgeOrderPage" });

export type MappingWait = z.infer<typeof mappingWait>;
export type MappingWaitPage = z.infer<typeof mappingWaitPage>;
export type MappingWaitsQuery = z.infer<typeof mappingWaitsQuery>;
export type Edge = z.infer<typeof edge>;
export type EdgePage = z.infer<typeof edgePage>;
export type EdgesQuery = z.infer<typeof edgesQuery>;
export type EdgeOrder = z.infer<typeof edgeOrder>;
export type NewEdgeOrder = z.infer<typeof newEdgeOrder>;
export type OrderVerb = (typeof ORDER_VERBS)[number];
export type EdgeOrderChange = z.infer<typeof edgeOrderChange>;
export type EdgeOrdersQuery = z.infer<typeof edgeOrdersQuery>;
export type EdgeOrderPage = z.infer<typeof edgeOrderPage>;
