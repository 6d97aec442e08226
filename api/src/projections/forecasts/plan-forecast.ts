import type { ClickHouseClient } from "@clickhouse/client";
import type { Flow, Pack } from "@throughline/schemas/pack/flow";
import { z } from "zod";
import { MIN_LIKE } from "../../forecasts/fit-forecasts.ts";
import { readRows } from "../engine/read-rows.ts";
import type { SourceBook } from "../engine/source-book.ts";
import type { FlowModel } from "../legs/flow-model.ts";
import type { ForecastPlan } from "./forecast-steps.ts";

/** How far back legs are looked at, by their start. */
const WINDOW_DAYS = 90;
const DAY_MS = 86_400_000;
const RECENT_MS = 3_600_000;
const MAX_LAG_MS = 60_000;

const progressRow = z.tuple([z.number().nullable(), z.number().nullable(), z.number().nullable()]);
const countRow = z.tuple([z.string(), z.number()]);

/**
 * The last finished step of the slowest shard; undefined while the projection has not caught up, since what is not
 * evaluated yet would look late.
 */
export async function findCaughtUpStep(client: ClickHouseClient, now: number): Promise<number | undefined> {
  const [row] = await readRows(client, progressRow, {
    caller: "forecasts.progress",
    sql: `WITH (SELECT (minOrNull(last), minOrNull(at)) FROM (
          SELECT max(batch) AS last, max(now) AS at FROM projection_steps
          WHERE projector = 'legs' AND phase = 'commit' GROUP BY shard
        )) AS done
      SELECT done.1, toUnixTimestamp64Milli(done.2),
        toUnixTimestamp64Milli(minOrNullIf(committed_at, committed_at > assumeNotNull(done.2)))
      FROM commits LIMIT 1`,
  });
  const [ceiling, doneAt, waitingSince] = row ?? [null, null, null];
  if (ceiling === null || doneAt === null) return undefined;
  return waitingSince !== null && now - waitingSince > MAX_LAG_MS ? undefined : ceiling;
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
  at: { now: number; ceiling: number; sources: SourceBook },
): ForecastPlan {
  const { now, ceiling, sources } = at;
  const legs = flow.legs.map((leg) => {
    const named = leg.targets.flatMap(({ calendar }) => calendar ?? []);
    const findUntil = (site: string | undefined) => sources.watermarkOf(model, leg.to, { site, now }).at;
    const sites = Object.fromEntries(sources.listSites(model, leg.to).map((site) => [site, findUntil(site)]));
    return {
      id: leg.id,
      until: findUntil(undefined),
      sites,
      zone: findZone(pack, named),
      calendars: [...new Set(["", ...named])],
    };
  });
  return {
    frozenAt: now,
    ceiling,
    since: now - WINDOW_DAYS * DAY_MS,
    legs: Object.fromEntries(legs.map(({ id, ...leg }) => [id, leg])),
  };
}

/** Where the clock hangs by which a leg's hours are told: that of its own calendar, else of any, else UTC. */
function findZone(pack: Pack, named: readonly string[]): string {
  const [any] = pack.calendars.values();
  return pack.calendars.get(named[0] ?? "")?.zone ?? any?.zone ?? "UTC";
}
