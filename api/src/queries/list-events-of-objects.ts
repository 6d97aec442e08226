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

interface ObjectsQuestion {
  objects: readonly ObjectKey[];
  limit: number;
  /** Events that are not to be read again. */
  known?: readonly EventRow[];
  asOf: string | undefined;
}

/**
 * The events that name any of the objects and are not known yet, the newest `limit` of them, oldest first; of those what had
 * arrived by `asOf`. At most 50 objects.
 */
export async function listEventsOfObjects(
  reader: StoreReader,
  asker: Asker,
  { objects, limit, known = [], asOf }: ObjectsQuestion,
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
          AND (log, position) NOT IN {known: Array(Tuple(String, UInt64))}
        ORDER BY time DESC, log, position
        LIMIT {limit: UInt32}
      ) AND ${arrived.sql}
      ORDER BY time, log, position
      LIMIT {limit: UInt32}`,
    values: {
      objects: objects.map(({ type, id }) => new TupleParam([type, id])),
      known: known.map(({ log, position_text }) => new TupleParam([log, BigInt(position_text)])),
      limit,
      ...arrived.values,
    },
    row: eventRow,
  });
}
