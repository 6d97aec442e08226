import { matchOutcome } from "@throughline/schemas/match";
import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { type Conditions, toStoreTime, whereGiven } from "./conditions.ts";

const TIMEOUT_SECONDS = 25;
const SLOT = "subject_type, subject_id, document, kind, order_line, line";
const FAR = "2199-12-31T00:00:00Z";
const ACCEPTED = `(subject_type, subject_id, document) IN (
  SELECT subject_type, subject_id, document FROM match_work WHERE state = 'accepted' AND at <= {until: DateTime64(3, 'UTC')})`;
const SLOT_HASH = `cityHash64(${SLOT})`;

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
  /** Of those entered in this time, or, `isEvaluated`, ever blocked, and said something of in this time or not settled by then. */
  from: number;
  to: number;
  isEvaluated?: boolean;
  /** Only of entries of which something was ever accepted. */
  isAccepted?: boolean;
  sites?: readonly string[] | undefined;
  asOf?: string | undefined;
  most: number;
}

const CONDITIONS: Conditions<"sites" | "asOf"> = {
  sites: "site IN {sites: Array(String)}",
  asOf: "evaluated_at <= {asOf: DateTime64(3, 'UTC')}",
};

const IN_TIME = {
  entered: {
    any: "entered_at >= {from: DateTime64(3, 'UTC')} AND entered_at < {to: DateTime64(3, 'UTC')}",
    all: "argMin(entered_at, batch) >= {from: DateTime64(3, 'UTC')} AND argMin(entered_at, batch) < {to: DateTime64(3, 'UTC')}",
  },
  evaluated: {
    any: "outcome IN ('blocked', 'parked', 'rejected') AND is_removed = 0",
    all: "max(evaluated_at) >= {from: DateTime64(3, 'UTC')} OR argMax(outcome, batch) IN ('blocked', 'parked', 'rejected')",
  },
} as const;

/**
 * The histories of invoices or lines, the first evaluation first; undefined when there are more than `most`. Only of those of which one
 * result is in time are the others put together.
 */
export async function listMatchHistories(
  reader: StoreReader,
  asker: Asker,
  query: MatchHistoriesQuery,
): Promise<MatchHistory[] | undefined> {
  const { kind, from, to, isEvaluated, isAccepted, sites, asOf, most } = query;
  const isWhole = isEvaluated !== true && isAccepted !== true;
  if (isWhole && asOf === undefined && (await countEntered(reader, asker, query)) > most) return undefined;
  const where = whereGiven(CONDITIONS, { sites, asOf: asOf && toStoreTime(asOf) });
  const { any, all } = IN_TIME[isEvaluated === true ? "evaluated" : "entered"];
  const found = await reader.ask(asker, {
    caller: "list-match-histories",
    sql: `SELECT subject_type AS type, subject_id AS id, document, line, order_line AS order,
        toUnixTimestamp64Milli(argMin(entered_at, batch)) AS entered, argMax(site, batch) AS last_site, argMax(supplier, batch) AS last_supplier,
        arraySort(groupArray((batch, outcome, toUnixTimestamp64Milli(evaluated_at), is_removed))) AS all,
        arrayMap(said -> said.2, all) AS outcomes, arrayMap(said -> said.3, all) AS times, arrayMap(said -> said.4, all) AS removed
      FROM match_dates
      WHERE kind = {kind: String} AND ${where.sql} AND ${SLOT_HASH} IN (
        SELECT ${SLOT_HASH} FROM match_dates WHERE kind = {kind: String} AND ${where.sql} AND (${any})${isAccepted === true ? ` AND ${ACCEPTED}` : ""})
      GROUP BY ${SLOT} HAVING ${all}
      ORDER BY entered, type, id, document, line, order
      LIMIT {limit: UInt32}`,
    values: {
      ...where.values,
      kind,
      from: toStoreTime(from),
      to: toStoreTime(to),
      limit: most + 1,
      until: toStoreTime(asOf ?? FAR),
    },
    row,
    timeoutSeconds: TIMEOUT_SECONDS,
  });
  return found.length > most ? undefined : found;
}

/** How many were entered on the whole days of a time: no more than there are histories, and known at once. */
async function countEntered(
  reader: StoreReader,
  asker: Asker,
  { kind, from, to, sites }: MatchHistoriesQuery,
): Promise<number> {
  const where = whereGiven({ sites: CONDITIONS.sites }, { sites });
  const [counted] = await reader.ask(asker, {
    caller: "count-matches-entered",
    sql: `SELECT sum(results) AS results FROM match_rollups
      WHERE kind = {kind: String} AND code = '' AND day > {from: Date} AND day < {to: Date} AND ${where.sql} LIMIT 1`,
    values: { ...where.values, kind, from: toStoreTime(from).slice(0, 10), to: toStoreTime(to).slice(0, 10) },
    row: z.object({ results: z.coerce.number() }),
  });
  return counted?.results ?? 0;
}
