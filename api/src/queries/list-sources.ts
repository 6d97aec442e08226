import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { FeedPromise, Source, SourceState } from "../contract/source.ts";
import { type FeedRule, toSilenceMs } from "../projections/feeds/feed-rule.ts";
import { type FeedState, findSilenceAt, toWatermark, UNHEARD } from "../projections/feeds/feed-state.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { whereGiven } from "./conditions.ts";
import { listFeedStates } from "./list-feed-states.ts";
import { ACTIVITY_CONDITIONS, type SourceFilter, STATE_CONDITIONS, toActivityValues } from "./source-filter.ts";
import { toInstant } from "./time-range.ts";

/** Most feeds that are told apart. */
const MAX_SOURCES = 10_000;

/** A feed that promised no sign of life and has sent nothing for this long is quiet. */
const QUIET_AFTER_MS = 15 * 60_000;

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
  ruleOf: (source: string) => FeedRule;
  now: number;
}

/** All feeds by name, as they stand at `now`, with what they sent in the filter's range. */
export async function listSources(
  reader: StoreReader,
  asker: Asker,
  { filter, ruleOf, now }: SourceQuestion,
): Promise<Source[]> {
  const [states, signs, feeds, activity] = await Promise.all([
    listStates(reader, asker, filter),
    listSigns(reader, asker),
    listFeedStates(reader, asker),
    sumActivity(reader, asker, filter),
  ]);
  const signOf = new Map(signs.map((row) => [row.source, row]));
  const sentBy = new Map(activity.map(({ source, ...sums }) => [source, sums]));
  return states.map((row) => {
    const sign = signOf.get(row.source);
    const feed = feeds.get(row.source) ?? toFeedState(row, sign);
    return toSource({ row, sign, feed, sums: sentBy.get(row.source) ?? NOTHING, rule: ruleOf(row.source), now });
  });
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
  feed: FeedState;
  sums: typeof NOTHING;
  rule: FeedRule;
  now: number;
}): Source {
  const { row, sign, feed, rule, now } = of;
  const state = toState(feed, rule, now);
  const completeTo = toWatermark(row.source, feed, { rule, now }).at;
  return {
    source: row.source,
    sites: row.sites.toSorted(),
    domains: row.domains.toSorted(),
    state,
    silentSince: state === "silent" ? toInstant(feed.heardAt) : null,
    firstEventAt: row.first_event,
    lastEventAt: row.last_event,
    lastArrivedAt: row.last_arrived,
    lastHeartbeatAt: sign?.heartbeat ?? null,
    watermarkAt: sign?.watermark ?? null,
    completeTo: completeTo <= 0 ? null : toInstant(completeTo),
    promise: toPromise(feed, { rule, state, now }),
    lastSequence: row.highest_sequence < 0 ? null : row.highest_sequence,
    types: row.types.toSorted(),
    ...of.sums,
  };
}

/** What the signs of a feed say of it, before evaluation has got as far. */
function toFeedState(row: z.infer<typeof stateRow>, sign: z.infer<typeof signRow> | undefined): FeedState {
  const heardAt = Date.parse(sign?.heard ?? row.last_arrived);
  const saidAt = sign?.watermark ? Math.min(Date.parse(sign.watermark), heardAt) : 0;
  const isComplete = sign?.complete === 1;
  return { ...UNHEARD, heardAt, saidAt, isComplete, hasHeartbeat: (sign?.heartbeat ?? null) !== null };
}

function toState(feed: FeedState, rule: FeedRule, now: number): SourceState {
  if (feed.isComplete) return "complete";
  if (feed.blind !== undefined || (findSilenceAt(feed, rule) ?? Infinity) <= now) return "silent";
  const isQuiet = toSilenceMs(rule, feed.hasHeartbeat) === undefined && now - feed.heardAt > QUIET_AFTER_MS;
  return isQuiet ? "quiet" : "reporting";
}

function toPromise(
  feed: FeedState,
  { rule, state, now }: { rule: FeedRule; state: SourceState; now: number },
): FeedPromise {
  const silentAfterMs = toSilenceMs(rule, feed.hasHeartbeat);
  const silentAt = findSilenceAt(feed, rule);
  return {
    watermark: rule.watermark,
    lagMs: rule.watermark === "arrival" ? rule.lagMs : null,
    silentAfterMs: silentAfterMs ?? null,
    silentAt: silentAt === undefined ? null : toInstant(silentAt),
    calendar: rule.calendar ?? null,
    isExcused: state === "reporting" && silentAfterMs !== undefined && now - feed.heardAt > silentAfterMs,
  };
}
