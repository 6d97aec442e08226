import { verdict } from "@throughline/schemas/leg";
import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { TimeRange } from "../contract/figure.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { selectCountedLegs } from "./counted-legs.ts";
import type { LegSelection } from "./newest-legs.ts";

export const MAX_HOUR_ROWS = 50_000;

const hourRow = z.object({ hour: instant, leg: z.string(), verdict, legs: z.int() });
export type LegHourRow = z.infer<typeof hourRow>;

/** How many legs of a flow stand or stood at each verdict, by leg and hour, oldest first; at most 50,000 rows. */
export async function countLegHours(
  reader: StoreReader,
  asker: Asker,
  selection: LegSelection & { range: TimeRange },
): Promise<LegHourRow[]> {
  const counted = selectCountedLegs(asker, selection);
  return reader.ask(counted.asker, {
    caller: "count-leg-hours",
    sql: `SELECT hour, leg, verdict, sum(legs) AS legs
      FROM ${counted.sql}
      GROUP BY hour, leg, verdict
      HAVING legs != 0
      ORDER BY hour, leg, verdict
      LIMIT ${MAX_HOUR_ROWS}`,
    values: counted.values,
    row: hourRow,
  });
}
