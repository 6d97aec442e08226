import type { ClickHouseClient } from "@clickhouse/client";
import { HEARTBEAT_TYPE } from "@throughline/schemas/event";
import { toTimestamp } from "@throughline/schemas/rows/leg-verdicts";
import type { Fact } from "../fact.ts";
import type { Standing } from "./contests.ts";
import { toMinuteEnd } from "./feed-rows.ts";
import type { ArrivedFact } from "./read-facts.ts";
import type { Step } from "./steps.ts";
import { isFeedType, readInstant } from "../feeds/observe-feed.ts";

const MINUTE_MS = 60_000;

interface Activity {
  accepted: number;
  duplicates: number;
  superseded: number;
  conflicts: number;
  failed: number;
}

interface State {
  firstEventAt: number;
  lastEventAt: number;
  lastArrivedAt: number;
  lastHeartbeatAt: number | undefined;
  watermarkAt: number | undefined;
  lastSequence: number;
  isComplete: boolean;
  types: Set<string>;
}

/** Stores what arrived from each source in a step: counts by minute of arrival, and how far each source has come. */
export async function insertSourceRows(
  client: ClickHouseClient,
  arrivals: readonly ArrivedFact[],
  options: { step: Step; standings: ReadonlyMap<Fact, Standing>; token: string },
) {
  if (arrivals.length === 0) return;
  const insert = (table: string, values: object[]) =>
    client.insert({
      table,
      values,
      format: "JSONEachRow",
      clickhouse_settings: {
        insert_deduplication_token: `${options.token}:${table}`,
        input_format_parallel_parsing: 0,
      },
    });
  const states = toStateRows(arrivals);
  const until = toMinuteEnd(options.step.now);
  await Promise.all([
    insert("source_activity", toActivityRows(arrivals, options.standings)),
    insert("source_states", states),
    insert(
      "source_history",
      states.map(({ types: _types, ...row }) => ({ ...row, until })),
    ),
  ]);
}

function toActivityRows(arrivals: readonly ArrivedFact[], standings: ReadonlyMap<Fact, Standing>): object[] {
  const rows = new Map<string, { key: object; activity: Activity }>();
  for (const { fact } of arrivals) {
    const minute = Math.floor(fact.arrivedAt / MINUTE_MS) * 60;
    const id = [fact.source, fact.site, fact.domain, minute].join("\u0000");
    const row = rows.get(id) ?? {
      key: { source: fact.source, site: fact.site, domain: fact.domain, minute },
      activity: { accepted: 0, duplicates: 0, superseded: 0, conflicts: 0, failed: 0 },
    };
    rows.set(id, row);
    count(row.activity, fact, standings.get(fact) ?? "new");
  }
  return [...rows.values()].map(({ key, activity }) => ({ ...key, ...activity }));
}

function count(activity: Activity, fact: Fact, standing: Standing) {
  if (standing === "duplicate") {
    activity.duplicates += 1;
    return;
  }
  activity.accepted += 1;
  if (standing === "superseding") activity.superseded += 1;
  if (standing === "conflicting") activity.conflicts += 1;
  if (fact.outcome === "failed" || fact.outcome === "rejected") activity.failed += 1;
}

function toStateRows(arrivals: readonly ArrivedFact[]) {
  const rows = new Map<string, { key: object; state: State }>();
  for (const { fact } of arrivals) {
    const id = [fact.source, fact.site, fact.domain].join("\u0000");
    const row = rows.get(id) ?? {
      key: { source: fact.source, site: fact.site, domain: fact.domain },
      state: createState(fact),
    };
    rows.set(id, row);
    extend(row.state, fact);
  }
  return [...rows.values()].map(({ key, state }) => ({
    ...key,
    first_event_at: toTimestamp(state.firstEventAt),
    last_event_at: toTimestamp(state.lastEventAt),
    last_arrived_at: toTimestamp(state.lastArrivedAt),
    last_heartbeat_at: state.lastHeartbeatAt === undefined ? null : toTimestamp(state.lastHeartbeatAt),
    watermark_at: state.watermarkAt === undefined ? null : toTimestamp(state.watermarkAt),
    last_sequence: state.lastSequence,
    is_complete: state.isComplete ? 1 : 0,
    types: [...state.types],
  }));
}

function createState(fact: Fact): State {
  return {
    firstEventAt: fact.time,
    lastEventAt: fact.time,
    lastArrivedAt: fact.arrivedAt,
    lastHeartbeatAt: undefined,
    watermarkAt: undefined,
    lastSequence: -1,
    isComplete: false,
    types: new Set(),
  };
}

function extend(state: State, fact: ArrivedFact["fact"]) {
  state.firstEventAt = Math.min(state.firstEventAt, fact.time);
  state.lastArrivedAt = Math.max(state.lastArrivedAt, fact.arrivedAt);
  state.lastSequence = Math.max(state.lastSequence, fact.sequence);
  if (!isFeedType(fact.type)) {
    state.lastEventAt = Math.max(state.lastEventAt, fact.time);
    state.types.add(fact.type);
    return;
  }
  const said = readInstant(fact.attributes["watermark"]);
  if (said !== undefined) state.watermarkAt = Math.max(state.watermarkAt ?? 0, Math.min(said, fact.arrivedAt));
  if (fact.type !== HEARTBEAT_TYPE) return;
  state.lastHeartbeatAt = Math.max(state.lastHeartbeatAt ?? 0, fact.arrivedAt);
  state.isComplete ||= fact.attributes["complete"] === true;
}
