import { AppError } from "@throughline/schemas/error";
import type { CheckpointHeader, LockRow } from "../../queries/checkpoint-row.ts";
import { listLocks } from "../../queries/list-locks.ts";
import { toInstant } from "../../queries/time-range.ts";
import { type CheckpointContext, assertCovers } from "./checkpoint-context.ts";
import { checkpointInputs } from "./checkpoint-inputs.ts";
import { evaluateCheckpoint } from "./evaluate-checkpoint.ts";

interface LockWish {
  header: CheckpointHeader;
  reason: string;
}

/**
 * Locks the period of a checkpoint: its rows are evaluated once more, held against its digest and kept; from then on the
 * figures of the period are these. Throws `conflict` when the period is locked already, when it is none or not over, or when the
 * checkpoint cannot be reproduced.
 */
export async function lockCheckpoint(context: CheckpointContext, { header, reason }: LockWish): Promise<LockRow> {
  const inputs = checkpointInputs.parse(JSON.parse(header.inputs));
  assertCovers(context.actor, inputs.company, inputs.rule.domain);
  if (header.period === "") throw new AppError("conflict", "Only a fiscal period that is over can be locked.");
  const last = await findLast(context, header);
  if (last?.state === "locked")
    throw new AppError("conflict", `The period is locked since ${last.at}, by ${last.actor_name}. Unlock it first.`);
  const { rows, inputDigest, resultDigest } = await evaluateCheckpoint(context, inputs);
  if (resultDigest !== header.result_digest || inputDigest !== header.input_digest)
    throw new AppError("conflict", "Evaluated again the checkpoint comes to something else. Make another one.");
  const row = toRow(context, { header, reason, state: "locked", version: (last?.version ?? 0) + 1 });
  await record(context, row);
  await context.store.insertRows({ id: header.id, domain: inputs.rule.domain }, rows);
  await context.store.appendLock(row, inputs.rule.domain, context.requestId);
  return row;
}

/** Opens a locked period again; all that was kept stays. Throws `conflict` when this checkpoint does not lock it. */
export async function unlockCheckpoint(context: CheckpointContext, { header, reason }: LockWish): Promise<LockRow> {
  const inputs = checkpointInputs.parse(JSON.parse(header.inputs));
  assertCovers(context.actor, inputs.company, inputs.rule.domain);
  const last = await findLast(context, header);
  if (last?.state !== "locked" || last.checkpoint !== header.id)
    throw new AppError("conflict", "The period is not locked by this checkpoint.");
  const row = toRow(context, { header, reason, state: "unlocked", version: last.version + 1 });
  await record(context, row);
  await context.store.appendLock(row, inputs.rule.domain, context.requestId);
  return row;
}

async function findLast({ reader, asker }: CheckpointContext, header: CheckpointHeader): Promise<LockRow | undefined> {
  const { reconciliation, company, from_at: from, cutoff_at: cutoff } = header;
  const locks = await listLocks(reader, asker, { reconciliation, company });
  return locks.find((lock) => lock.from_at === from && lock.cutoff_at === cutoff);
}

function toRow(
  { actor, now }: CheckpointContext,
  { header, reason, state, version }: LockWish & Pick<LockRow, "state" | "version">,
): LockRow {
  const { reconciliation, company, cutoff_at, from_at, id } = header;
  const who = { at: toInstant(now), actor: actor.id, actor_name: actor.name };
  return { reconciliation, company, cutoff_at, from_at, version, state, checkpoint: id, reason, ...who };
}

async function record({ audit, actor, requestId }: CheckpointContext, row: LockRow) {
  const { reconciliation, company, from_at: from, cutoff_at: to, version, reason, checkpoint } = row;
  const detail = { checkpoint, company, from, to, version, reason };
  const action = row.state === "locked" ? "checkpoint.lock" : "checkpoint.unlock";
  await audit({ actor: actor.id, action, target: reconciliation, detail, requestId });
}
