import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { CHECKPOINT_COLUMNS, type CheckpointHeader, checkpointHeader } from "./checkpoint-row.ts";
import { toStoreTime, whereGiven } from "./conditions.ts";
import { parseCursor, toCursor } from "./cursor.ts";

export interface CheckpointFilter {
  reconciliation: string;
  company?: string | undefined;
}

const place = z.object({ cutoff: instant, at: instant, id: z.string() });

/** One page of checkpoints, the latest cut-off first. They belong to domains and not to sites. */
export async function listCheckpoints(
  reader: StoreReader,
  asker: Asker,
  { filter, limit, cursor }: { filter: CheckpointFilter; limit: number; cursor: string | undefined },
): Promise<{ headers: CheckpointHeader[]; nextCursor: string | null }> {
  const after = cursor === undefined ? undefined : parseCursor(cursor, place, filter);
  const where = whereGiven(
    { reconciliation: "reconciliation = {reconciliation: String}", company: "company = {company: String}" },
    { ...filter },
  );
  const behind =
    "(stored.cutoff_at, stored.at, id) < ({placeCutoff: DateTime64(3, 'UTC')}, {placeAt: DateTime64(3, 'UTC')}, {placeId: String})";
  const rows = await reader.ask(toAllSites(asker), {
    caller: "list-checkpoints",
    sql: `SELECT ${CHECKPOINT_COLUMNS} FROM reconciliation_checkpoints AS stored
      WHERE ${where.sql} ${after ? `AND ${behind}` : ""}
      ORDER BY stored.cutoff_at DESC, stored.at DESC, id DESC LIMIT {limit: UInt32}`,
    values: {
      ...where.values,
      limit: limit + 1,
      ...(after && { placeCutoff: toStoreTime(after.cutoff), placeAt: toStoreTime(after.at), placeId: after.id }),
    },
    row: checkpointHeader,
  });
  const last = rows[limit - 1];
  const hasNext = rows.length > limit && last !== undefined;
  return {
    headers: rows.slice(0, limit),
    nextCursor: hasNext ? toCursor({ cutoff: last.cutoff_at, at: last.at, id: last.id }, filter) : null,
  };
}

/** A checkpoint by its name; undefined where the asker's domains have none. */
export async function findCheckpoint(
  reader: StoreReader,
  asker: Asker,
  { reconciliation, id }: { reconciliation: string; id: string },
): Promise<CheckpointHeader | undefined> {
  const [found] = await reader.ask(toAllSites(asker), {
    caller: "find-checkpoint",
    sql: `SELECT ${CHECKPOINT_COLUMNS} FROM reconciliation_checkpoints
      WHERE reconciliation = {reconciliation: String} AND id = {id: String} LIMIT 1`,
    values: { reconciliation, id },
    row: checkpointHeader,
  });
  return found;
}

/** What concerns no single site is told to everybody whose domains it belongs to. */
export function toAllSites(asker: Asker): Asker {
  return { ...asker, scope: { ...asker.scope, sites: "*" } };
}
