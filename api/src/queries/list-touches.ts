import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { SLOT_COLUMNS as SLOT } from "../matches/match-id.ts";
import { type Conditions, toStoreTime, whereGiven } from "./conditions.ts";

const TIMEOUT_SECONDS = 20;

const row = z.object({
  type: z.string(),
  id: z.string(),
  document: z.string(),
  order: z.string(),
  line: z.string(),
  verb: z.string(),
  minutes: z.number(),
  worked: z.number(),
  done: z.number(),
  of_site: z.string(),
  is_logged: z.int(),
});

/** What somebody did about a match. Times in milliseconds since 1970 UTC; `worked` is when logged minutes were spent; `is_logged`: any were, on the same match. */
export type Touch = z.infer<typeof row>;

const CONDITIONS: Conditions<"sites" | "asOf"> = {
  sites: "site IN {sites: Array(String)}",
  asOf: "at <= {asOf: DateTime64(3, 'UTC')}",
};

/** All that was done about matches from a moment on, the earliest first. */
export async function listTouches(
  reader: StoreReader,
  asker: Asker,
  query: { from: number; sites?: readonly string[] | undefined; asOf?: string | undefined; limit: number },
): Promise<Touch[]> {
  const { from, sites, asOf, limit } = query;
  const where = whereGiven(CONDITIONS, { sites, asOf: asOf && toStoreTime(asOf) });
  return reader.ask(asker, {
    caller: "list-touches",
    sql: `SELECT subject_type AS type, subject_id AS id, document, order_line AS order, line, verb, minutes,
        toUnixTimestamp64Milli(worked_at) AS worked, toUnixTimestamp64Milli(at) AS done, site AS of_site,
        (${SLOT}) IN (SELECT ${SLOT} FROM match_work WHERE verb = 'log' AND ${where.sql}) AS is_logged
      FROM match_work
      WHERE at >= {from: DateTime64(3, 'UTC')} AND ${where.sql}
      ORDER BY at, ${SLOT}, version
      LIMIT {limit: UInt32}`,
    values: { ...where.values, from: toStoreTime(from), limit },
    row,
    timeoutSeconds: TIMEOUT_SECONDS,
  });
}
