import { z } from "zod";
import { ROW_KINDS } from "../reconciliations/checkpoints/checkpoint-rows.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { storedDecimal } from "./sum-open-items.ts";

const MAX_ROWS = 50_000;

const row = z.object({
  kind: z.enum(ROW_KINDS),
  unit: z.string(),
  class: z.string(),
  cause: z.string(),
  days: z.string(),
  items: z.coerce.number(),
  beyond: z.coerce.number(),
  value: storedDecimal,
  gross: storedDecimal,
});
export type RowSum = z.infer<typeof row>;

/** What the rows that a lock keeps add up to, as far as the asker may see them. A row that was stored twice counts once. */
export async function sumCheckpointRows(reader: StoreReader, asker: Asker, checkpoint: string): Promise<RowSum[]> {
  return reader.ask(asker, {
    caller: "sum-checkpoint-rows",
    sql: `SELECT kind, unit, class, cause, days, sum(count) AS items, sum(is_beyond) AS beyond,
        toString(sum(signed)) AS value, toString(sum(unsigned)) AS gross
      FROM (SELECT kind, unit, class, cause, days, items AS count, is_beyond, value AS signed, gross AS unsigned
        FROM reconciliation_checkpoint_rows WHERE checkpoint = {checkpoint: String}
        ORDER BY checkpoint, ordinal LIMIT 1 BY checkpoint, ordinal)
      GROUP BY kind, unit, class, cause, days ORDER BY kind, unit, class, cause, days LIMIT ${MAX_ROWS}`,
    values: { checkpoint },
    row,
  });
}
