import { z } from "zod";

/** An edge says how it is: figures and names of interfaces, never anything that a document says. */
export const EDGE_STATE_TYPE = "throughline.edge.state";

const count = z.int().min(0).catch(0);

/** What such an event says. What another version of an edge leaves out counts as 0 or unknown. */
export const edgeState = z.object({
  edge: z.string(),
  /** Of its software; empty where that is not known. */
  release: z.string().catch(""),
  started_at: z.string().catch(""),
  /** How often it says so. */
  every_ms: count,
  /** Of what the tower decided, in force there. */
  version: count,
  applied_at: z.string().catch(""),
  heard_at: z.string().catch(""),
  crosswalks: z.string().catch(""),
  mappings: z.string().catch(""),
  takes_mappings: z.boolean().catch(false),
  /** The first half of the SHA-256 of its own configuration, in hexadecimal. */
  configuration: z.string().catch(""),
  configured_at: z.string().catch(""),
  configuration_refused: z.boolean().catch(false),
  complete_to: z.string().catch(""),
  spool_bytes: count,
  spool_max_bytes: count,
  spool_events: count,
  kept: count,
  waiting: count,
  clock_offset_ms: z.number().nullable().catch(null),
  clock_error_ms: z.number().nullable().catch(null),
  interfaces: z.array(z.string()).catch([]),
  failing: z.array(z.string()).catch([]),
  /** What redaction did at each interface since it started, as `writeRedaction` has it. */
  redacted: z.array(z.string()).catch([]),
  problems: count,
});

export type EdgeState = z.infer<typeof edgeState>;
