import { TupleParam } from "@clickhouse/client";
import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { IS_MINUTE_UNSEEN } from "../blindness/shown-verdict.ts";
import { z } from "zod";
import type { Judged } from "../slos/burn.ts";
import type { JudgedStep } from "../slos/burn-series.ts";
import type { Span } from "../slos/windows.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { type Conditions, whereGiven } from "./conditions.ts";
import {
  FILTER_CONDITIONS,
  type LegCountFilter,
  type LegSelection,
  selectNewestLegs,
  type Sql,
  toHourBounds,
} from "./newest-legs.ts";
import { toInstant } from "./time-range.ts";

const MAX_STEPS = 20_000;

/** Which legs an objective is of, as they stand or as the tower knew them at a moment. An empty list means all. */
export type SloFilter = Omit<LegSelection, "verdict" | "range">;

const JUDGED = ["MET", "BREACHED"] as const;

const MINUTE_CONDITIONS: Conditions<keyof LegCountFilter | "from" | "to"> = {
  ...FILTER_CONDITIONS,
  from: "minute >= {from: DateTime('UTC')}",
  to: "minute < {to: DateTime('UTC')}",
};

const sumRow = z.object({ good: z.array(z.int()), bad: z.array(z.int()) });

/**
 * How many legs were judged good and bad in each of some spans of whole minutes, in their order, without those dated in
 * hours in which their feed was silent. Only the last eight days are counted by the minute; as of a moment the verdicts that
 * were known then are counted one by one.
 */
export async function sumJudgedLegs(
  reader: StoreReader,
  asker: Asker,
  { filter, spans }: { filter: SloFilter; spans: readonly Span[] },
): Promise<Judged[]> {
  const [fromMs, toMs] = [Math.min(...spans.map((span) => span.fromMs)), Math.max(...spans.map((span) => span.toMs))];
  const judged = selectJudged(asker, filter, { fromMs, toMs });
  const [row] = await reader.ask(judged.asker, {
    caller: "sum-judged-legs",
    sql: `SELECT sumForEach(arrayMap(span -> if(span.1 <= at AND at < span.2, good, 0), spans)) AS good,
        sumForEach(arrayMap(span -> if(span.1 <= at AND at < span.2, bad, 0), spans)) AS bad
      FROM (
        SELECT toUnixTimestamp(minute) AS at, good, bad, {spans: Array(Tuple(UInt32, UInt32))} AS spans
        FROM ${judged.sql}
      )
      LIMIT 1`,
    values: {
      ...judged.values,
      spans: spans.map((span) => new TupleParam([span.fromMs / 1000, span.toMs / 1000])),
    },
    row: sumRow,
  });
  return spans.map((_, index) => ({ good: row?.good[index] ?? 0, bad: row?.bad[index] ?? 0 }));
}

const stepRow = z.object({ at: z.int(), good: z.int(), bad: z.int() });

/** The same step by step, steps from whole multiples of `stepMs` since 1970 on; steps without any are left out. */
export async function listJudgedSteps(
  reader: StoreReader,
  asker: Asker,
  { filter, span, stepMs }: { filter: SloFilter; span: Span; stepMs: number },
): Promise<JudgedStep[]> {
  const judged = selectJudged(asker, filter, span);
  const rows = await reader.ask(judged.asker, {
    caller: "list-judged-steps",
    sql: `SELECT intDiv(toUnixTimestamp(minute), {step: UInt32}) * {step: UInt32} AS at, sum(good) AS good, sum(bad) AS bad
      FROM ${judged.sql}
      GROUP BY at
      ORDER BY at
      LIMIT ${MAX_STEPS}`,
    values: { ...judged.values, step: stepMs / 1000 },
    row: stepRow,
  });
  return rows.map(({ at, good, bad }) => ({ atMs: at * 1000, good, bad }));
}

/** Rows of `minute`, `good` and `bad` within a span, and who the question is to be asked for. */
function selectJudged(asker: Asker, filter: SloFilter, { fromMs, toMs }: Span): Sql & { asker: Asker } {
  const range = { from: toInstant(fromMs), to: toInstant(toMs) };
  if (filter.asOf === undefined) {
    const where = whereGiven(MINUTE_CONDITIONS, { ...filter, ...toHourBounds(range) });
    return { sql: `leg_minutes WHERE ${where.sql} AND NOT ${IS_MINUTE_UNSEEN}`, values: where.values, asker };
  }
  const selection = { ...filter, range, verdict: JUDGED };
  const newest = selectNewestLegs(["site", "supplier", "verdict", "dated_at"], selection, asker.scope);
  return {
    sql: `(SELECT flow, leg, site, supplier, toStartOfMinute(dated_at) AS minute, verdict = 'MET' AS good, verdict = 'BREACHED' AS bad
      FROM (${newest.sql})) WHERE NOT ${IS_MINUTE_UNSEEN}`,
    values: newest.values,
    asker: { scope: EVERYTHING, ...(asker.signal && { signal: asker.signal }) },
  };
}
