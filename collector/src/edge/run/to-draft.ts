import type { Event } from "@throughline/schemas/event";
import type { Draft } from "../spool/spool-writer.ts";

/** An event of a source, numbered when it is written. */
export function toDraft(event: Event): Draft {
  return { source: event.source, toText: (sequence) => JSON.stringify({ ...event, sequence: String(sequence) }) };
}
