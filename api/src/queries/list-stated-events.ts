import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { type Conditions, toStoreSecond, toStoreTime, whereGiven } from "./conditions.ts";

const TIMEOUT_SECONDS = 25;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Estimates are off by a few in a hundred. */
const ESTIMATED = 1.1;

const row = z.object({
  type: z.string(),
  at: z.number(),
  site: z.string(),
  objects: z.array(z.tuple([z.string(), z.string()])),
  measures: z.array(z.tuple([z.string(), z.string()])),
});

/** What an event states: its objects by type and id, and its measures by name. Times in milliseconds since 1970 UTC. */
export type StatedEvent = z.infer<typeof row>;

export interface StatedQuery {
  types: readonly string[];
  from: number;
  to: number;
  sites?: readonly string[] | undefined;
  asOf?: string | undefined;
  most: number;
}

const CONDITIONS: Conditions<"sites" | "asOf"> = {
  sites: "site IN {sites: Array(String)}",
  asOf: "arrived_at <= {asOf: DateTime64(3, 'UTC')}",
};

/**
 * The events of some types that happened in a time, each once: the highest revision, of contents under the same one the smaller
 * digest. What failed, and tests and trainings, are left out. Undefined when there are more than `most`.
 */
export async function listStatedEvents(
  reader: StoreReader,
  asker: Asker,
  query: StatedQuery,
): Promise<StatedEvent[] | undefined> {
  const { types, from, to, sites, asOf, most } = query;
  if (asOf === undefined && (await estimateStated(reader, asker, query)) > most * ESTIMATED) return undefined;
  const where = whereGiven(CONDITIONS, { sites, asOf: asOf && toStoreTime(asOf) });
  const found = await reader.ask(asker, {
    caller: "list-stated-events",
    sql: `SELECT type, toUnixTimestamp64Milli(time) AS at, site, arrayZip(object_types, object_ids) AS objects,
        arrayZip(measure_names, measure_values) AS measures
      FROM (
        SELECT type, time, site, object_types, object_ids, measure_names, measure_values, outcome, attributes FROM events
        WHERE type IN {types: Array(String)} AND arrived_at >= {arrived: DateTime64(3, 'UTC')}
          AND time >= {from: DateTime64(3, 'UTC')} AND time < {to: DateTime64(3, 'UTC')} AND ${where.sql}
        ORDER BY source, id, revision DESC, digest LIMIT 1 BY source, id)
      WHERE outcome NOT IN ('failed', 'rejected') AND JSONExtractString(attributes, 'usage') NOT IN ('test', 'training')
      ORDER BY at, type, objects
      LIMIT {limit: UInt32}`,
    values: {
      ...where.values,
      types,
      from: toStoreTime(from),
      to: toStoreTime(to),
      // Nothing arrives before it happened, but for clocks that differ.
      arrived: toStoreTime(from - DAY_MS),
      limit: most + 1,
    },
    row,
    timeoutSeconds: TIMEOUT_SECONDS,
  });
  return found.length > most ? undefined : found;
}

/** About how many events there are in the whole hours of a time, told by what is counted of traffic. */
async function estimateStated(
  reader: StoreReader,
  asker: Asker,
  { types, from, to, sites }: StatedQuery,
): Promise<number> {
  const where = whereGiven({ sites: CONDITIONS.sites }, { sites });
  const [counted] = await reader.ask(asker, {
    caller: "estimate-stated-events",
    sql: `SELECT uniqMerge(events) AS estimate FROM event_traffic
      WHERE type IN {types: Array(String)} AND hour >= {from: DateTime('UTC')} AND hour < {to: DateTime('UTC')} AND ${where.sql} LIMIT 1`,
    values: { ...where.values, types, from: toStoreSecond(Math.max(0, from)), to: toStoreSecond(to - HOUR_MS) },
    row: z.object({ estimate: z.coerce.number() }),
  });
  return counted?.estimate ?? 0;
}
