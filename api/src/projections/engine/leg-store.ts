import type { ClickHouseClient } from "@clickhouse/client";
import {
  LEG_VERDICT_COLUMNS,
  LEG_VERDICT_SELECT,
  legVerdictRow,
  toTimestamp,
} from "@throughline/schemas/rows/leg-verdicts";
import { legMove } from "@throughline/schemas/leg";
import { z } from "zod";
import type { FlowModel } from "../legs/flow-model.ts";
import { type LegRow, toDatedAt } from "../legs/leg-row.ts";
import { NO_MOVES, fromLegMove, toLegMove } from "../legs/moves.ts";
import { readRows, streamRawRows } from "./read-rows.ts";
import type { Step } from "./steps.ts";

const CHUNK = 2000;
const storedMoves = z.array(legMove);
const KEY = "flow, instance_type, instance_id, leg, occurrence";

/** A row to append; `isRemoved` when the leg is no longer known at all. */
export interface LegChange {
  row: LegRow;
  isRemoved: boolean;
}

/** Appends what a step changed, in one insert whose repetition has no effect. */
export async function insertLegChanges(
  client: ClickHouseClient,
  step: Step,
  { changes, token }: { changes: readonly LegChange[]; token: string },
) {
  if (changes.length === 0) return;
  await client.insert({
    table: "leg_verdicts",
    columns: [...LEG_VERDICT_COLUMNS] as const,
    values: changes.map((change) => toColumns(change, step)),
    format: "JSONCompactEachRow",
    clickhouse_settings: {
      insert_deduplication_token: token,
      deduplicate_blocks_in_dependent_materialized_views: 1,
      input_format_parallel_parsing: 0,
    },
  });
}

/** The current rows of a flow's instances, as they were before a step. */
export async function listCurrentLegs(
  client: ClickHouseClient,
  model: FlowModel,
  query: { instanceIds: readonly string[]; before: number },
): Promise<LegRow[]> {
  const rows: LegRow[] = [];
  for (let start = 0; start < query.instanceIds.length; start += CHUNK) {
    const found = await readRows(client, legVerdictRow, {
      caller: "projector.current",
      sql: `SELECT ${LEG_VERDICT_SELECT} FROM leg_verdicts
        WHERE flow = {flow: String} AND leg IN {legs: Array(String)} AND instance_type = {type: String}
          AND instance_id IN {ids: Array(String)} AND batch < {before: UInt64}
        ORDER BY ${KEY}, batch DESC LIMIT 1 BY ${KEY}`,
      values: {
        flow: model.id,
        legs: model.legs.map(({ id }) => id),
        type: model.anchor,
        ids: query.instanceIds.slice(start, start + CHUNK),
        before: query.before,
      },
    });
    rows.push(...found.filter(isPresent).map(toLegRow));
  }
  return rows;
}

/**
 * The current rows, as they were before a step, that change by themselves: after `from` and up to `until`, and with a
 * watermark where nothing was read before (`from` is undefined). In groups, as they come.
 */
export async function* readWakingLegs(
  client: ClickHouseClient,
  query: { before: number; from: number | undefined; until: number; signal: AbortSignal },
): AsyncGenerator<LegRow[]> {
  const { before, from, until, signal } = query;
  const wakeAt = toMillisColumn("wake_at");
  const reached = `${wakeAt} <= {until: Int64} OR ${toMillisColumn("wake_watermark")} IS NOT NULL`;
  yield* streamLegs(client, {
    caller: "projector.wakes",
    sql: `${selectCurrent()} WHERE is_removed = 0
      AND (${from === undefined ? reached : `${wakeAt} > {from: Int64} AND ${wakeAt} <= {until: Int64}`})`,
    values: { before, until, ...(from !== undefined && { from }) },
    signal,
  });
}

/** The current rows, as they were before a step, that wait for more than a watermark of one of these sources. In groups, as they come. */
export async function* readSourceWaits(
  client: ClickHouseClient,
  query: { before: number; bounds: ReadonlyMap<string, number>; signal: AbortSignal },
): AsyncGenerator<LegRow[]> {
  const { before, bounds, signal } = query;
  const bound = "transform(wake_source, {sources: Array(String)}, {bounds: Array(Int64)}, toInt64(0))";
  yield* streamLegs(client, {
    caller: "projector.source-waits",
    sql: `${selectCurrent()} WHERE is_removed = 0 AND wake_source IN {sources: Array(String)}
      AND ${toMillisColumn("wake_watermark")} > ${bound}`,
    values: { before, sources: [...bounds.keys()], bounds: [...bounds.values()] },
    signal,
  });
}

