import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";

const ceilingRow = z.object({ finished: z.string(), stored: z.string() });

/**
 * The newest evaluation that is stored as a whole. A list that reads no newer row shows the same legs on all of its pages,
 * whatever is evaluated meanwhile. A whole number as text.
 */
export async function findLegCeiling(reader: StoreReader, asker: Asker): Promise<string> {
  const [row] = await reader.ask(asker, {
    caller: "find-leg-ceiling",
    sql: `SELECT
        toString((SELECT max(batch) FROM projection_steps WHERE projector = 'legs' AND phase = 'commit')) AS finished,
        if(finished = '0', toString((SELECT max(batch) FROM leg_verdicts)), '0') AS stored
      LIMIT 1`,
    values: {},
    row: ceilingRow,
  });
  return row === undefined || row.finished === "0" ? (row?.stored ?? "0") : row.finished;
}
