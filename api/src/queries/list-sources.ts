import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import type { SourceRule } from "@throughline/schemas/pack/flow";
import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { Source, SourceState } from "../contract/source.ts";
import { createSourceBook } from "../projections/engine/source-book.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { whereGiven } from "./conditions.ts";
import { ACTIVITY_CONDITIONS, type SourceFilter, STATE_CONDITIONS, toActivityValues } from "./source-filter.ts";

/** Most feeds that are told apart. */
const MAX_SOURCES = 10_000;

/** A feed that has sent nothing, not even a sign of life, for this long is silent. */
export const SILENT_AFTER_MS = 15 * 60_000;

const strings = z.array(z.string());

const stateRow = z.object({
  source: z.string(),
  sites: strings,
  domains: strings,
  types: strings,
  first_event: instant,
  last_event: instant,
  last_arrived: instant,
  highest_sequence: z.int(),
});

const signRow = z.object({
  source: z.string(),
  heartbeat: instant.nullable(),
  watermark: instant.nullable(),
  complete: z.int(),
  heard: instant,
});

const counts = { accepted: z.int(), duplicates: z.int(), superseded: z.int(), conflicts: z.int(), failed: z.int() };
const activityRow = z.object({ source: z.string(), ...counts });
const NOTHING = { accepted: 0, duplicates: 0, superseded: 0, conflicts: 0, failed: 0 };

export interface SourceQuestion {
  filter: SourceFilter;
  rules: readonly SourceRule[];
  now: number;
}

/** All feeds by name, as they stand at `now`, with what they sent in the filter's range. */
export async function listSources(
  reader: StoreReader,
  asker: Asker,
  { filter, rules, now }: SourceQuestion,
): Promise<Source[]> {
  const [states, signs, activity] = await Promise.all([
    listStates(reader, asker, filter),
    listSigns(reader, asker),
    sumActivity(reader, asker, filter),
  ]);
  const signOf = new Map(signs.map((row) => [row.source, row]));
  const sentBy = new Map(activity.map(({ source, ...sums }) => [source, sums]));
  return states.map((row) =>
    toSource({ row, sign: signOf.get(row.source), sums: sentBy.get(row.source) ?? NOTHING, rules, now }),
  );
}

async function listStates(reader: StoreReader, asker: Asker, filter: SourceFilter) {
  const where = whereGiven(STATE_CONDITIONS, filter);
  return reader.ask(asker, {
    caller: "list-source-states",
    sql: `SELECT source, groupUniqArray(site) AS sites, groupUniqArray(domain) AS domains, groupUniqArrayArray(types) AS types,
        min(first_event_at) AS first_event, max(last_event_at) AS last_event, max(last_arrived_at) AS last_arrived,
        max(last_sequence) AS highest_sequence
      FROM source_states
      WHERE ${where.sql}
      GROUP BY source
      ORDER BY source
      LIMIT ${MAX_SOURCES}`,
    values: where.values,
    row: stateRow,
  });
}

/**
 * What each feed says of itself. Heartbeats belong to no site, so they are read without a scope and shown only of feeds
 * that the reader sees anyway.
 */
async function listSigns(reader: StoreReader, { signal }: Asker) {
  return reader.ask(
    { scope: EVERYTHING, ...(signal && { signal }) },
    {
      caller: "list-source-signs",
      sql: `SELECT source, max(last_heartbeat_at) AS heartbeat, max(watermark_at) AS watermark, max(is_complete) AS complete,
          max(last_arrived_at) AS heard
        FROM source_states
        GROUP BY source
        LIMIT ${MAX_SOURCES}`,
      values: {},
      row: signRow,
    },
  );
}

async function sumActivity(reader: StoreReader, asker: Asker, filter: SourceFilter) {
  const where = whereGiven(ACTIVITY_CONDITIONS, toActivityValues(filter));
  return reader.ask(asker, {
    caller: "sum-source-activity",
    sql: `SELECT source, sum(accepted) AS accepted, sum(duplicates) AS duplicates, sum(superseded) AS superseded,
        sum(conflicts) AS conflicts, sum(failed) AS failed
      FROM source_activity
      WHERE ${where.sql}
      GROUP BY source
      LIMIT ${MAX_SOURCES}`,
    values: where.values,
    row: activityRow,
  });
}

function toSource(of: {
  row: z.infer<typeof stateRow>;
  sign: z.infer<typeof signRow> | undefined;
  sums: typeof NOTHING;
  rules: readonly SourceRule[];
  now: number;
}): Source {
  const { row, sign, now } = of;
  const heardOfAt = sign?.heard ?? row.last_arrived;
  const state = toState(sign?.complete === 1, now - Date.parse(heardOfAt));
  return {
    source: row.source,
    sites: row.sites.toSorted(),
    domains: row.domains.toSorted(),
    state,
    silentSince: state === "silent" ? heardOfAt : null,
    firstEventAt: row.first_event,
    lastEventAt: row.last_event,
    lastArrivedAt: row.last_arrived,
    lastHeartbeatAt: sign?.heartbeat ?? null,
    watermarkAt: sign?.watermark ?? null,
    completeTo: state === "silent" ? heardOfAt : toCompleteTo(of),
    lastSequence: row.highest_sequence < 0 ? null : row.highest_sequence,
    types: row.types.toSorted(),
    ...of.sums,
  };
}

/** The watermark that evaluation goes by; null for a source that has to say it and has not. */
function toCompleteTo({ row, sign, rules, now }: Parameters<typeof toSource>[0]): string | null {
  const said = sign?.watermark ?? null;
  const known = {
    source: row.source,
    watermarkAt: said === null ? 0 : Date.parse(said),
    isComplete: sign?.complete === 1,
    types: new Set<string>(),
  };
  const at = createSourceBook(rules, [known]).sourceWatermark(row.source, now);
  return at <= 0 ? null : new Date(at).toISOString();
}

function toState(isComplete: boolean, quietMs: number): SourceState {
  if (isComplete) return "complete";
  return quietMs > SILENT_AFTER_MS ? "silent" : "reporting";
}
