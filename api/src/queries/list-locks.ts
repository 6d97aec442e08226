import type { Asker, StoreReader } from "./ask.ts";
import { type LockRow, lockRow } from "./checkpoint-row.ts";
import { toStoreTime, whereGiven } from "./conditions.ts";
import { toAllSites } from "./list-checkpoints.ts";

const MAX_LOCKS = 100_000;

/** What was said last of the lock of each period, the latest cut-off first; every version with `isHistory`. */
export async function listLocks(
  reader: StoreReader,
  asker: Asker,
  {
    isHistory = false,
    by,
    ...filter
  }: {
    reconciliation?: string;
    company?: string | undefined;
    checkpoint?: string;
    isHistory?: boolean;
    /** As of that moment, in milliseconds since 1970 UTC. */
    by?: number | undefined;
  },
): Promise<LockRow[]> {
  const where = whereGiven(
    {
      reconciliation: "reconciliation = {reconciliation: String}",
      company: "company = {company: String}",
      checkpoint: "checkpoint = {checkpoint: String}",
      by: "reconciliation_locks.at <= {by: DateTime64(3, 'UTC')}",
    },
    { ...filter, by: by === undefined ? undefined : toStoreTime(by) },
  );
  const key = "reconciliation, company, cutoff_at, from_at";
  return reader.ask(toAllSites(asker), {
    caller: "list-locks",
    sql: `SELECT reconciliation, company, cutoff_at, version, from_at, state, checkpoint, reason, at, actor, actor_name
      FROM reconciliation_locks WHERE ${where.sql}
      ORDER BY cutoff_at DESC, ${key}, version DESC ${isHistory ? "" : `LIMIT 1 BY ${key}`} LIMIT ${MAX_LOCKS}`,
    values: where.values,
    row: lockRow,
  });
}
