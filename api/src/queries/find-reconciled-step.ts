import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { toStoreTime } from "./conditions.ts";
import { assertFeedsKnown } from "./find-feed-history.ts";

const stepRow = z.object({ batch: z.string(), body: z.string() });
const stepBody = z.object({ cursors: z.record(z.string(), z.object({ nextPosition: z.number() })) });

/** The step that the reconciler had finished last at a moment. */
export interface ReconciledStep {
  at: number;
  /** A whole number as text; nothing newer was known. "0": nothing was reconciled. */
  batch: string;
  /** Per log, the first position that was not reconciled. */
  cursors: Record<string, number>;
}

/** Read without a scope. Throws `invalid_request` for a moment of which it was not kept how feeds stood. */
export async function findReconciledStep(reader: StoreReader, asker: Asker, at: number): Promise<ReconciledStep> {
  await assertFeedsKnown(reader, asker, at);
  const [row] = await reader.ask(
    { scope: EVERYTHING, ...(asker.signal && { signal: asker.signal }) },
    {
      caller: "find-reconciled-step",
      sql: `SELECT toString(batch) AS batch, body FROM projection_steps
        WHERE projector = 'reconciler' AND phase = 'commit' AND now <= {at: DateTime64(3, 'UTC')}
        ORDER BY projection_steps.batch DESC LIMIT 1`,
      values: { at: toStoreTime(at) },
      row: stepRow,
    },
  );
  if (row === undefined) return { at, batch: "0", cursors: {} };
  const { cursors } = stepBody.parse(JSON.parse(row.body));
  const next = Object.entries(cursors).map(([log, { nextPosition }]) => [log, nextPosition] as const);
  return { at, batch: row.batch, cursors: Object.fromEntries(next) };
}
