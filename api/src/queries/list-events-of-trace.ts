import type { Asker, StoreReader } from "./ask.ts";
import { EVENT_COLUMNS, type EventRow, eventRow } from "./event-row.ts";

export const MAX_TRACE_EVENTS = 1000;

/** The events that travelled with a trace, oldest first; at most 1,000. */
export async function listEventsOfTrace(reader: StoreReader, asker: Asker, traceId: string): Promise<EventRow[]> {
  return reader.ask(asker, {
    caller: "list-events-of-trace",
    sql: `SELECT ${EVENT_COLUMNS} FROM events WHERE trace_id = {traceId: String} ORDER BY time, log, position LIMIT ${MAX_TRACE_EVENTS}`,
    values: { traceId },
    row: eventRow,
  });
}
