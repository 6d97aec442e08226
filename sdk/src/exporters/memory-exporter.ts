import type { SentEvent } from "../event.ts";
import { createDirectExporter } from "./direct-exporter.ts";
import type { EncodedEvent, Exporter } from "./exporter.ts";

export interface MemoryExporter extends Exporter {
  /** What was emitted, oldest first, as it would be sent. */
  events(): readonly SentEvent[];
  /** Forgets them. */
  clear(): void;
}

/** Keeps the last events, 1,000 unless told otherwise. */
export function createMemoryExporter(options: { maxEvents?: number } = {}): MemoryExporter {
  const maxEvents = options.maxEvents ?? 1000;
  let kept: EncodedEvent[] = [];
  const exporter = createDirectExporter((event) => {
    kept.push(event);
    if (kept.length > maxEvents * 2) kept = kept.slice(-maxEvents);
  });
  return {
    ...exporter,
    events: () => kept.slice(-maxEvents).map(({ json }) => parseSent(json)),
    clear: () => {
      kept = [];
    },
  };
}

function parseSent(json: string): SentEvent {
  const event: SentEvent = JSON.parse(json);
  return event;
}
