import { z } from "@hono/zod-openapi";
import { decimal, instant, text } from "@throughline/schemas/text";
import { ROW_KINDS } from "../reconciliations/checkpoints/checkpoint-rows.ts";
import { ITEM_CLASSES } from "../projections/reconciliations/classify.ts";
import { SIDES } from "../projections/reconciliations/entry.ts";
import { ITEM_CAUSES } from "../projections/reconciliations/find-cause.ts";
import { person } from "./excuse.ts";
import { listOf, page, pageQuery } from "./page.ts";
import { ageBand, asOf, range, statementPeriod, unitStatement } from "./reconciliation.ts";

const digest = z.string().meta({ description: "SHA-256 in hexadecimal." });

const lockState = z.object({
  state: z.enum(["locked", "unlocked"]),
  version: z.int().min(1).meta({ description: "Counts the lockings and unlockings of the period." }),
  at: instant,
  by: person,
  reason: z.string(),
});

export const checkpoint = z
  .object({
    id: z.string(),
    reconciliation: z.string(),
    company: z.string(),
    period: statementPeriod,
    ruleVersion: z.string(),
    watermark: z
      .object({
        arrivedUntil: instant.nullable().meta({ description: "When the last event arrived that is in it." }),
        logs: z.array(z.object({ log: z.string(), position: z.int() })).meta({
          description: "Per log, the first position that is not in it any more.",
        }),
      })
      .meta({ description: "Up to where what arrived is in it." }),
    facts: z.int().meta({ description: "How many events it is made from." }),
    rows: z.int(),
    inputDigest: digest,
    resultDigest: digest,
    madeAt: instant,
    madeBy: person,
    lock: lockState.nullable().meta({ description: "What was said last of the lock of this checkpoint." }),
    units: z
      .array(unitStatement)
      .nullable()
      .meta({ description: "Null for who may not see all of its sites, as long as no lock keeps its rows." }),
    href: z.string(),
    rowsHref: z.string(),
    adjustmentsHref: z.string(),
  })
  .meta({
    id: "Checkpoint",
    description: "What a reconciliation came to at a cut-off, from what had arrived by then.",
  });

export const checkpointPath = z.object({ id: text(64, 1), checkpoint: text(64, 1) });
export const checkpointsQuery = z.strictObject({ company: range.company, ...pageQuery });
export const checkpointPage = page(checkpoint, "Checkpoints, the latest cut-off first.").meta({ id: "CheckpointPage" });

export const newCheckpoint = z
  .strictObject({
    ...range,
    key: text(128, 8)
      .optional()
      .meta({ description: "Names the request: who repeats it gets the checkpoint that the first one made." }),
  })
  .meta({ id: "NewCheckpoint", description: "The period of a checkpoint; the current one unless given." });

export const lockChange = z
  .strictObject({ reason: text(2000, 3) })
  .meta({ id: "LockChange", description: "Why a period is locked or unlocked." });

const bothDigests = z.object({ stored: digest, reproduced: digest });

export const reproduction = z
  .object({
    checkpoint: z.string(),
    isSame: z.boolean(),
    at: instant,
    inputDigest: bothDigests,
    resultDigest: bothDigests,
    rows: z.object({ stored: z.int().nullable(), reproduced: z.int() }).meta({
      description: "`stored` is null where no lock ever kept them; then the digests alone are compared.",
    }),
    differences: z
      .array(z.object({ ordinal: z.int(), stored: z.string().nullable(), reproduced: z.string().nullable() }))
      .meta({ description: "The first hundred rows that are not the same, byte for byte." }),
  })
  .meta({ id: "Reproduction", description: "A checkpoint evaluated again from the events, against what was stored." });

const checkpointRow = z
  .object({
    ordinal: z.int(),
    kind: z.enum(ROW_KINDS),
    unit: z.string(),
    site: z.string(),
    key: z.array(z.string()),
    side: z.string(),
    count: z.int(),
    value: decimal,
    gross: decimal,
    class: z.string(),
    cause: z.string(),
    days: z.string(),
    body: z.string().meta({ description: "The row as it is kept." }),
    href: z
      .string()
      .nullable()
      .meta({ description: "Of an open item: the journey of the object that its key begins with." }),
  })
  .meta({ id: "CheckpointRow", description: "A row that a lock keeps." });

export const checkpointRowsQuery = z.strictObject({
  unit: listOf(text(64)),
  kind: listOf(z.enum(ROW_KINDS)),
  class: listOf(z.enum(ITEM_CLASSES)),
  cause: listOf(z.enum(ITEM_CAUSES)),
  days: listOf(ageBand),
  ...pageQuery,
});
export const checkpointRowPage = page(checkpointRow, "Kept rows, in their order.").meta({ id: "CheckpointRowPage" });

const lateChange = z
  .object({
    checkpoint: z.string(),
    unit: z.string(),
    key: z.array(z.string()),
    side: z.enum(SIDES),
    source: z.string(),
    id: z.string(),
    locked: decimal.nullable().meta({ description: "Open at the cut-off by the lock; null: not open." }),
    known: decimal.nullable().meta({ description: "The same by what is known now." }),
    count: z.int().meta({ description: "By how much the number of open items differs." }),
    gross: decimal.meta({ description: "By how much the gross differs." }),
    net: decimal,
    site: z.string(),
    href: z.string(),
  })
  .meta({ id: "LateChange", description: "An item of a locked period that is known otherwise since." });

export const lateChangesQuery = z.strictObject({ unit: listOf(text(64)), asOf, ...pageQuery });
export const lateChangePage = page(lateChange, "What differs from the lock, by key.").meta({ id: "LateChangePage" });

export type Checkpoint = z.infer<typeof checkpoint>;
export type CheckpointPage = z.infer<typeof checkpointPage>;
export type CheckpointsQuery = z.infer<typeof checkpointsQuery>;
export type NewCheckpoint = z.infer<typeof newCheckpoint>;
export type LockChange = z.infer<typeof lockChange>;
export type Reproduction = z.infer<typeof reproduction>;
export type KeptRow = z.infer<typeof checkpointRow>;
export type KeptRowPage = z.infer<typeof checkpointRowPage>;
export type CheckpointRowsQuery = z.infer<typeof checkpointRowsQuery>;
export type LateChange = z.infer<typeof lateChange>;
export type LateChangePage = z.infer<typeof lateChangePage>;
export type LateChangesQuery = z.infer<typeof lateChangesQuery>;
