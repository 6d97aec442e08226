import { TupleParam } from "@clickhouse/client";
import { IS_MINUTE_UNSEEN } from "../blindness/shown-verdict.ts";
import { z } from "zod";
import type { Judged } from "../slos/burn.ts";
import type { JudgedStep } from "../slos/burn-series.ts";
import type { Span } from "../slos/windows.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { whereGiven } from "./conditions.ts";
import { FILTER_CONDITIONS, type LegCountFilter, toHourBounds } from "./newest-legs.ts";
import { toInstant } from "./time-range.ts";

const MAX_STEPS = 20_000;

/** Which legs an objective is of. An empty list means all. */
export type SloFilter = Omit<LegCountFilter, "verdict">;

const IN_RANGE = `minute >= {from: DateTime('UTC')} AND minute < {to: DateTime('UTC')} AND NOT ${IS_MINUTE_UNSEEN}`;

const sumRow = z.object({ good: z.array(z.int()), bad: z.array(z.int()) });

/**
 * How many legs were judged good and bad in each of some spans of whole minutes, in their order, without those dated in
 * hours in which their feed was silent. Only the last eight days are kept by the minute.
 */
export async function sumJudgedLegs(
  reader: StoreReader,
  asker: Asker,
  { filter, spans }: { filter: SloFilter; spans: readonly Span[] },
): Promise<Judged[]> {
  const where = whereGiven(FILTER_CONDITIONS, filter);
  const [fromMs, toMs] = [Math.min(...spans.map((span) => span.fromMs)), Math.max(...spans.map((span) => span.toMs))];
  const [row] = await reader.ask(asker, {
    caller: "sum-judged-legs",
    sql: `SELECT sumForEach(arrayMap(span -> if(span.1 <= at AND at < span.2, good, 0), spans)) AS good,
        sumForEach(arrayMap(span -> if(span.1 <= at AND at < span.2, bad, 0), spans)) AS bad
      FROM (
        SELECT toUnixTimestamp(minute) AS at, good, bad, {spans: Array(Tuple(UInt32, UInt32))} AS spans
        FROM leg_minutes
        WHERE ${where.sql} AND ${IN_RANGE}
      )
      LIMIT 1`,
    values: {
      ...where.values,
      ...toRangeValues({ fromMs, toMs }),
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
  const where = whereGiven(FILTER_CONDITIONS, filter);
  const rows = await reader.ask(asker, {
    caller: "list-judged-steps",
    sql: `SELECT intDiv(toUnixTimestamp(minute), {step: UInt32}) * {step: UInt32} AS at, sum(good) AS good, sum(bad) AS bad
      FROM leg_minutes
      WHERE ${where.sql} AND ${IN_RANGE}
      GROUP BY at
      ORDER BY at
      LIMIT ${MAX_STEPS}`,
    values: { ...where.values, ...toRangeValues(span), step: stepMs / 1000 },
    row: stepRow,
  });
  return rows.map(({ at, good, bad }) => ({ atMs: at * 1000, good, bad }));
}

function toRangeValues({ fromMs, toMs }: Span): { from: string; to: string } {
  return toHourBounds({ from: toInstant(fromMs), to: toInstant(toMs) });
}
