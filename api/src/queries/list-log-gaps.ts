import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { toStoreTime, whereGiven } from "./conditions.ts";

const MAX_LOGS = 100;

/** Batches may become visible in another order for this long before what lies between them counts as missing. */
const PATIENCE_MS = 60_000;

const gapRow = z.object({ log: z.string(), first: z.int(), last: z.int(), noticed_at: instant });
export type LogGapRow = z.infer<typeof gapRow>;

/**
 * Per log of a gateway, the positions that never reached the store although later ones did: evaluation waits before them,
 * and so does every feed that counts as complete by the clock. As of a moment (`isThen`): as it was known then. Read without a
 * scope, since it tells of no site and concerns them all.
 */
export async function listLogGaps(
  reader: StoreReader,
  { signal }: Asker,
  { now, isThen }: { now: number; isThen: boolean },
): Promise<LogGapRow[]> {
  const until = isThen ? toStoreTime(now) : undefined;
  const evaluated = whereGiven({ until: "now <= {until: DateTime64(3, 'UTC')}" }, { until });
  const stored = whereGiven({ until: "committed_at <= {until: DateTime64(3, 'UTC')}" }, { until });
  return reader.ask(
    { scope: EVERYTHING, ...(signal && { signal }) },
    {
      caller: "list-log-gaps",
      sql: `WITH (
          SELECT groupArray(JSONExtract(body, 'cursors', 'Map(String, Tuple(batch UInt64, nextPosition UInt64))'))
          FROM projection_steps
          WHERE projector = 'legs' AND phase = 'commit' AND (shard, batch) IN (
            SELECT shard, max(batch) FROM projection_steps
            WHERE projector = 'legs' AND phase = 'commit' AND ${evaluated.sql} GROUP BY shard
          )
        ) AS done
        SELECT log, max(next) AS first, toInt64(min(first_position)) - 1 AS last, min(committed_at) AS noticed_at
        FROM (
          SELECT log, first_position, committed_at,
            toInt64(greatest(1, arrayMin(arrayMap(cursors -> cursors[log].2, done)))) AS next
          FROM commits WHERE ${stored.sql}
        )
        WHERE first_position >= next
        GROUP BY log
        HAVING last >= first AND noticed_at < {patience: DateTime64(3, 'UTC')}
        ORDER BY log LIMIT ${MAX_LOGS}`,
      values: { patience: toStoreTime(now - PATIENCE_MS), ...stored.values },
      row: gapRow,
    },
  );
}
