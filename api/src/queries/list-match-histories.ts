import { matchOutcome } from "@throughline/schemas/match";
import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { type Conditions, toStoreTime, whereGiven } from "./conditions.ts";

const TIMEOUT_SECONDS = 25;
const SLOT = "subject_type, subject_id, document, kind, order_line, line";

const row = z.object({
  type: z.string(),
  id: z.string(),
  document: z.string(),
  line: z.string(),
  order: z.string(),
  entered: z.number(),
  last_site: z.string(),
  last_supplier: z.string(),
  outcomes: z.array(matchOutcome),
  times: z.array(z.number()),
  removed: z.array(z.number()),
});

/** All that matching ever said of an invoice or a line of it, in order. Times in milliseconds since 1970 UTC. */
export type MatchHistory = z.infer<typeof row>;

export interface MatchHistoriesQuery {
  kind: "invoice" | "line";
  /** Of those entered in this time, or, `isEvaluated`, said something of in this time or not settled by then. */
  from: number;
  to: number;
  isEvaluated?: boolean;
  sites?: readonly string[] | undefined;
  asOf?: string | undefined;
  limit: number;
}

const CONDITIONS: Conditions<"sites" | "asOf"> = {
  sites: "site IN {sites: Array(String)}",
  asOf: "evaluated_at <= {asOf: DateTime64(3, 'UTC')}",
};

/** The histories of invoices or lines, the first evaluation first. */
export async function listMatchHistories(
  reader: StoreReader,
  asker: Asker,
  query: MatchHistoriesQuery,
): Promise<MatchHistory[]> {
  const { kind, from, to, isEvaluated, sites, asOf, limit } = query;
  const where = whereGiven(CONDITIONS, { sites, asOf: asOf && toStoreTime(asOf) });
  const timed =
    isEvaluated === true
      ? "max(evaluated_at) >= {from: DateTime64(3, 'UTC')} OR argMax(outcome, batch) IN ('blocked', 'parked', 'rejected')"
      : "argMin(entered_at, batch) >= {from: DateTime64(3, 'UTC')} AND argMin(entered_at, batch) < {to: DateTime64(3, 'UTC')}";
  return reader.ask(asker, {
    caller: "list-match-histories",
    sql: `SELECT subject_type AS type, subject_id AS id, document, line, order_line AS order,
        toUnixTimestamp64Milli(argMin(entered_at, batch)) AS entered, argMax(site, batch) AS last_site, argMax(supplier, batch) AS last_supplier,
        arraySort(groupArray((batch, outcome, toUnixTimestamp64Milli(evaluated_at), is_removed))) AS all,
        arrayMap(said -> said.2, all) AS outcomes, arrayMap(said -> said.3, all) AS times, arrayMap(said -> said.4, all) AS removed
      FROM match_results
      WHERE kind = {kind: String} AND ${where.sql}
      GROUP BY ${SLOT} HAVING ${timed}
      ORDER BY entered, type, id, document, line, order
      LIMIT {limit: UInt32}`,
    values: { ...where.values, kind, from: toStoreTime(from), to: toStoreTime(to), limit },
    row,
    timeoutSeconds: TIMEOUT_SECONDS,
  });
}
