import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { TimeRange } from "../contract/figure.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { selectCountedLegs } from "./counted-legs.ts";
import type { LegSelection } from "./newest-legs.ts";

/** Most legs that are looked at one by one for a distribution; it stops changing long before. */
export const MAX_LEGS = 250_000;
const MAX_HOURS = 30_000;

const hourRow = z.object({ hour: instant, legs: z.int() });

/**
 * The newest part of a range whose legs are few enough to be looked at one by one, in whole hours, at least one. Counted
 * from the rollups as they are now, also for a moment before.
 */
export async function findCountedRange(
  reader: StoreReader,
  asker: Asker,
  { maxLegs = MAX_LEGS, ...selection }: LegSelection & { range: TimeRange; maxLegs?: number },
): Promise<TimeRange> {
  const { range } = selection;
  const counted = selectCountedLegs(asker, { ...selection, asOf: undefined });
  const hours = await reader.ask(asker, {
    caller: "find-counted-range",
    sql: `SELECT hour, sum(legs) AS legs FROM ${counted.sql} GROUP BY hour HAVING legs > 0 ORDER BY hour DESC LIMIT ${MAX_HOURS}`,
    values: counted.values,
    row: hourRow,
  });
  let legs = 0;
  const over = hours.findIndex((row) => (legs += row.legs) > maxLegs);
  const first = hours[Math.max(0, over - 1)];
  return over === -1 || first === undefined ? range : { from: first.hour, to: range.to };
}
