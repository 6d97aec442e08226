import { AppError } from "@throughline/schemas/error";
import { formatDecimal, isZero } from "@throughline/schemas/exact/rational";
import type { Asker, StoreReader } from "../../queries/ask.ts";
import { type CheckpointInputs, toInputDigest, toModel } from "./checkpoint-inputs.ts";
import { type CheckpointRow, createCheckpointTally, findUnexplained, toRowsDigest } from "./checkpoint-rows.ts";
import { evaluateHistory } from "./evaluate-history.ts";

/** Most open items of one checkpoint. */
const MAX_OPEN = 200_000;

/** What a checkpoint comes to. */
export interface Evaluated {
  rows: CheckpointRow[];
  facts: number;
  inputDigest: string;
  resultDigest: string;
}

/**
 * Works a checkpoint out from the events alone, by what is stored with it and nothing else. Throws `internal` when the open
 * items do not explain the difference of both sides, and `payload_too_large` when there are too many of them.
 */
export async function evaluateCheckpoint(
  source: { reader: StoreReader; asker: Asker },
  inputs: CheckpointInputs,
): Promise<Evaluated> {
  const model = toModel(inputs);
  const tally = createCheckpointTally(inputs, model);
  const facts = await evaluateHistory(source, { model, cursors: inputs.cursors }, (rows) => {
    tally.add(rows);
    if (tally.openCount() > MAX_OPEN)
      throw new AppError("payload_too_large", `A checkpoint may have up to ${MAX_OPEN} open items.`);
  });
  const rows = tally.finish();
  for (const [unit, own] of Map.groupBy(rows, (row) => row.unit)) {
    const left = findUnexplained(own);
    if (!isZero(left))
      throw new AppError(
        "internal",
        `The open items leave ${formatDecimal(left)} ${unit} of the difference unexplained.`,
      );
  }
  return { rows, facts: facts.count, inputDigest: toInputDigest(inputs, facts), resultDigest: toRowsDigest(rows) };
}
