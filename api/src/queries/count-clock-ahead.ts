import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { CLOCK_AHEAD_CODE } from "@throughline/schemas/rows/quarantine";
import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { TimeRange } from "../contract/figure.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { toStoreTime, whereGiven } from "./conditions.ts";

const MAX_SOURCES = 10_000;

const aheadRow = z.object({ source: z.string(), count: z.int(), first_at: instant, last_at: instant });
export type ClockAheadRow = z.infer<typeof aheadRow>;

/**
 * Per source, how many of its events were refused in a range because they lay too far in the future: also of sources of which
 * nothing was ever accepted. Read without a scope; the caller shows only feeds that the asker sees.
 */
export async function countClockAhead(
  reader: StoreReader,
  { signal }: Asker,
  { source, range, atMs }: { source: string | undefined; range: TimeRange; atMs: number | undefined },
): Promise<ClockAheadRow[]> {
  const where = whereGiven(
    { source: "source = {source: String}", at: "arrived_at <= {at: DateTime64(3, 'UTC')}" },
    { source, at: atMs === undefined ? undefined : toStoreTime(atMs) },
  );
  return reader.ask(
    { scope: EVERYTHING, ...(signal && { signal }) },
    {
      caller: "count-clock-ahead",
      sql: `SELECT source, count() AS count, min(arrived_at) AS first_at, max(arrived_at) AS last_at FROM quarantine
        WHERE code = '${CLOCK_AHEAD_CODE}' AND source != ''
          AND arrived_at >= {from: DateTime64(3, 'UTC')} AND arrived_at < {to: DateTime64(3, 'UTC')} AND ${where.sql}
        GROUP BY source ORDER BY source LIMIT ${MAX_SOURCES}`,
      values: { from: toStoreTime(range.from), to: toStoreTime(range.to), ...where.values },
      row: aheadRow,
    },
  );
}
