import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { ProjectionLag } from "../contract/overview.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { toStoreTime, whereGiven } from "./conditions.ts";

const lagRow = z.object({ evaluated_at: instant.nullable(), pending_since: instant.nullable() });

/** The projectors whose steps are recorded. */
export const PROJECTORS = ["legs", "reconciler"] as const;
export type ProjectorName = (typeof PROJECTORS)[number];

/**
 * How long the oldest batch has waited that a projector, or the slowest shard of it, has not finished: where its cursors
 * stand, not when it worked last, so that one that catches up does not look current. `now` is the present, or with `isThen`
 * the earlier moment that is asked of.
 */
export async function findProjectionLag(
  reader: StoreReader,
  { signal }: Asker,
  { projector, now, isThen = false }: { projector: ProjectorName; now: number; isThen?: boolean },
): Promise<ProjectionLag> {
  const until = isThen ? toStoreTime(now) : undefined;
  const evaluated = whereGiven({ until: "now <= {until: DateTime64(3, 'UTC')}" }, { until });
  const stored = whereGiven({ until: "committed_at <= {until: DateTime64(3, 'UTC')}" }, { until });
  const [row] = await reader.ask(
    { scope: EVERYTHING, ...(signal && { signal }) },
    {
      caller: "find-projection-lag",
      sql: `WITH (
          SELECT (minOrNull(now), groupArray(JSONExtract(body, 'cursors', 'Map(String, Tuple(batch UInt64, nextPosition UInt64))')))
          FROM projection_steps
          WHERE projector = {projector: String} AND phase = 'commit' AND (shard, batch) IN (
            SELECT shard, max(batch) FROM projection_steps
            WHERE projector = {projector: String} AND phase = 'commit' AND ${evaluated.sql} GROUP BY shard
          )
        ) AS done
        SELECT done.1 AS evaluated_at,
          minOrNullIf(committed_at, events > 0 AND last_position >= arrayMin(arrayMap(cursors -> cursors[log].2, done.2))) AS pending_since
        FROM commits
        WHERE ${stored.sql}
        LIMIT 1`,
      values: { projector, ...stored.values },
      row: lagRow,
    },
  );
  const { evaluated_at: evaluatedAt = null, pending_since: pendingSince = null } = row ?? {};
  const lagMs = pendingSince === null ? 0 : Math.max(0, now - Date.parse(pendingSince));
  return { lagMs, pendingSince, evaluatedAt };
}
