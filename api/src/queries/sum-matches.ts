import { matchOutcome } from "@throughline/schemas/match";
import type { MatchRouting } from "@throughline/schemas/pack/match-routing";
import { z } from "zod";
import { MATCH_KINDS } from "../contract/match.ts";
import type { MatchSummaryQuery } from "../contract/match-work.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { type Conditions, whereGiven } from "./conditions.ts";
import type { WorkState } from "../matches/work-state.ts";
import type { MatchFilter } from "./match-filter.ts";
import { selectOpenWork } from "./list-open-work.ts";

const TIMEOUT_SECONDS = 15;
const MAX_ROWS = 2000;

/** What open work is grouped by. */
const GROUPS = { state: "state", owner: "owner", code: "arrayJoin(codes)", outcome: "outcome" } as const;
export type WorkGroup = keyof typeof GROUPS;

const sumRow = z.object({ name: z.string(), currency: z.string(), results: z.int(), stake: z.string() });
export type WorkSum = z.infer<typeof sumRow>;

/**
 * How many results need work, by state, owner, outcome or code (under each that it has), those of some states where given, and what they keep from being paid, by currency. The money of an
 * invoice counts once in each group: all of it where the invoice as a whole is in it, else that of its lines.
 */
export function sumOpenWork(
  reader: StoreReader,
  asker: Asker,
  {
    by,
    filter,
    routing,
    states = [],
  }: {
    by: WorkGroup;
    filter: MatchFilter;
    routing: MatchRouting | undefined;
    states?: readonly WorkState[] | undefined;
  },
): Promise<WorkSum[]> {
  const open = selectOpenWork({ filter, routing });
  return reader.ask(asker, {
    caller: "sum-open-work",
    sql: `SELECT name, currency, sum(rows) AS results, toString(sum(stake)) AS stake FROM (
        SELECT ${GROUPS[by]} AS name, if(kind = 'order', '', currency) AS currency, count() AS rows,
          if(countIf(kind = 'invoice') > 0, maxIf(money, kind = 'invoice'), sumIf(money, kind = 'line')) AS stake
        FROM (SELECT *, abs(toDecimal256OrZero(amount, 18)) AS money FROM ${open.sql}
          WHERE ${states.length === 0 ? "1" : "state IN {states: Array(String)}"})
        GROUP BY name, currency, subject_type, subject_id, document
      ) GROUP BY name, currency ORDER BY name, currency LIMIT ${MAX_ROWS}`,
    values: { ...open.values, states },
    row: sumRow,
    timeoutSeconds: TIMEOUT_SECONDS,
  });
}

const CONDITIONS: Conditions<"supplier" | "company" | "site" | "from" | "to"> = {
  supplier: "supplier IN {supplier: Array(String)}",
  company: "company IN {company: Array(String)}",
  site: "site IN {site: Array(String)}",
  from: "day >= {from: Date}",
  to: "day < {to: Date}",
};

const countRow = z.object({ kind: z.enum(MATCH_KINDS), outcome: matchOutcome, results: z.int() });
export type OutcomeCount = z.infer<typeof countRow>;

/** How many results stand at each outcome, by days of entry; those with a code where one is named. */
export function countOutcomes(
  reader: StoreReader,
  asker: Asker,
  { code, supplier, company, site, from, to }: Omit<MatchSummaryQuery, "owner">,
): Promise<OutcomeCount[]> {
  const where = whereGiven(CONDITIONS, { supplier, company, site, from, to });
  return reader.ask(asker, {
    caller: "count-match-outcomes",
    sql: `SELECT kind, outcome, sum(results) AS results FROM match_rollups
      WHERE ${where.sql} AND code = {code: String}
      GROUP BY kind, outcome HAVING results != 0 ORDER BY kind, outcome LIMIT ${MAX_ROWS}`,
    values: { ...where.values, code: code ?? "" },
    row: countRow,
  });
}
