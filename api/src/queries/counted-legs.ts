import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import type { Asker } from "./ask.ts";
import { type Conditions, whereGiven } from "./conditions.ts";
import {
  FILTER_CONDITIONS,
  type LegCountFilter,
  type LegSelection,
  selectNewestLegs,
  type Sql,
  toHourBounds,
} from "./newest-legs.ts";

export const COUNT_CONDITIONS: Conditions<keyof LegCountFilter | "from" | "to"> = {
  ...FILTER_CONDITIONS,
  from: "hour >= {from: DateTime('UTC')}",
  to: "hour < {to: DateTime('UTC')}",
};

/**
 * What counts of legs are summed over: the rollups, or the verdicts that were known at a moment; rows of both have `flow`,
 * `leg`, `supplier`, `verdict`, `hour` and `legs`. `asker` is who the question is to be asked for.
 */
export function selectCountedLegs(asker: Asker, selection: LegSelection): Sql & { asker: Asker } {
  const { range, asOf, ...filter } = selection;
  if (asOf === undefined) {
    const where = whereGiven(COUNT_CONDITIONS, { ...filter, ...(range && toHourBounds(range)) });
    return { sql: `leg_rollups WHERE ${where.sql}`, values: where.values, asker };
  }
  const newest = selectNewestLegs(["supplier", "verdict", "dated_at"], selection, asker.scope);
  const { signal } = asker;
  return {
    sql: `(SELECT flow, leg, supplier, verdict, toStartOfHour(dated_at) AS hour, 1 AS legs FROM (${newest.sql}))`,
    values: newest.values,
    asker: { scope: EVERYTHING, ...(signal && { signal }) },
  };
}
