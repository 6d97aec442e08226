import { IS_UNSEEN, SHOWN_VERDICT } from "../blindness/shown-verdict.ts";
import type { LegsQuery } from "../contract/leg.ts";
import { type Conditions, toStoreTime, whereGiven } from "./conditions.ts";

/** What a list of legs is narrowed to; paging, form and what depends on forecasts apart. */
export type LegFilter = Omit<LegsQuery, "limit" | "cursor" | "format" | "chanceBelow" | "order"> & {
  order: "newest" | "oldest";
};

type ConditionName = Exclude<keyof LegFilter, "order" | "zone">;

const CONDITIONS: Conditions<ConditionName> = {
  flow: "flow IN {flow: Array(String)}",
  leg: "leg IN {leg: Array(String)}",
  verdict: `${SHOWN_VERDICT} IN {verdict: Array(String)}`,
  site: "site IN {site: Array(String)}",
  domain: "domain IN {domain: Array(String)}",
  criticality: "criticality IN {criticality: Array(String)}",
  supplier: "supplier IN {supplier: Array(String)}",
  instanceType: "instance_type = {instanceType: String}",
  instanceId: "instance_id = {instanceId: String}",
  q: "positionCaseInsensitiveUTF8(instance_id, {q: String}) > 0",
  startHour: "isNotNull(started_at) AND toHour(assumeNotNull(started_at), {zone: String}) = {startHour: UInt8}",
  feed: `NOT ${IS_UNSEEN}`,
  ended: "isNotNull(ended_at) = ({ended: String} = 'yes')",
  from: "dated_at >= {from: DateTime64(3, 'UTC')}",
  to: "dated_at < {to: DateTime64(3, 'UTC')}",
  asOf: "evaluated_at <= {asOf: DateTime64(3, 'UTC')}",
};

/** The condition of a row of `leg_verdicts`, current or not. */
export function whereLegMatches(filter: LegFilter): { sql: string; values: Record<string, unknown> } {
  const { order: _, zone, from, to, asOf, ...rest } = filter;
  const where = whereGiven(CONDITIONS, {
    ...rest,
    from: from && toStoreTime(from),
    to: to && toStoreTime(to),
    asOf: asOf && toStoreTime(asOf),
  });
  return rest.startHour === undefined ? where : { sql: where.sql, values: { ...where.values, zone } };
}