/** The newest row of each leg before a step. */
function selectCurrent(): string {
  return `SELECT * FROM (
      SELECT ${LEG_VERDICT_SELECT} FROM leg_verdicts WHERE batch < {before: UInt64}
      ORDER BY ${KEY}, batch DESC LIMIT 1 BY ${KEY}
      SETTINGS optimize_read_in_order = 1)`;
}

async function* streamLegs(
  client: ClickHouseClient,
  question: Parameters<typeof streamRawRows>[1],
): AsyncGenerator<LegRow[]> {
  const intern = createInterner();
  for await (const rows of streamRawRows(client, question))
    yield rows.map((row) => intern(toLegRow(legVerdictRow.parse(row))));
}

/** Lets rows share the texts that they have in common; a million rows that each hold their own would not fit. */
function createInterner(): (row: LegRow) => LegRow {
  const known = new Map<string, string>();
  const share = (text: string) => {
    const same = known.get(text);
    if (same !== undefined) return same;
    known.set(text, text);
    return text;
  };
  return (row) => ({
    ...row,
    flow: share(row.flow),
    leg: share(row.leg),
    instanceType: share(row.instanceType),
    calendar: share(row.calendar),
    startLog: share(row.startLog),
    endLog: share(row.endLog),
    site: share(row.site),
    domain: share(row.domain),
    criticality: share(row.criticality),
    supplier: share(row.supplier),
    reason: share(row.reason),
    ruleVersion: share(row.ruleVersion),
  });
}

function toMillisColumn(column: string): string {
  return `\`toUnixTimestamp64Milli(${column})\``;
}

function isPresent(columns: z.infer<typeof legVerdictRow>): boolean {
  return columns[31] === 0;
}

function toColumns({ row, isRemoved }: LegChange, step: Step): unknown[] {
  const { wake } = row;
  return [
    row.flow,
    row.leg,
    row.instanceType,
    row.instanceId,
    row.occurrence,
    step.batch,
    row.verdict,
    toTimestamp(toDatedAt(row)),
    toOptionalTimestamp(row.startedAt),
    toOptionalTimestamp(row.endedAt),
    toOptionalTimestamp(row.dueAt),
    toOptionalTimestamp(row.atRiskAt),
    row.excusedMs,
    row.budgetMs,
    row.calendar,
    row.startLog,
    row.startPosition,
    row.endLog,
    row.endPosition,
    row.site,
    row.domain,
    row.criticality,
    row.supplier,
    row.flags,
    row.reason,
    row.moves.length === 0 ? "" : JSON.stringify(row.moves.map(toLegMove)),
    row.ruleVersion,
    toOptionalTimestamp(wake && "at" in wake ? wake.at : undefined),
    wake && "source" in wake ? wake.source : "",
    toOptionalTimestamp(wake && "source" in wake ? wake.watermark : undefined),
    toTimestamp(step.now),
    isRemoved ? 1 : 0,
  ];
}

function toOptionalTimestamp(timeMs: number | undefined): string | null {
  return timeMs === undefined ? null : toTimestamp(timeMs);
}

function toLegRow(columns: z.infer<typeof legVerdictRow>): LegRow {
  const [wakeAt, wakeSource, wakeWatermark] = [columns[27], columns[28], columns[29]];
  return {
    flow: columns[0],
    leg: columns[1],
    instanceType: columns[2],
    instanceId: columns[3],
    occurrence: columns[4],
    verdict: columns[6],
    startedAt: columns[8] ?? undefined,
    endedAt: columns[9] ?? undefined,
    dueAt: columns[10] ?? undefined,
    atRiskAt: columns[11] ?? undefined,
    excusedMs: columns[12],
    budgetMs: columns[13],
    calendar: columns[14],
    startLog: columns[15],
    startPosition: columns[16],
    endLog: columns[17],
    endPosition: columns[18],
    site: columns[19],
    domain: columns[20],
    criticality: columns[21],
    supplier: columns[22],
    flags: columns[23],
    reason: columns[24],
    moves: columns[25] === "" ? NO_MOVES : storedMoves.parse(JSON.parse(columns[25])).map(fromLegMove),
    ruleVersion: columns[26],
    wake:
      wakeAt !== null
        ? { at: wakeAt }
        : wakeWatermark === null
          ? undefined
          : { source: wakeSource, watermark: wakeWatermark },
  };
}
