import { EVERYTHING, type Scope } from "@throughline/schemas/clickhouse/scope";
import { verdict } from "@throughline/schemas/leg";
import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { type Conditions, toStoreSecond, toStoreTime, whereGiven } from "./conditions.ts";

const TIMEOUT_SECONDS = 25;
const HOUR_MS = 3_600_000;
const KEY = "leg, instance_type, instance_id, occurrence";

const row = z.object({
  leg: z.string(),
  type: z.string(),
  id: z.string(),
  verdict,
  started: z.number().nullable(),
  ended: z.number().nullable(),
  dated: z.number(),
  site: z.string(),
  supplier: z.string(),
});

/** A leg as it stands. Times in milliseconds since 1970 UTC. */
export type LegCase = z.infer<typeof row>;

export interface LegCasesQuery {
  flow: string;
  legs: readonly string[];
  from: number;
  to: number;
  sites?: readonly string[] | undefined;
  asOf?: string | undefined;
  most: number;
}

const FITS: Conditions<"sites" | "scopeSites" | "scopeDomains"> = {
  sites: "newest.7 IN {sites: Array(String)}",
  scopeSites: "newest.7 IN {scopeSites: Array(String)}",
  scopeDomains: "newest.9 IN {scopeDomains: Array(String)}",
};
const KNOWN: Conditions<"asOf"> = { asOf: "evaluated_at <= {asOf: DateTime64(3, 'UTC')}" };

/**
 * The legs that ended or were dated in a time, and those that had begun before its end and go on. The scope is part of the
 * question, since the newest verdict decides where a leg belongs. Undefined when there are more than `most`.
 */
export async function listLegCases(
  reader: StoreReader,
  asker: Asker,
  query: LegCasesQuery,
): Promise<LegCase[] | undefined> {
  const { asOf, most } = query;
  if (asOf === undefined && (await countDated(reader, asker, query)) > most) return undefined;
  const { scope, signal } = asker;
  const source = legCasesSource(query, scope);
  const found = await reader.ask(
    { scope: EVERYTHING, ...(signal && { signal }) },
    {
      caller: "list-leg-cases",
      sql: `SELECT leg, instance_type AS type, instance_id AS id, newest.2 AS verdict,
          toUnixTimestamp64Milli(newest.3) AS started, toUnixTimestamp64Milli(newest.4) AS ended,
          toUnixTimestamp64Milli(newest.5) AS dated, newest.7 AS site, newest.8 AS supplier
        FROM (${source.sql})
        ORDER BY id, leg
        LIMIT {limit: UInt32}`,
      values: { ...source.values, limit: most + 1 },
      row,
      timeoutSeconds: TIMEOUT_SECONDS,
    },
  );
  return found.length > most ? undefined : found;
}

/** The legs of `listLegCases`: their key and, as `newest`, what was said of each last. To be asked for everything. */
export function legCasesSource({ flow, legs, from, to, sites, asOf }: LegCasesQuery, scope: Scope) {
  const known = whereGiven(KNOWN, { asOf: asOf && toStoreTime(asOf) });
  const fits = whereGiven(FITS, {
    sites,
    scopeSites: scope.sites === "*" ? undefined : scope.sites,
    scopeDomains: scope.domains === "*" ? undefined : scope.domains,
  });
  return {
    sql: `SELECT ${KEY}, newest FROM (
          SELECT ${KEY}, argMax((is_removed, verdict, started_at, ended_at, dated_at, flow, site, supplier, domain), batch) AS newest
          FROM leg_verdicts
          WHERE flow = {flow: String} AND leg IN {legs: Array(String)} AND ${known.sql}
          GROUP BY ${KEY})
        WHERE newest.1 = 0 AND ${fits.sql} AND (
          (newest.4 >= {after: DateTime64(3, 'UTC')} AND newest.4 < {before: DateTime64(3, 'UTC')})
          OR (newest.4 IS NULL AND newest.3 < {before: DateTime64(3, 'UTC')})
          OR (newest.5 >= {after: DateTime64(3, 'UTC')} AND newest.5 < {before: DateTime64(3, 'UTC')}))`,
    values: { ...known.values, ...fits.values, flow, legs, after: toStoreTime(from), before: toStoreTime(to) },
  };
}

/** How many legs are dated in the whole hours of a time: no more than there are cases, and known at once. */
async function countDated(
  reader: StoreReader,
  asker: Asker,
  { flow, legs, from, to, sites }: LegCasesQuery,
): Promise<number> {
  const where = whereGiven({ sites: "site IN {sites: Array(String)}" }, { sites });
  const [counted] = await reader.ask(asker, {
    caller: "count-leg-cases",
    sql: `SELECT sum(legs) AS dated FROM leg_rollups WHERE flow = {flow: String} AND leg IN {legs: Array(String)}
      AND hour >= {from: DateTime('UTC')} AND hour < {to: DateTime('UTC')} AND ${where.sql} LIMIT 1`,
    values: { ...where.values, flow, legs, from: toStoreSecond(from), to: toStoreSecond(Math.max(0, to - HOUR_MS)) },
    row: z.object({ dated: z.coerce.number() }),
  });
  return counted?.dated ?? 0;
}
