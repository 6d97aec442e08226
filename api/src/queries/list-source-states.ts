import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { toStoreSecond, toStoreTime, whereGiven } from "./conditions.ts";
import type { Sql } from "./newest-legs.ts";
import { type SourceFilter, STATE_CONDITIONS } from "./source-filter.ts";

/** Most feeds that are told apart. */
const MAX_SOURCES = 10_000;

const strings = z.array(z.string());

const typesRow = z.object({ source: z.string(), types: strings });

const stateRow = z.object({
  source: z.string(),
  sites: strings,
  domains: strings,
  first_event: instant,
  last_event: instant,
  last_arrived: instant,
  highest_sequence: z.int(),
});
export type SourceStateRow = z.infer<typeof stateRow>;

const signRow = z.object({
  source: z.string(),
  heartbeat: instant.nullable(),
  watermark: instant.nullable(),
  complete: z.int(),
  heard: instant,
});
export type SourceSignRow = z.infer<typeof signRow>;

/** What had arrived from each feed by the present, or by the end of the last whole minute up to a moment. */
export async function listSourceStates(
  reader: StoreReader,
  asker: Asker,
  { filter, atMs }: { filter: SourceFilter; atMs: number | undefined },
): Promise<SourceStateRow[]> {
  const where = whereGiven(STATE_CONDITIONS, filter);
  const from = fromStates(atMs);
  return reader.ask(asker, {
    caller: "list-source-states",
    sql: `SELECT source, groupUniqArray(site) AS sites, groupUniqArray(domain) AS domains,
        min(first_event_at) AS first_event, max(last_event_at) AS last_event, max(last_arrived_at) AS last_arrived,
        max(last_sequence) AS highest_sequence
      FROM ${from.sql} AND ${where.sql}
      GROUP BY source
      ORDER BY source
      LIMIT ${MAX_SOURCES}`,
    values: { ...where.values, ...from.values },
    row: stateRow,
  });
}

/** The types of events that each feed had sent by the present or by a moment. */
export async function listSourceTypes(
  reader: StoreReader,
  asker: Asker,
  { filter, atMs }: { filter: SourceFilter; atMs: number | undefined },
): Promise<Map<string, string[]>> {
  const where = whereGiven(STATE_CONDITIONS, filter);
  const from =
    atMs === undefined
      ? { sql: "SELECT source, groupUniqArrayArray(types) AS types FROM source_states WHERE 1", values: {} }
      : {
          sql: `SELECT source, groupUniqArray(type) AS types FROM source_types
            WHERE known_at <= {at: DateTime64(3, 'UTC')}`,
          values: { at: toStoreTime(atMs) },
        };
  const rows = await reader.ask(asker, {
    caller: "list-source-types",
    sql: `${from.sql} AND ${where.sql} GROUP BY source LIMIT ${MAX_SOURCES}`,
    values: { ...where.values, ...from.values },
    row: typesRow,
  });
  return new Map(rows.map(({ source, types }) => [source, types]));
}

/**
 * What each feed says of itself. Heartbeats belong to no site, so they are read without a scope and shown only of feeds
 * that the reader sees anyway.
 */
export async function listSourceSigns(
  reader: StoreReader,
  { signal }: Asker,
  atMs: number | undefined,
): Promise<SourceSignRow[]> {
  const from = fromStates(atMs);
  return reader.ask(
    { scope: EVERYTHING, ...(signal && { signal }) },
    {
      caller: "list-source-signs",
      sql: `SELECT source, max(last_heartbeat_at) AS heartbeat, max(watermark_at) AS watermark, max(is_complete) AS complete,
          max(last_arrived_at) AS heard
        FROM ${from.sql}
        GROUP BY source
        LIMIT ${MAX_SOURCES}`,
      values: from.values,
      row: signRow,
    },
  );
}

function fromStates(atMs: number | undefined): Sql {
  if (atMs === undefined) return { sql: "source_states WHERE 1", values: {} };
  return { sql: "source_history WHERE until <= {at: DateTime('UTC')}", values: { at: toStoreSecond(atMs) } };
}
