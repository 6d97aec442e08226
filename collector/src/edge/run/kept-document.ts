import { z } from "zod";

/** Why something waits at the edge for a person. */
export const KEPT_CLASSES = ["unreadable", "unmapped", "mapping", "refused", "job"] as const;

/** A document, or what stands where one should be, that waits at the edge. */
export interface KeptDocument {
  /** unreadable: no document can be read; unmapped: nothing became of it; mapping: its events lack what a crosswalk does not know. */
  class: "unreadable" | "unmapped" | "mapping";
  identity: string;
  ordinal: number;
  byteOffset: number;
  reason: string;
  /** All that was read at once, in base64; undefined where the source keeps it. */
  raw?: string;
}

/** Anything that is kept, as it stands in the spool of what is kept. What older versions wrote has no class. */
export const keptEntry = z.looseObject({
  at: z.string(),
  class: z.enum(KEPT_CLASSES).optional(),
  interface: z.string().optional(),
  reason: z.string().default(""),
  identity: z.string().optional(),
  ordinal: z.int().optional(),
  byteOffset: z.int().optional(),
  raw: z.string().optional(),
  /** An event that the gateway refused, as it was sent. */
  event: z.string().optional(),
  /** What a job handed over and is no event. */
  text: z.string().optional(),
});

export type KeptEntry = z.infer<typeof keptEntry>;
