import { verdict } from "@throughline/schemas/leg";
import { z } from "zod";
import type { TimeRange } from "../contract/figure.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { type Conditions, toStoreTime, whereGiven } from "./conditions.ts";

const MAX_ROWS = 100_000;

/** Which legs a count is of. An empty list means all. */
export interface LegCountFilter {
  flow?: readonly string[] | undefined;
  site?: readonly string[] | undefined;
  domain?: readonly string[] | undefined;
  supplier?: readonly string[] | undefined;
  criticality?: readonly string[] | undefined;
  verdict?: readonly string[] | undefined;
}

export const COUNT_CONDITIONS: Conditions<keyof LegCountFilter | "leg" | "from" | "to"> = {
  flow: "flow IN {flow: Array(String)}",
  leg: "leg IN {leg: Array(String)}",
  site: "site IN {site: Array(String)}",
  domain: "domain IN {domain: Array(String)}",
  supplier: "supplier IN {supplier: Array(String)}",
  criticality: "criticality IN {criticality: Array(String)}",
  verdict: "verdict IN {verdict: Array(String)}",
  from: "hour >= {from: DateTime('UTC')}",
  to: "hour < {to: DateTime('UTC')}",
};

const legCountRow = z.object({ flow: z.string(), leg: z.string(), verdict, legs: z.int() });
export type LegCountRow = z.infer<typeof legCountRow>;

/** How many legs stand at each verdict, by flow and leg, from the rollups alone; over all time without a range. */
export async function countLegs(
  reader: StoreReader,
  asker: Asker,
  { range, ...filter }: LegCountFilter & { range?: TimeRange },
): Promise<LegCountRow[]> {
  const where = whereGiven(COUNT_CONDITIONS, { ...filter, ...(range && toHourBounds(range)) });
  return reader.ask(asker, {
    caller: "count-legs",
    sql: `SELECT flow, leg, verdict, sum(legs) AS legs
      FROM leg_rollups
      WHERE ${where.sql}
      GROUP BY flow, leg, verdict
      HAVING legs != 0
      LIMIT ${MAX_ROWS}`,
    values: where.values,
    row: legCountRow,
  });
}

export function toHourBounds(range: TimeRange): { from: string; to: string } {
  return { from: toStoreTime(range.from).slice(0, 19), to: toStoreTime(range.to).slice(0, 19) };
}
