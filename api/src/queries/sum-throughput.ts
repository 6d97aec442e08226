import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { TimeRange } from "../contract/figure.ts";
import type { Throughput } from "../contract/overview.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { whereGiven } from "./conditions.ts";
import { ACTIVITY_CONDITIONS, type SourceFilter, toActivityValues } from "./source-filter.ts";

const MINUTE_MS = 60_000;
const STEPS_MS = [1, 5, 15, 60, 360, 1440, 10_080].map((minutes) => minutes * MINUTE_MS);
const MAX_POINTS = 288;

const pointRow = z.object({ at: instant, accepted: z.int(), failed: z.int() });

/** Accepted and failed events in steps, the finest of 1 min to 7 days that gives at most 288 of them. */
export async function sumThroughput(
  reader: StoreReader,
  asker: Asker,
  { range, ...filter }: SourceFilter & { range: TimeRange },
): Promise<Pick<Throughput, "stepMs" | "points">> {
  const where = whereGiven(ACTIVITY_CONDITIONS, toActivityValues({ ...filter, ...range }));
  const lengthMs = Date.parse(range.to) - Date.parse(range.from);
  const stepMs = STEPS_MS.find((step) => lengthMs / step <= MAX_POINTS) ?? 7 * 1440 * MINUTE_MS;
  const points = await reader.ask(asker, {
    caller: "sum-throughput",
    sql: `SELECT toStartOfInterval(minute, toIntervalSecond({step: UInt32})) AS at, sum(accepted) AS accepted, sum(failed) AS failed
      FROM source_activity
      WHERE ${where.sql}
      GROUP BY at
      ORDER BY at
      LIMIT 1000`,
    values: { ...where.values, step: stepMs / 1000 },
    row: pointRow,
  });
  return { stepMs, points };
}
