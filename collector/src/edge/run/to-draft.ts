import type { Event } from "@throughline/schemas/event";
import type { Draft } from "../spool/spool-writer.ts";

/** An event of a source, numbered when it is written. */
export function toDraft(event: Event): Draft {
  // Written once, whatever number it gets.
  const text = JSON.stringify({ ...event, sequence: undefined }).slice(0, -1);
  return { source: event.source, toText: (sequence) => `${text},"sequence":"${sequence}"}` };
}
