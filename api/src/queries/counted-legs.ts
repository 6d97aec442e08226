import { IS_COUNTED_UNSEEN, SHOWN_COUNTED_VERDICT } from "../blindness/shown-verdict.ts";
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
  ended: "ended = ({ended: String} = 'yes')",
  from: "hour >= {from: DateTime('UTC')}",
  to: "hour < {to: DateTime('UTC')}",
};

/** How many of the counted legs are left out of compliance; without a range nothing is. */
export function sumUnseen({ range }: LegSelection): string {
  return range === undefined ? "toInt64(0)" : `sumIf(legs, ${IS_COUNTED_UNSEEN})`;
}

/**
 * What counts of legs are summed over: the rollups, or the verdicts that were known at a moment; rows of both have `flow`,
 * `leg`, `site`, `supplier`, `verdict`, `hour` and `legs`. `asker` is who the question is to be asked for.
 */
export function selectCountedLegs(asker: Asker, selection: LegSelection): Sql & { asker: Asker } {
  const { range, asOf, ...filter } = selection;
  if (asOf === undefined) {
    const where = whereGiven(COUNT_CONDITIONS, { ...filter, ...(range && toHourBounds(range)) });
    const shown = `(SELECT * REPLACE (${SHOWN_COUNTED_VERDICT} AS verdict) FROM leg_rollups)`;
    return { sql: `${shown} WHERE ${where.sql}`, values: where.values, asker };
  }
  const newest = selectNewestLegs(["supplier", "site", "verdict", "dated_at"], selection, asker.scope);
  const { signal } = asker;
  return {
    sql: `(SELECT flow, leg, supplier, site, verdict, toStartOfHour(dated_at) AS hour, 1 AS legs FROM (${newest.sql}))`,
    values: newest.values,
    asker: { scope: EVERYTHING, ...(signal && { signal }) },
  };
}
