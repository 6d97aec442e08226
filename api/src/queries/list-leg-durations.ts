import type { WorkingTime } from "@throughline/schemas/calendar/working-time";
import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { z } from "zod";
import type { TimeRange } from "../contract/figure.ts";
import type { DurationBin, DurationKind, LegDurations } from "../contract/flow-durations.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { toElapsedSql } from "./elapsed.ts";
import { type LegSelection, selectNewestLegs } from "./newest-legs.ts";

const TIMEOUT_SECONDS = 15;
export const MAX_DURATIONS = 1000;
const MOST_BUDGETS = 5;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Where bins begin: steps that a person would name, each some 15 to 50 per cent longer than the one before. */
export const BIN_EDGES_MS: readonly number[] = [
  0,
  ...[1, 2, 5, 10, 15, 20, 30, 45].map((count) => count * SECOND),
  ...[1, 1.5, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50].map((count) => count * MINUTE),
  ...[1, 1.25, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 10, 12, 14, 16, 18, 20].map((count) => count * HOUR),
  ...[1, 1.25, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 10, 14, 21, 30, 45, 60, 90, 180, 365].map((count) => count * DAY),
];

const counts = z.tuple([z.array(z.int()), z.array(z.int())]);

const durationRow = z.object({
  leg: z.string(),
  of: z.string(),
  ended: z.int(),
  running: z.int(),
  ranks: z.tuple([z.int(), z.int(), z.int()]),
  longest: z.int(),
  met: counts,
  late: counts,
  budgets: counts,
});

export interface DurationsQuestion extends LegSelection {
  range: TimeRange;
  by?: DurationKind | undefined;
  workingTimes: ReadonlyMap<string, WorkingTime>;
}

/**
 * How long the legs of a flow took that are dated in the range, by leg, and by supplier or site where that is asked:
 * percentiles by nearest rank, bins and budgets. Those with the most legs come first; at most a thousand.
 */
export async function listLegDurations(
  reader: StoreReader,
  asker: Asker,
  { workingTimes, by, ...selection }: DurationsQuestion,
): Promise<LegDurations[]> {
  const elapsed = toElapsedSql(workingTimes, selection.range);
  const newest = selectNewestLegs(
    ["verdict", "started_at", "ended_at", "excused_ms", "budget_ms", "calendar", ...(by === undefined ? [] : [by])],
    { ...selection, verdict: ["MET", "BREACHED", "OVERDUE_PROVISIONAL", "OPEN", "AT_RISK", "PAUSED", "UNKNOWN"] },
    asker.scope,
  );
  const rows = await reader.ask(
    { scope: EVERYTHING, ...(asker.signal && { signal: asker.signal }) },
    {
      caller: "list-leg-durations",
      sql: `SELECT leg, of, countIf(has_ended) AS ended, countIf(isNull(ended_at)) AS running,
          quantilesExactWeightedIf(0.5, 0.9, 0.95)(took, 1, has_ended) AS ranks, maxIf(took, has_ended) AS longest,
          sumMapIf([bin], [1], has_ended AND verdict = 'MET') AS met,
          sumMapIf([bin], [1], has_ended AND verdict != 'MET') AS late,
          sumMap([toInt64(budget_ms)], [1]) AS budgets
        FROM (
          SELECT leg, ${by ?? "''"} AS of, verdict, ended_at, budget_ms, isNotNull(started_at) AND isNotNull(ended_at) AS has_ended,
            if(has_ended, ${elapsed.sql}, 0) AS took, roundDown(took, {edges: Array(Int64)}) AS bin
          FROM (${newest.sql})
        )
        GROUP BY leg, of
        ORDER BY count() DESC, leg, of
        LIMIT ${MAX_DURATIONS}`,
      values: { ...newest.values, ...elapsed.values, edges: BIN_EDGES_MS },
      row: durationRow,
      timeoutSeconds: TIMEOUT_SECONDS,
    },
  );
  return rows.map((row) => ({ ...toDurations(row), of: by === undefined ? null : row.of }));
}

function toDurations(row: z.infer<typeof durationRow>): Omit<LegDurations, "of"> {
  const [p50Ms, p90Ms, p95Ms] = row.ranks;
  const whenAny = (ms: number) => (row.ended === 0 ? null : ms);
  return {
    leg: row.leg,
    ended: row.ended,
    running: row.running,
    p50Ms: whenAny(p50Ms),
    p90Ms: whenAny(p90Ms),
    p95Ms: whenAny(p95Ms),
    maxMs: whenAny(row.longest),
    bins: toBins(row),
    budgets: toEntries(row.budgets)
      .toSorted((a, b) => b.count - a.count || a.key - b.key)
      .slice(0, MOST_BUDGETS)
      .map(({ key, count }) => ({ budgetMs: key, legs: count })),
  };
}

function toBins(row: z.infer<typeof durationRow>): DurationBin[] {
  const [met, late] = [toEntries(row.met), toEntries(row.late)];
  const [usual] = toEntries(row.budgets).toSorted((a, b) => b.count - a.count || a.key - b.key);
  const held = [...met, ...late].map(({ key }) => key);
  if (held.length === 0) return [];
  const last = Math.max(...held, BIN_EDGES_MS.findLast((edge) => edge <= (usual?.key ?? 0)) ?? 0);
  const starts = BIN_EDGES_MS.filter((edge) => edge >= Math.min(...held) && edge <= last);
  const countOf = (entries: ReturnType<typeof toEntries>, fromMs: number) =>
    entries.find(({ key }) => key === fromMs)?.count ?? 0;
  return starts.map((fromMs) => ({
    fromMs,
    toMs: BIN_EDGES_MS.find((edge) => edge > fromMs) ?? null,
    met: countOf(met, fromMs),
    late: countOf(late, fromMs),
  }));
}

function toEntries([keys, values]: z.infer<typeof counts>) {
  return keys.map((key, index) => ({ key, count: values[index] ?? 0 }));
}
