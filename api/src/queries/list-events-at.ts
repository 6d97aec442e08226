import { TupleParam } from "@clickhouse/client";
import type { Asker, StoreReader } from "./ask.ts";
import { EVENT_COLUMNS, type EventRow, eventRow } from "./event-row.ts";

/** Where an event stands in a log; the position as text, since it may have 64 bits. */
export interface LogPlace {
  log: string;
  position: string;
}

const MAX_PLACES = 1000;

/** The events at these places, in no order; at most 1,000. */
export async function listEventsAt(
  reader: StoreReader,
  asker: Asker,
  places: readonly LogPlace[],
): Promise<EventRow[]> {
  if (places.length === 0) return [];
  return reader.ask(asker, {
    caller: "list-events-at",
    sql: `SELECT ${EVENT_COLUMNS} FROM events WHERE (log, position) IN {places: Array(Tuple(String, UInt64))} LIMIT ${MAX_PLACES}`,
    values: { places: places.slice(0, MAX_PLACES).map(({ log, position }) => new TupleParam([log, BigInt(position)])) },
    row: eventRow,
  });
}
