import { z } from "@hono/zod-openapi";
import { CROSSWALK_KINDS } from "@throughline/schemas/crosswalk-entry";
import { instant, text } from "@throughline/schemas/text";
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

export const edge = z
  .object({
    edge: z.string(),
    site: z.string(),
    kind: z.enum(REPORT_KINDS),
    version: z.int().min(0).meta({ description: "What is in force there." }),
    reason: z.string(),
    at: instant,
  })
  .meta({ id: "Edge", description: "What an edge said last of what it applied or refused." });

export const edgePage = page(edge, "Edges by name.").meta({ id: "EdgePage" });
export const edgesQuery = z.strictObject({ site: listOf(text(128)), ...pageQuery });

/** `done` and `refused` are an edge's word; `expired` is nobody's. */
export const ORDER_STATES = ["ordered", "done", "refused", "expired", "withdrawn"] as const;

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
    edge: z.string().meta({ description: "Which edge carried it out or refused it." }),
    saidAt: instant.nullable(),
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
  .meta({ id: "NewEdgeOrder", description: "An order that edges find when they ask; nothing connects to them." });

export const edgeOrderChange = z.strictObject({ revision: z.int().min(1) }).meta({ id: "EdgeOrderChange" });
export const edgeOrderPath = z.object({ id: text(64, 1) });
export const edgeOrdersQuery = z.strictObject({ interface: listOf(text(63)), site: listOf(text(128)), ...pageQuery });
export const edgeOrderPage = page(edgeOrder, "Orders, last given first.").meta({ id: "EdgeOrderPage" });

export type MappingWait = z.infer<typeof mappingWait>;
export type MappingWaitPage = z.infer<typeof mappingWaitPage>;
export type MappingWaitsQuery = z.infer<typeof mappingWaitsQuery>;
export type Edge = z.infer<typeof edge>;
export type EdgePage = z.infer<typeof edgePage>;
export type EdgesQuery = z.infer<typeof edgesQuery>;
export type EdgeOrder = z.infer<typeof edgeOrder>;
export type NewEdgeOrder = z.infer<typeof newEdgeOrder>;
export type EdgeOrderChange = z.infer<typeof edgeOrderChange>;
export type EdgeOrdersQuery = z.infer<typeof edgeOrdersQuery>;
export type EdgeOrderPage = z.infer<typeof edgeOrderPage>;
