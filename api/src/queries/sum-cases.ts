import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";

const TIMEOUT_SECONDS = 60;

const row = z.object({
  window: z.int(),
  reason: z.string(),
  cases: z.int(),
  n: z.int(),
  numerator: z.string(),
  denominator: z.string(),
  median: z.number().nullable(),
  p90: z.number().nullable(),
});

/**
 * What the cases of a figure add up to in the window of this number, or, below 0, those that have not come to their end; `reason`
 * is empty of those that count. `n`: how many there are by key; `cases`: with each as often as it stands in the window.
 */
export type CaseSum = z.infer<typeof row>;

export interface CasesQuestion {
  caller: string;
  /**
   * A query of the cases: `at` (ms since 1970), `key`, `part`, `whole`, `reason` and `is_open`. It may use `froms` and `tos`, the
   * bounds of the windows.
   */
  sql: string;
  values: Record<string, unknown>;
}

interface CasesWindows {
  windows: readonly { from: number; to: number }[];
  /** Lengths of time, of which the median and the 90th percentile by nearest rank are wanted. */
  isSpread: boolean;
}

/** Adds cases up where they are, however many there are. */
export async function sumCases(
  reader: StoreReader,
  asker: Asker,
  { caller, sql, values, windows, isSpread }: CasesQuestion & CasesWindows,
): Promise<CaseSum[]> {
  const rank = (percent: number) =>
    isSpread ? `if(empty(lengths), NULL, lengths[intDiv(${percent} * length(lengths) + 99, 100)])` : "NULL";
  return reader.ask(asker, {
    caller,
    sql: `WITH {froms: Array(Int64)} AS froms, {tos: Array(Int64)} AS tos
      SELECT window, reason, count() AS cases, uniqExact(key) AS n, toString(sum(part)) AS numerator, toString(sum(whole)) AS denominator,
        ${isSpread ? "arraySort(groupArray(part))" : "emptyArrayInt64()"} AS lengths, ${rank(50)} AS median, ${rank(90)} AS p90
      FROM (
        SELECT key, part, whole, reason, arrayJoin(if(is_open = 1, [toInt32(-1)],
          arrayFilter(number -> at >= froms[number + 1] AND at < tos[number + 1], arrayMap(i -> toInt32(i - 1), arrayEnumerate(froms))))) AS window
        FROM (${sql}))
      GROUP BY window, reason
      ORDER BY window, reason
      LIMIT 1000`,
    values: { ...values, froms: windows.map(({ from }) => from), tos: windows.map(({ to }) => to) },
    row,
    timeoutSeconds: TIMEOUT_SECONDS,
  });
}
