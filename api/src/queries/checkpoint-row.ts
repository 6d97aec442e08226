import { instant } from "@throughline/schemas/text";
import { z } from "zod";

export const CHECKPOINT_COLUMNS = `reconciliation, company, cutoff_at, id, from_at, period, arrived_at, cursors, inputs, input_digest,
  facts, rule_version, result, result_digest, row_count, at, actor, actor_name`;

/** A checkpoint as `reconciliation_checkpoints` holds it. */
export const checkpointHeader = z.object({
  reconciliation: z.string(),
  company: z.string(),
  cutoff_at: instant,
  id: z.string(),
  from_at: instant,
  period: z.string(),
  arrived_at: instant.nullable(),
  cursors: z.string(),
  inputs: z.string(),
  input_digest: z.string(),
  facts: z.coerce.number(),
  rule_version: z.string(),
  result: z.string(),
  result_digest: z.string(),
  row_count: z.int(),
  at: instant,
  actor: z.string(),
  actor_name: z.string(),
});
export type CheckpointHeader = z.infer<typeof checkpointHeader>;

/** A locking or unlocking as `reconciliation_locks` holds it. */
export const lockRow = z.object({
  reconciliation: z.string(),
  company: z.string(),
  cutoff_at: instant,
  version: z.int(),
  from_at: instant,
  state: z.enum(["locked", "unlocked"]),
  checkpoint: z.string(),
  reason: z.string(),
  at: instant,
  actor: z.string(),
  actor_name: z.string(),
});
export type LockRow = z.infer<typeof lockRow>;
