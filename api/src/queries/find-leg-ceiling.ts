import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";

const ceilingRow = z.object({ ceiling: z.string() });

/** Where a projector has finished nothing yet, the newest row is as far as one can see. */
const QUESTIONS = [
  "SELECT toString(max(batch)) AS ceiling FROM projection_steps WHERE projector = 'legs' AND phase = 'commit' LIMIT 1",
  "SELECT toString(max(batch)) AS ceiling FROM leg_verdicts LIMIT 1",
] as const;

/**
 * The newest evaluation that is stored as a whole. A list that reads no newer row shows the same legs on all of its pages,
 * whatever is evaluated meanwhile. A whole number as text.
 */
export async function findLegCeiling(reader: StoreReader, asker: Asker): Promise<string> {
  for (const sql of QUESTIONS) {
    const [row] = await reader.ask(asker, { caller: "find-leg-ceiling", sql, values: {}, row: ceilingRow });
    if (row && row.ceiling !== "0") return row.ceiling;
  }
  return "0";
}
