import { z } from "zod";
import type { FeedPromise, Source, SourceState } from "../contract/source.ts";
import { type FeedRule, toSilenceMs } from "../projections/feeds/feed-rule.ts";
import { type FeedState, findSilenceAt, toWatermark, UNHEARD } from "../projections/feeds/feed-state.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { toStoreTime, whereGiven } from "./conditions.ts";
import { assertFeedsKnown } from "./find-feed-history.ts";
import { findReadUntil } from "./find-read-until.ts";
import { listBlindTimes, type SilentTime } from "./list-blind-times.ts";
import { listFeedStates, listFeedStatesAt } from "./list-feed-states.ts";
import {
  listSourceSigns,
  listSourceStates,
  listSourceTypes,
  type SourceSignRow,
  type SourceStateRow,
} from "./list-source-states.ts";
import { ACTIVITY_CONDITIONS, type SourceFilter, toActivityValues } from "./source-filter.ts";
import { endAt, toInstant } from "./time-range.ts";

const MINUTE_MS = 60_000;

/** Most feeds that are told apart. */
const MAX_SOURCES = 10_000;

/** A feed that promised no sign of life and has sent nothing for this long is quiet. */
const QUIET_AFTER_MS = 15 * MINUTE_MS;

const ALL_TIME = { from: "1970-01-01T00:00:00.000Z", to: "2100-01-01T00:00:00.000Z" };

const counts = { accepted: z.int(), duplicates: z.int(), superseded: z.int(), conflicts: z.int(), failed: z.int() };
const activityRow = z.object({ source: z.string(), ...counts });
const NOTHING = { accepted: 0, duplicates: 0, superseded: 0, conflicts: 0, failed: 0 };

/** `isThen`: `now` is an earlier moment, and the feeds are as they were known then. */
export interface SourceQuestion {
  filter: SourceFilter;
  ruleOf: (source: string) => FeedRule;
  now: number;
  isThen?: boolean;
}

/**
 * All feeds by name, as they stand at `now`, with what they sent in the filter's range. As of a moment their silence is what
 * was known then; how far they had come is kept by the minute, and is that of the last whole minute up to then. None is
 * complete beyond what evaluation has read. Throws `invalid_request` where that is not known.
 */
export async function listSources(reader: StoreReader, asker: Asker, question: SourceQuestion): Promise<Source[]> {
  const { filter, ruleOf, isThen = false } = question;
  const now = isThen ? toMinute(question.now) : question.now;
  const atMs = isThen ? question.now : undefined;
  if (isThen) await assertFeedsKnown(reader, asker, now);
  const [states, types, signs, feeds, activity, readUntil = now] = await Promise.all([
    listSourceStates(reader, asker, { filter, atMs }),
    listSourceTypes(reader, asker, { filter, atMs }),
    listSourceSigns(reader, asker, atMs),
    isThen ? listFeedsThen(reader, asker, question.now) : listFeedStates(reader, asker),
    sumActivity(reader, asker, isThen ? endFilterAt(filter, question.now) : filter),
    findReadUntil(reader, asker, { now, isThen }),
  ]);
  const signOf = new Map(signs.map((row) => [row.source, row]));
  const sentBy = new Map(activity.map(({ source, ...sums }) => [source, sums]));
  return states.map((row) => {
    const { source } = row;
    const sign = signOf.get(source);
    const feed = feeds.get(source) ?? toFeedState(row, sign);
    const sums = sentBy.get(source) ?? NOTHING;
    return toSource({ row, types: types.get(source) ?? [], sign, feed, sums, rule: ruleOf(source), now, readUntil });
  });
}

/**
 * How feeds stood at a moment. What was known of their silence then decides, also within a minute: who was not silent any
 * more had been heard of since.
 */
async function listFeedsThen(reader: StoreReader, asker: Asker, atMs: number): Promise<Map<string, FeedState>> {
  const [states, silent] = await Promise.all([
    listFeedStatesAt(reader, asker, atMs),
    listBlindTimes(reader, asker, { asOf: toStoreTime(atMs), isOpen: true }),
  ]);
  const blindOf = new Map(silent.map((time) => [time.source, time]));
  return new Map([...states].map(([source, state]) => [source, toStateThen(state, blindOf.get(source), atMs)]));
}

function toStateThen(state: FeedState, silent: SilentTime | undefined, atMs: number): FeedState {
  if (silent !== undefined)
    return { ...state, heardAt: silent.silentSince, blind: { since: silent.silentSince, from: silent.from } };
  if (state.blind === undefined) return state;
  return { ...state, heardAt: Math.max(state.heardAt, toMinute(atMs)), blind: undefined };
}

function toMinute(atMs: number): number {
  return Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
}

function endFilterAt(filter: SourceFilter, atMs: number): SourceFilter {
  const { from = ALL_TIME.from, to = ALL_TIME.to } = filter;
  return { ...filter, ...endAt({ from, to }, atMs) };
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
  row: SourceStateRow;
  types: readonly string[];
  sign: SourceSignRow | undefined;
  feed: FeedState;
  sums: typeof NOTHING;
  rule: FeedRule;
  now: number;
  readUntil: number;
}): Source {
  const { row, sign, feed, rule, now, readUntil } = of;
  const state = toState(feed, rule, now);
  const completeTo = toWatermark(row.source, feed, { rule, now: Math.min(now, readUntil) }).at;
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
    types: of.types.toSorted(),
    ...of.sums,
  };
}

/** What the signs of a feed say of it, before evaluation has got as far. */
function toFeedState(row: SourceStateRow, sign: SourceSignRow | undefined): FeedState {
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
