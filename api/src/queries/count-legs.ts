import { verdict } from "@throughline/schemas/leg";
import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { selectCountedLegs, sumUnseen } from "./counted-legs.ts";
import type { LegSelection } from "./newest-legs.ts";

const MAX_ROWS = 100_000;

const legCountRow = z
  .object({ flow: z.string(), leg: z.string(), verdict, count: z.int(), unseen: z.int() })
  .transform(({ count: legs, ...row }) => ({ ...row, legs }));
export type LegCountRow = z.infer<typeof legCountRow>;

/**
 * How many legs stand at each verdict, by flow and leg: from the rollups alone, or as of a moment from the verdicts that
 * were known then. Over all time without a range.
 */
export async function countLegs(reader: StoreReader, asker: Asker, selection: LegSelection): Promise<LegCountRow[]> {
  const counted = selectCountedLegs(asker, selection);
  return reader.ask(counted.asker, {
    caller: "count-legs",
    sql: `SELECT flow, leg, verdict, ${sumUnseen(selection)} AS unseen, sum(legs) AS count
      FROM ${counted.sql}
      GROUP BY flow, leg, verdict
      HAVING count != 0
      LIMIT ${MAX_ROWS}`,
    values: counted.values,
    row: legCountRow,
  });
}
