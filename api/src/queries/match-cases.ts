import { SLOT_COLUMNS as SLOT } from "../matches/match-id.ts";
import { type Conditions, toStoreTime, whereGiven } from "./conditions.ts";
import type { CasesQuestion } from "./sum-cases.ts";

const DOCUMENT = "subject_type, subject_id, document";
const FAR = "2199-12-31T00:00:00Z";
const IS_BLOCKING = "said.1 IN ('blocked', 'parked', 'rejected') AND said.2 = 0";
const CONDITIONS: Conditions<"sites" | "asOf"> = {
  sites: "site IN {sites: Array(String)}",
  asOf: "evaluated_at <= {asOf: DateTime64(3, 'UTC')}",
};

interface MatchCasesQuery {
  kind: "invoice" | "line";
  from: number;
  to: number;
  sites: readonly string[] | undefined;
  asOf: string | undefined;
}

/** Invoices or lines entered in a time, each with whether it was blocked when it was evaluated first. */
export function askInvoiceExceptions(query: MatchCasesQuery): CasesQuestion {
  const { slots, values } = toSlots(query, "argMin((outcome, is_removed), batch)");
  return {
    caller: "sum-invoice-exceptions",
    sql: `SELECT at, key, toInt64(${IS_BLOCKING}) AS part, toInt64(1) AS whole, if(type = 'invoice', '', 'a credit memo') AS reason, 0 AS is_open
      FROM (${slots})`,
    values,
  };
}

/** Invoices entered in a time of which nothing was ever accepted, each with whether it was settled without anybody's touch. */
export function askTouchless(query: MatchCasesQuery): CasesQuestion {
  const { slots, values } = toSlots(query, "argMax((outcome, is_removed), batch)");
  const acts = whereGiven(
    { sites: CONDITIONS.sites, asOf: "at <= {asOf: DateTime64(3, 'UTC')}" },
    { sites: query.sites, asOf: query.asOf && toStoreTime(query.asOf) },
  );
  return {
    caller: "sum-touchless",
    sql: `SELECT at, key, toInt64(entry NOT IN (SELECT sipHash128(${DOCUMENT}) FROM match_work WHERE ${acts.sql})) AS part, toInt64(1) AS whole,
        multiIf(said.2 = 1, 'taken back', said.1 = 'held' OR (${IS_BLOCKING}), 'not settled yet', '') AS reason, 0 AS is_open
      FROM (${slots})
      WHERE entry NOT IN (SELECT sipHash128(${DOCUMENT}) FROM match_work WHERE state = 'accepted' AND at <= {until: DateTime64(3, 'UTC')})`,
    values: { ...values, ...acts.values, until: toStoreTime(query.asOf ?? FAR) },
  };
}

/** What one evaluation, `said`, made of each invoice or line that was entered in a time. */
function toSlots({ kind, from, to, sites, asOf }: MatchCasesQuery, said: string) {
  const where = whereGiven(CONDITIONS, { sites, asOf: asOf && toStoreTime(asOf) });
  return {
    slots: `SELECT sipHash128(${SLOT}) AS key, any(subject_type) AS type, any(sipHash128(${DOCUMENT})) AS entry,
        toUnixTimestamp64Milli(argMin(entered_at, batch)) AS at, ${said} AS said
      FROM match_dates WHERE kind = {kind: String} AND ${where.sql}
      GROUP BY key HAVING at >= {from: Int64} AND at < {to: Int64}`,
    values: { ...where.values, kind, from, to },
  };
}
