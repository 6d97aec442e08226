import type { ClickHouseClient } from "@clickhouse/client";
import type { Flow, Pack } from "@throughline/schemas/pack/flow";
import { z } from "zod";
import { MIN_LIKE } from "../../forecasts/fit-forecasts.ts";
import { readRows } from "../engine/read-rows.ts";
import { findLeast, type SourceBook } from "../engine/source-book.ts";
import type { FlowModel } from "../legs/flow-model.ts";
import { type ForecastPlan, toPlaceKey } from "./forecast-steps.ts";

/** How far back legs are looked at, by their start. */
const WINDOW_DAYS = 90;
const DAY_MS = 86_400_000;
const RECENT_MS = 3_600_000;
const MAX_LAG_MS = 60_000;

const progressRow = z.tuple([z.number().nullable(), z.number().nullable(), z.number().nullable()]);
const countRow = z.tuple([z.string(), z.number()]);

/** A step after which little or nothing waits to be read. */
export interface CaughtUp {
  /** The last finished step of the slowest shard. */
  ceiling: number;
  /** All that arrived by then is read. */
  readUntil: number;
}

/**
 * How far the projection has come, by where its cursors stand, not by when it worked last; undefined while it has not caught
 * up, since what is not evaluated yet would look late.
 */
export async function findCaughtUpStep(client: ClickHouseClient, now: number): Promise<CaughtUp | undefined> {
  const [row] = await readRows(client, progressRow, {
    caller: "forecasts.progress",
    sql: `WITH (
          SELECT (minOrNull(batch), minOrNull(JSONExtractInt(body, 'readUntil')),
            groupArray(JSONExtract(body, 'cursors', 'Map(String, Tuple(batch UInt64, nextPosition UInt64))')))
          FROM projection_steps
          WHERE projector = 'legs' AND phase = 'commit' AND (shard, batch) IN (
            SELECT shard, max(batch) FROM projection_steps WHERE projector = 'legs' AND phase = 'commit' GROUP BY shard)
        ) AS done
      SELECT done.1, done.2, toUnixTimestamp64Milli(minOrNullIf(committed_at,
        events > 0 AND last_position >= arrayMin(arrayMap(cursors -> cursors[log].2, done.3))))
      FROM commits LIMIT 1`,
  });
  const [ceiling, readUntil, waitingSince] = row ?? [null, null, null];
  if (ceiling === null) return undefined;
  if (waitingSince === null) return { ceiling, readUntil: now };
  const isBehind = now - waitingSince > MAX_LAG_MS || readUntil === null || readUntil === 0;
  return isBehind ? undefined : { ceiling, readUntil: Math.min(now, readUntil) };
}

/**
 * The flows of which there is something to learn: legs enough that were decided, and one of the last hour, so that an
 * import that is still running up to the present is not taken for the present.
 */
export async function listLearnableFlows(client: ClickHouseClient, now: number): Promise<string[]> {
  const rows = await readRows(client, countRow, {
    caller: "forecasts.flows",
    sql: `SELECT flow, max(decided) FROM (
        SELECT flow, leg, sumIf(legs, verdict IN ('MET', 'BREACHED')) AS decided,
          sumIf(legs, hour >= toStartOfHour(fromUnixTimestamp64Milli({recent: Int64}))) AS recent
        FROM leg_rollups
        WHERE hour >= fromUnixTimestamp64Milli({since: Int64}) AND hour <= fromUnixTimestamp64Milli({now: Int64})
        GROUP BY flow, leg
      ) GROUP BY flow HAVING max(decided) >= ${MIN_LIKE} AND sum(recent) > 0 LIMIT 10000`,
    values: { now, recent: now - RECENT_MS, since: now - WINDOW_DAYS * DAY_MS },
  });
  return rows.map(([flow]) => flow);
}

/** What the curves of a flow are made of when they are frozen now. */
export function planForecast(
  { pack, flow, model }: { pack: Pack; flow: Flow; model: FlowModel },
  at: { now: number; caughtUp: CaughtUp; sources: SourceBook },
): ForecastPlan {
  const { now, caughtUp, sources } = at;
  const legs = flow.legs.map((leg) => {
    const named = leg.targets.flatMap(({ calendar }) => calendar ?? []);
    return {
      id: leg.id,
      ...listUntils({ model, milestone: leg.to }, { readUntil: caughtUp.readUntil, sources }),
      zone: findZone(pack, named),
      calendars: [...new Set(["", ...named])],
    };
  });
  return {
    frozenAt: now,
    ceiling: caughtUp.ceiling,
    since: now - WINDOW_DAYS * DAY_MS,
    legs: Object.fromEntries(legs.map(({ id, ...leg }) => [id, leg])),
  };
}

/** Up to when a milestone is complete: in general, for the sites where that differs, and there for the suppliers. */
function listUntils(
  { model, milestone }: { model: FlowModel; milestone: string },
  { readUntil, sources }: { readUntil: number; sources: SourceBook },
): Pick<ForecastPlan["legs"][string], "until" | "sites" | "places"> {
  const findUntil = (site: string, supplier: string) => {
    const carriers = sources.listCarriers(model, milestone, { site, supplier });
    const each = carriers.map((source) => sources.findWatermark(source, readUntil));
    return findLeast(each, readUntil).at;
  };
  const known = sources.listPlaces(model, milestone);
  const sites = known.sites.map((site) => [site, findUntil(site, "")] as const);
  const places = sites.flatMap(([site, until]) =>
    known.suppliers
      .map((supplier) => [toPlaceKey({ site, supplier }), findUntil(site, supplier)] as const)
      .filter(([, own]) => own !== until),
  );
  return { until: findUntil("", ""), sites: Object.fromEntries(sites), places: Object.fromEntries(places) };
}

/** Where the clock hangs by which a leg's hours are told: that of its own calendar, else of any, else UTC. */
function findZone(pack: Pack, named: readonly string[]): string {
  const [any] = pack.calendars.values();
  return pack.calendars.get(named[0] ?? "")?.zone ?? any?.zone ?? "UTC";
}
