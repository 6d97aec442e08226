import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import { CONFIRMATION_STATES } from "../contract/confirmation.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { toStoreTime, whereGiven } from "./conditions.ts";
import { parseCursor, toCursor } from "./cursor.ts";

const COLUMNS = `reconciliation, id, version, state, unit, items, gross, reason, requested_at, requested_by, requester, decided_at,
  decided_by, decider, at, actor, actor_name, note, site, domain`;

export const confirmationRow = z.object({
  reconciliation: z.string(),
  id: z.string(),
  version: z.int(),
  state: z.enum(CONFIRMATION_STATES),
  unit: z.string(),
  items: z.string(),
  gross: z.string(),
  reason: z.string(),
  requested_at: instant,
  requested_by: z.string(),
  requester: z.string(),
  decided_at: instant.nullable(),
  decided_by: z.string(),
  decider: z.string(),
  at: instant,
  actor: z.string(),
  actor_name: z.string(),
  note: z.string(),
  site: z.string(),
  domain: z.string(),
});
export type ConfirmationRow = z.infer<typeof confirmationRow>;

const place = z.object({ at: instant, id: z.string() });
const NEWEST = "ORDER BY reconciliation, id, version DESC LIMIT 1 BY reconciliation, id";

/** One page of what people said belongs together, the last requested first; each as it stands. */
export async function listConfirmations(
  reader: StoreReader,
  asker: Asker,
  query: {
    filter: { reconciliation: string; state?: readonly string[] | undefined };
    limit: number;
    cursor: string | undefined;
  },
): Promise<{ rows: ConfirmationRow[]; nextCursor: string | null }> {
  const { filter, limit, cursor } = query;
  const after = cursor === undefined ? undefined : parseCursor(cursor, place, filter);
  const where = whereGiven({ state: "state IN {state: Array(String)}" }, { state: filter.state });
  const rows = await reader.ask(asker, {
    caller: "list-confirmations",
    sql: `SELECT ${COLUMNS} FROM (SELECT ${COLUMNS} FROM reconciliation_confirmations
        WHERE reconciliation = {reconciliation: String} ${NEWEST}) AS stored
      WHERE ${where.sql}
        ${after ? "AND (stored.requested_at, id) < ({placeAt: DateTime64(3, 'UTC')}, {placeId: String})" : ""}
      ORDER BY stored.requested_at DESC, id DESC LIMIT {limit: UInt32}`,
    values: {
      ...where.values,
      reconciliation: filter.reconciliation,
      limit: limit + 1,
      ...(after && { placeAt: toStoreTime(after.at), placeId: after.id }),
    },
    row: confirmationRow,
  });
  const last = rows[limit - 1];
  const hasNext = rows.length > limit && last !== undefined;
  return {
    rows: rows.slice(0, limit),
    nextCursor: hasNext ? toCursor({ at: last.requested_at, id: last.id }, filter) : null,
  };
}

/** A confirmation as it stands; undefined where the asker may see none of that name. */
export async function findConfirmation(
  reader: StoreReader,
  asker: Asker,
  { reconciliation, id }: { reconciliation: string; id: string },
): Promise<ConfirmationRow | undefined> {
  const [found] = await reader.ask(asker, {
    caller: "find-confirmation",
    sql: `SELECT ${COLUMNS} FROM reconciliation_confirmations
      WHERE reconciliation = {reconciliation: String} AND id = {id: String} ${NEWEST} LIMIT 1`,
    values: { reconciliation, id },
    row: confirmationRow,
  });
  return found;
}
