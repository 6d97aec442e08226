import type { InterfaceDefinition } from "@throughline/schemas/pack/interface";
import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { TimeRange } from "../contract/figure.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { toStoreSecond } from "./conditions.ts";
import { toEventTraffic, toSpanTraffic, type TrafficMoment, type TrafficTable } from "./traffic-then.ts";

type Traffic = InterfaceDefinition["traffic"];

const MAX_HOURS = 10_000;

const eventHourRow = z.object({ at: instant, events: z.int() });
const callHourRow = z.object({
  at: instant,
  calls: z.int(),
  failed: z.int(),
  refused: z.int(),
  throttled: z.int(),
  headroom: z.int().nullable(),
});

export interface TrafficHours {
  events: z.infer<typeof eventHourRow>[];
  calls: z.infer<typeof callHourRow>[];
}

const COLUMNS = { sources: "source", types: "type", services: "service", peers: "peer", routes: "route" } as const;

/** The events and calls of one interface, hour by hour, as known at a moment if one is given; hours without any are left out. */
export async function listTrafficHours(
  reader: StoreReader,
  asker: Asker,
  { traffic, range, moment }: { traffic: Traffic; range: TimeRange; moment?: TrafficMoment | undefined },
): Promise<TrafficHours> {
  const bounds = { from: toStoreSecond(range.from), to: toStoreSecond(range.to) };
  const ofEvents = toConditions(traffic, ["sources", "types"]);
  const ofSpans = toConditions(traffic, ["services", "peers", "routes"]);
  const [events, calls] = await Promise.all([
    ofEvents && listEventHours(reader, asker, { ...ofEvents, bounds, table: toEventTraffic(moment) }),
    ofSpans && listCallHours(reader, asker, { ...ofSpans, bounds, table: toSpanTraffic(moment) }),
  ]);
  return { events: events ?? [], calls: calls ?? [] };
}

interface Where {
  sql: string;
  values: Record<string, unknown>;
  bounds: { from: string; to: string };
  table: TrafficTable;
}

function listEventHours(reader: StoreReader, asker: Asker, { sql, values, bounds, table }: Where) {
  return reader.ask(asker, {
    caller: "list-event-hours",
    sql: `SELECT hour AS at, sum(own) AS events
      FROM (
        SELECT hour, uniqMerge(hourly.events) AS own
        FROM ${table.sql} AS hourly
        WHERE hour >= {from: DateTime('UTC')} AND hour < {to: DateTime('UTC')} AND ${sql}
        GROUP BY hour, source, type, site, domain, dataschema_version, attribute_version
      )
      GROUP BY hour ORDER BY hour LIMIT ${MAX_HOURS}`,
    values: { ...values, ...bounds, ...table.values },
    row: eventHourRow,
  });
}

function listCallHours(reader: StoreReader, asker: Asker, { sql, values, bounds, table }: Where) {
  return reader.ask(asker, {
    caller: "list-call-hours",
    sql: `SELECT hour AS at, sum(own) AS calls, sumIf(own, status >= 400) AS failed, sumIf(own, status IN (401, 403)) AS refused,
        sumIf(own, status = 429 OR (status = 503 AND isNotNull(retry_after_s))) AS throttled, min(headroom_permille) AS headroom
      FROM (
        SELECT hour, status, uniqMerge(hourly.calls) AS own, min(least_headroom_permille) AS headroom_permille,
          max(longest_retry_after_s) AS retry_after_s
        FROM ${table.sql} AS hourly
        WHERE hour >= {from: DateTime('UTC')} AND hour < {to: DateTime('UTC')} AND ${sql}
        GROUP BY hour, service, kind, peer, route, client, version_in, version, status, site, domain
      )
      GROUP BY hour ORDER BY hour LIMIT ${MAX_HOURS}`,
    values: { ...values, ...bounds, ...table.values },
    row: callHourRow,
  });
}

/** The conditions that a row belongs to the interface; none where it has no traffic of this kind. */
function toConditions(traffic: Traffic, keys: readonly (keyof typeof COLUMNS)[]) {
  const given = keys.flatMap((key) => {
    const patterns = traffic[key];
    return patterns === undefined ? [] : [{ key, patterns }];
  });
  if (given.length === 0) return undefined;
  return {
    sql: given
      .map(
        ({ key }) =>
          `(${COLUMNS[key]} IN {${key}: Array(String)} OR arrayExists(start -> startsWith(${COLUMNS[key]}, start), {${key}Starts: Array(String)}))`,
      )
      .join(" AND "),
    values: Object.fromEntries(
      given.flatMap(({ key, patterns }): [string, string[]][] => [
        [key, patterns.filter((pattern) => !pattern.endsWith("*"))],
        [`${key}Starts`, patterns.filter((pattern) => pattern.endsWith("*")).map((pattern) => pattern.slice(0, -1))],
      ]),
    ),
  };
}
