import { z } from "zod";
import { text } from "../text.ts";

const hexDigest = z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in hexadecimal");
const moment = z.iso.datetime({ offset: true });

/** Most of each kind that one order may ask for, so that an edge is never busy with one for long. */
export const REPLAY_LIMITS = { ids: 100, documents: 1000 };

/** What is to be sent again: kept documents by their ids, or all that an interface keeps of raw documents between two moments. */
export const replayTarget = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("kept"), ids: z.array(text(128, 1)).min(1).max(REPLAY_LIMITS.ids) }),
    z.strictObject({ kind: z.literal("range"), from: moment, to: moment }),
  ])
  .meta({ id: "ReplayTarget", description: "What an edge is to send again." });

export const replayRevision = z.strictObject({ number: z.int().min(1).max(4_294_967_295), reason: text(1024, 3) });

export const replayOrder = z.strictObject({
  id: text(64, 1),
  interface: text(63, 1),
  target: replayTarget,
  /** For documents whose mapping was corrected; without it they are told as they were. */
  revision: replayRevision.nullable(),
  /** An edge that reads it later does not carry it out. */
  expiresAt: moment,
});

/** What an edge is told: what holds for it, by digest, and what it is to do. */
export const wayBackManifest = z.strictObject({
  format: z.literal("throughline.way-back.1"),
  /** The id of the key that asked; it is for nobody else. */
  audience: z.string(),
  /** Never falls: it counts what was ever decided. */
  version: z.int().min(0),
  issuedAt: moment,
  expiresAt: moment,
  parts: z.strictObject({ crosswalks: hexDigest, mappings: hexDigest }),
  orders: z.array(replayOrder).max(100),
});

/** A DSSE envelope: the payload and its signatures, all of which are over the same bytes. */
export const wayBackEnvelope = z.object({
  payloadType: z.string(),
  payload: z.base64(),
  signatures: z
    .array(z.object({ keyid: z.string(), sig: z.base64() }))
    .min(1)
    .max(8),
});

export type ReplayOrder = z.infer<typeof replayOrder>;
export type WayBackManifest = z.infer<typeof wayBackManifest>;
export type WayBackEnvelope = z.infer<typeof wayBackEnvelope>;

/** An edge says what it applied, refused or did; of an order first that it has it. */
export const EDGE_REPORT_TYPE = "throughline.edge.reported";
export const REPORT_KINDS = ["applied", "refused", "order_taken", "order_done", "order_refused"] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];
