import { z } from "zod";
import type { Draft } from "../spool/spool-writer.ts";

const sourced = z.looseObject({ source: z.string() });

/** An event that was written before it goes into the spool: it keeps its words and gets its number. */
export function toTextDraft(text: string): Draft {
  const event = sourced.parse(JSON.parse(text));
  return { source: event.source, toText: (sequence) => JSON.stringify({ ...event, sequence: String(sequence) }) };
}
