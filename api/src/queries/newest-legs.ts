import type { Scope } from "@throughline/schemas/clickhouse/scope";
import type { TimeRange } from "../contract/figure.ts";
import { SHOWN_VERDICT } from "../blindness/shown-verdict.ts";
import { type Conditions, toStoreSecond, toStoreTime, whereGiven } from "./conditions.ts";

/** Which legs are meant. An empty list means all. */
export interface LegCountFilter {
  flow?: readonly string[] | undefined;
  leg?: readonly string[] | undefined;
  site?: readonly string[] | undefined;
  domain?: readonly string[] | undefined;
  supplier?: readonly string[] | undefined;
  criticality?: readonly string[] | undefined;
  verdict?: readonly string[] | undefined;
  ended?: "yes" | "no" | undefined;
}

/** Legs dated in a time, as they stand or as the tower knew them at a moment. */
export interface LegSelection extends LegCountFilter {
  range?: TimeRange | undefined;
  asOf?: string | undefined;
}

/** What can be read of the newest verdict of a leg, beside its flow and the leg itself. */
type NewestColumn =
  | "verdict"
  | "site"
  | "domain"
  | "supplier"
  | "criticality"
  | "dated_at"
  | "started_at"
  | "ended_at"
  | "excused_ms"
  | "budget_ms"
  | "calendar";

/** SQL of a question with the values that it names. */
export interface Sql {
  sql: string;
  values: Record<string, unknown>;
}

export const FILTER_CONDITIONS: Conditions<keyof LegCountFilter> = {
  flow: "flow IN {flow: Array(String)}",
  leg: "leg IN {leg: Array(String)}",
  site: "site IN {site: Array(String)}",
  domain: "domain IN {domain: Array(String)}",
  supplier: "supplier IN {supplier: Array(String)}",
  criticality: "criticality IN {criticality: Array(String)}",
  verdict: "verdict IN {verdict: Array(String)}",
  ended: "isNotNull(ended_at) = ({ended: String} = 'yes')",
};

/** Rows of `leg_verdicts`, with what is blind laid over. */
const CONDITIONS: Conditions<keyof LegCountFilter | "from" | "to"> = {
  ...FILTER_CONDITIONS,
  verdict: `${SHOWN_VERDICT} IN {verdict: Array(String)}`,
  from: "dated_at >= {from: DateTime('UTC')}",
  to: "dated_at < {to: DateTime('UTC')}",
};

const KEY = "flow, leg, instance_type, instance_id, occurrence";

/**
 * SQL of one row for each leg whose newest verdict fits, with the columns asked for. The scope is part of it, since the
 * newest verdict decides where a leg belongs: the question is to be asked without one.
 */
export function selectNewestLegs(
  columns: readonly NewestColumn[],
  { range, asOf, ...filter }: LegSelection,
  scope: Scope,
): Sql {
  const where = whereGiven(CONDITIONS, { ...filter, ...(range && toHourBounds(range)) });
  const fixed = whereGiven(FILTER_CONDITIONS, { flow: filter.flow, leg: filter.leg });
  const known = `${fixed.sql}${asOf === undefined ? "" : " AND evaluated_at <= {asOf: DateTime64(3, 'UTC')}"}`;
  const fits = ["is_removed = 0", where.sql, ...listScopeConditions(scope)].join(" AND ");
  const shown = columns.map((column) => (column === "verdict" ? SHOWN_VERDICT : column));
  const read = columns.map((column, index) => `newest.${index + 2} AS ${column}`);
  return {
    sql: `SELECT flow, leg, ${read.join(", ")} FROM (
        SELECT flow, leg, argMax((${[fits, ...shown].join(", ")}), batch) AS newest
        FROM leg_verdicts
        WHERE ${known} AND (${KEY}) IN (SELECT ${KEY} FROM leg_dates WHERE ${known} AND ${fits})
        GROUP BY ${KEY}
      ) WHERE newest.1`,
    values: {
      ...where.values,
      ...(asOf !== undefined && { asOf: toStoreTime(asOf) }),
      ...(scope.sites !== "*" && { scopeSites: scope.sites }),
      ...(scope.domains !== "*" && { scopeDomains: scope.domains }),
    },
  };
}

/** A range in whole seconds, as columns of hours have it. */
export function toHourBounds(range: TimeRange): { from: string; to: string } {
  return { from: toStoreSecond(range.from), to: toStoreSecond(range.to) };
}

function listScopeConditions({ sites, domains }: Scope): string[] {
  return [
    ...(sites === "*" ? [] : ["has({scopeSites: Array(String)}, site)"]),
    ...(domains === "*" ? [] : ["has({scopeDomains: Array(String)}, domain)"]),
  ];
}
