import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";

const ceilingRow = z.object({ ceiling: z.string() });

/** Where a projector has finished nothing yet, its newest row is as far as one can see. */
const QUESTIONS = {
  legs: ["projector = 'legs'", "leg_verdicts"],
  reconciler: ["projector = 'reconciler'", "match_results"],
} as const;

/**
 * The newest evaluation of a projector that is stored as a whole. A list that reads no newer row shows the same rows on all
 * of its pages, whatever is evaluated meanwhile. A whole number as text.
 */
export async function findCeiling(
  reader: StoreReader,
  asker: Asker,
  projector: keyof typeof QUESTIONS,
): Promise<string> {
  const [condition, table] = QUESTIONS[projector];
  for (const sql of [
    `SELECT toString(max(batch)) AS ceiling FROM projection_steps WHERE ${condition} AND phase = 'commit' LIMIT 1`,
    `SELECT toString(max(batch)) AS ceiling FROM ${table} LIMIT 1`,
  ]) {
    const [row] = await reader.ask(asker, { caller: "find-ceiling", sql, values: {}, row: ceilingRow });
    if (row && row.ceiling !== "0") return row.ceiling;
  }
  return "0";
}
