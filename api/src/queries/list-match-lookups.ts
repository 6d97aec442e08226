import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { toChunks } from "./chunks.ts";
import { whereArrived } from "./conditions.ts";
import { EVENT_COLUMNS, type EventRow, eventRow } from "./event-row.ts";
import type { ObjectKey } from "./list-events-of-objects.ts";

const MAX_ROWS = 5000;

/** The events that matching looks up under keys: units of items, agreed prices, and orders as a whole. */
export async function listLookedUpEvents(
  reader: StoreReader,
  asker: Asker,
  {
    kind,
    keys,
    asOf,
  }: { kind: "item" | "contract_price" | "purchase_order"; keys: readonly string[]; asOf: string | undefined },
): Promise<EventRow[]> {
  const arrived = whereArrived(asOf);
  const answers = await Promise.all(
    toChunks(keys, (key) => key.length).map((chunk) =>
      reader.ask(asker, {
        caller: "list-match-lookups",
        sql: `SELECT ${EVENT_COLUMNS} FROM events
          WHERE (log, position) IN (
            SELECT log, position FROM match_lookups WHERE kind = {kind: String} AND key IN {keys: Array(String)}
          ) AND ${arrived.sql}
          ORDER BY time, log, position LIMIT ${MAX_ROWS}`,
        values: { kind, keys: chunk, ...arrived.values },
        row: eventRow,
      }),
    ),
  );
  return answers.flat();
}

const subjectRow = z.object({ subject_type: z.string(), subject_id: z.string() });

/** The invoices that could be the same one: those that ever had the key. */
export async function listAlikeSubjects(reader: StoreReader, asker: Asker, key: string): Promise<ObjectKey[]> {
  const rows = await reader.ask(asker, {
    caller: "list-alike-invoices",
    sql: `SELECT DISTINCT subject_type, subject_id FROM match_lookups
      WHERE kind = 'duplicate' AND key = {key: String} LIMIT ${MAX_ROWS}`,
    values: { key },
    row: subjectRow,
  });
  return rows.map(({ subject_type: type, subject_id: id }) => ({ type, id }));
}
