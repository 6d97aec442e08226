import type { Event } from "@throughline/schemas/event";
import type { MappedDocument } from "../map/document-mapper.ts";
import { toContentDigest, toEventKey, type WaitingDocument } from "./waiting-document.ts";

export interface Revision {
  number: number;
  reason: string;
}

/** Maps a document as its interface would now, with the attributes that its events had. */
export type MapAgain = (waiting: WaitingDocument, revision: Revision | undefined) => MappedDocument;

/**
 * A waiting document as crosswalks have it now: what changed of its events, as a higher revision, and what is still unknown. Undefined where
 * nothing changed.
 */
export function mapWaiting(
  waiting: WaitingDocument,
  map: MapAgain,
  reason: string,
): { next: WaitingDocument; events: Event[] } | undefined {
  const revision = waiting.revision + 1;
  const mapped = map(waiting, { number: revision, reason });
  const events = mapped.events.filter((event) => waiting.told[toEventKey(event)] !== toContentDigest(event));
  if (events.length === 0) return undefined;
  const told = Object.fromEntries(mapped.events.map((event) => [toEventKey(event), toContentDigest(event)]));
  const outbox = events.map((event) => JSON.stringify(event));
  return { next: { ...waiting, revision, told, unknown: mapped.unknown, used: mapped.used, outbox }, events };
}
