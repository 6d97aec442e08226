import type { Criticality, SentEvent } from "../event.ts";
import type { DropReason } from "../problem.ts";

/** An event in its final form. */
export interface EncodedEvent {
  id: string;
  type: string;
  criticality: Criticality;
  /** The CloudEvent as JSON. */
  json: string;
  /** Of the JSON as UTF-8. */
  sizeBytes: number;
  /** When it was given, in milliseconds since 1970. */
  givenAt: number;
}

/** How the events that an exporter took have fared. */
export interface ExporterStats {
  sent: number;
  refused: number;
  queued: number;
  queuedBytes: number;
  spooled: number;
  spooledBytes: number;
  recovered: number;
  dropped: Partial<Record<DropReason, number>>;
  retries: number;
  oldestQueuedMs: number;
  clock: { offsetMs: number; errorMs: number } | undefined;
}

/** Where events go. None of its functions may throw or block. */
export interface Exporter {
  /** Begins to deliver; what was taken before waits. */
  start(): void;
  /** True when the event was kept. An event that was not is in `stats().dropped`. */
  take(event: EncodedEvent): boolean;
  /** Resolves to true when all that was taken before is delivered, to false when the time is over. */
  flush(timeoutMs: number): Promise<boolean>;
  /** Like `flush`, and ends. */
  shutdown(timeoutMs: number): Promise<boolean>;
  /** The last that can be done when the process ends at once. Synchronous. */
  saveAtExit(): void;
  stats(): ExporterStats;
  /** Of exporters that keep what they took, such as those for tests. */
  events?(): readonly SentEvent[];
}
