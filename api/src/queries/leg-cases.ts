import { type LegCasesQuery, legCasesSource } from "./list-leg-cases.ts";
import type { CasesQuestion } from "./sum-cases.ts";
import type { Scope } from "@throughline/schemas/clickhouse/scope";

/** Why legs do not count, by verdict; of those that have no start; and of those that ended before they began. */
interface LeftOut {
  verdicts: ReadonlyMap<string, string>;
  unstarted: string;
  backwards: string;
}

/**
 * Legs from their start to their end. The scope is part of the question, so that it has to be asked for everything; see
 * `listLegCases`.
 */
export function askLegLengths(query: LegCasesQuery, scope: Scope, leftOut: LeftOut): CasesQuestion {
  const { sql, values } = legCasesSource(query, scope);
  return {
    caller: "sum-leg-lengths",
    sql: `SELECT sipHash128(leg, instance_type, instance_id, occurrence) AS key,
        toUnixTimestamp64Milli(newest.3) AS started, toUnixTimestamp64Milli(newest.4) AS ended, toUnixTimestamp64Milli(newest.5) AS dated,
        transform(toString(newest.2), {verdicts: Array(String)}, {reasons: Array(String)}, '') AS left_out,
        toUInt8(left_out = '' AND isNotNull(started) AND ifNull(ended >= {to: Int64}, 1)) AS is_open,
        multiIf(left_out != '', left_out, isNull(started), {unstarted: String}, is_open = 0 AND ended < started, {backwards: String}, '') AS reason,
        assumeNotNull(if(left_out != '' OR isNull(started), dated, if(is_open = 1, started, ended))) AS at,
        if(reason = '' AND is_open = 0, assumeNotNull(ended) - assumeNotNull(started), toInt64(0)) AS part, toInt64(1) AS whole
      FROM (${sql})`,
    values: {
      ...values,
      to: query.to,
      verdicts: [...leftOut.verdicts.keys()],
      reasons: [...leftOut.verdicts.values()],
      unstarted: leftOut.unstarted,
      backwards: leftOut.backwards,
    },
  };
}
