import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import type { ProjectionLag } from "../contract/overview.ts";
import type { Asker, StoreReader } from "./ask.ts";

const lagRow = z.object({ evaluated_at: instant.nullable(), pending_since: instant.nullable() });

/** How long the oldest batch has waited that was stored after the last finished evaluation of the slowest projector began. */
export async function findProjectionLag(reader: StoreReader, { signal }: Asker, now: number): Promise<ProjectionLag> {
  const [row] = await reader.ask(
    { scope: EVERYTHING, ...(signal && { signal }) },
    {
      caller: "find-projection-lag",
      sql: `WITH (
          SELECT minOrNull(newest) FROM (
            SELECT max(now) AS newest FROM projection_steps WHERE phase = 'commit' GROUP BY projector, shard
          )
        ) AS evaluated
        SELECT evaluated AS evaluated_at,
          minOrNullIf(committed_at, isNull(evaluated) OR committed_at > assumeNotNull(evaluated)) AS pending_since
        FROM commits
        LIMIT 1`,
      values: {},
      row: lagRow,
    },
  );
  const { evaluated_at: evaluatedAt = null, pending_since: pendingSince = null } = row ?? {};
  const lagMs = pendingSince === null ? 0 : Math.max(0, now - Date.parse(pendingSince));
  return { lagMs, pendingSince, evaluatedAt };
}
