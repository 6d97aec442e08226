import type { Reproduction } from "../../contract/checkpoint.ts";
import type { CheckpointHeader } from "../../queries/checkpoint-row.ts";
import { listKeptBodies } from "../../queries/list-checkpoint-rows.ts";
import { toInstant } from "../../queries/time-range.ts";
import { type CheckpointContext, assertCovers } from "./checkpoint-context.ts";
import { checkpointInputs } from "./checkpoint-inputs.ts";
import { evaluateCheckpoint } from "./evaluate-checkpoint.ts";

const MAX_DIFFERENCES = 100;

/** Evaluates a checkpoint again from the events up to its watermark, and holds each row against the one that is kept. */
export async function reproduceCheckpoint(context: CheckpointContext, header: CheckpointHeader): Promise<Reproduction> {
  const inputs = checkpointInputs.parse(JSON.parse(header.inputs));
  assertCovers(context.actor, inputs.company, inputs.rule.domain);
  const { rows, inputDigest, resultDigest } = await evaluateCheckpoint(context, inputs);
  const kept = await listKeptBodies(context.reader, context.asker, { checkpoint: header.id, most: header.row_count });
  const differences =
    kept.length === 0
      ? []
      : compareBodies(
          kept,
          rows.map(({ body }) => body),
        );
  const isSame =
    inputDigest === header.input_digest && resultDigest === header.result_digest && differences.length === 0;
  const { actor, audit, requestId, now } = context;
  const detail = { checkpoint: header.id, isSame, resultDigest };
  await audit({ actor: actor.id, action: "checkpoint.reproduce", target: header.reconciliation, detail, requestId });
  return {
    checkpoint: header.id,
    isSame,
    at: toInstant(now),
    inputDigest: { stored: header.input_digest, reproduced: inputDigest },
    resultDigest: { stored: header.result_digest, reproduced: resultDigest },
    rows: { stored: kept.length === 0 ? null : kept.length, reproduced: rows.length },
    differences: differences.slice(0, MAX_DIFFERENCES),
  };
}

function compareBodies(stored: readonly string[], reproduced: readonly string[]): Reproduction["differences"] {
  return Array.from({ length: Math.max(stored.length, reproduced.length) }, (_, ordinal) => ({
    ordinal,
    stored: stored[ordinal] ?? null,
    reproduced: reproduced[ordinal] ?? null,
  })).filter((row) => row.stored !== row.reproduced);
}
