import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { IS_OF_KIND, IS_OVERDUE, type PositionFilter, wherePosition } from "./position-filter.ts";

const MAX_ROWS = 20_000;

const count = z.int();
const sumRow = z.object({
  supplier: z.string(),
  currency: z.string(),
  committed_lines: count,
  commitment_worth: z.string(),
  overdue_lines: count,
  overdue_worth: z.string(),
  owed_lines: count,
  owed_worth: z.string(),
  unreceived_lines: count,
  unreceived_worth: z.string(),
  short_lines: count,
  unknown_lines: count,
});
export type PositionSum = z.infer<typeof sumRow>;

/**
 * What order lines bind and owe now, by currency, and by supplier where asked for; lines count in each kind that they have.
 * `today` is a day such as 2026-03-20.
 */
export function sumPositions(
  reader: StoreReader,
  asker: Asker,
  { filter, today, bySupplier }: { filter: PositionFilter; today: string; bySupplier: boolean },
): Promise<PositionSum[]> {
  const where = wherePosition(filter, today);
  const lines = (condition: string) => `sumIf(results, ${condition})`;
  const worth = (value: string, condition: string) => `toString(sumIf(${value} * results, ${condition}))`;
  const { commitment, owed, unreceived, short, unknown } = IS_OF_KIND;
  return reader.ask(asker, {
    caller: "sum-positions",
    sql: `SELECT ${bySupplier ? "supplier" : "'' AS supplier"}, currency,
        ${lines(commitment)} AS committed_lines, ${worth("commitment", commitment)} AS commitment_worth,
        ${lines(IS_OVERDUE)} AS overdue_lines, ${worth("commitment", IS_OVERDUE)} AS overdue_worth,
        ${lines(owed)} AS owed_lines, ${worth("-uncleared_worth", owed)} AS owed_worth,
        ${lines(unreceived)} AS unreceived_lines, ${worth("uncleared_worth", unreceived)} AS unreceived_worth,
        ${lines(short)} AS short_lines, ${lines(unknown)} AS unknown_lines
      FROM (SELECT * FROM match_positions WHERE ${where.sql})
      GROUP BY supplier, currency HAVING sum(results) != 0 ORDER BY supplier, currency LIMIT ${MAX_ROWS}`,
    values: where.values,
    row: sumRow,
  });
}
