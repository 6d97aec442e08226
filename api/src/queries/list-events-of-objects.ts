import { TupleParam } from "@clickhouse/client";
import type { Asker, StoreReader } from "./ask.ts";
import { whereArrived } from "./conditions.ts";
import { EVENT_COLUMNS, type EventRow, eventRow } from "./event-row.ts";

/** A business object by type and id. */
export interface ObjectKey {
  type: string;
  id: string;
}

/** The store takes values of up to 128 KiB, so this many ids of the greatest length go into one question. */
export const MAX_OBJECTS_ASKED = 50;

/** The events that name any of the objects, the newest `limit` of them, oldest first; of those what had arrived by `asOf`. At most 50 objects. */
export async function listEventsOfObjects(
  reader: StoreReader,
  asker: Asker,
  { objects, limit, asOf }: { objects: readonly ObjectKey[]; limit: number; asOf: string | undefined },
): Promise<EventRow[]> {
  if (objects.length === 0) return [];
  const arrived = whereArrived(asOf);
  return reader.ask(asker, {
    caller: "list-events-of-objects",
    sql: `SELECT ${EVENT_COLUMNS}
      FROM events
      WHERE (log, position) IN (
        SELECT log, position FROM object_events
        WHERE (object_type, object_id) IN {objects: Array(Tuple(String, String))}
        ORDER BY time DESC, log, position
        LIMIT {limit: UInt32}
      ) AND ${arrived.sql}
      ORDER BY time, log, position
      LIMIT {limit: UInt32}`,
    values: { objects: objects.map(({ type, id }) => new TupleParam([type, id])), limit, ...arrived.values },
    row: eventRow,
  });
}
