import type { Criticality } from "../event.ts";
import type { EncodedEvent } from "../exporters/exporter.ts";
import { type Fifo, createFifo } from "./fifo.ts";

export interface QueueLimits {
  /** In memory, those on their way included; 20,000 unless given. */
  maxEvents: number;
  /** Of their JSON; 32 MiB unless given. */
  maxBytes: number;
}

/** Events in memory, bounded by count and bytes, the critical ones first. */
export interface EventQueue {
  /** Makes room by giving up the oldest of what is less critical. Returns what was given up: the event itself when there is no room. */
  push(event: EncodedEvent): EncodedEvent[];
  /** Takes the most critical, oldest first, at least one if there is any. They count until they are released. */
  take(maxEvents: number, maxBytes: number): EncodedEvent[];
  /** What was taken is no longer in memory. */
  release(events: readonly EncodedEvent[]): void;
  /** Events that wait, without those that were taken. */
  waiting(): number;
  /** Events and bytes, with those that were taken. */
  size(): { events: number; bytes: number };
  /** When the oldest that waits was given; undefined when none waits. */
  oldestGivenAt(): number | undefined;
}

/** Most critical first. */
export const CRITICALITIES: readonly Criticality[] = ["critical", "high", "standard"];

export function createEventQueue({ maxEvents, maxBytes }: QueueLimits): EventQueue {
  const levels = { critical: createFifo(), high: createFifo(), standard: createFifo() };
  const order: readonly Fifo[] = CRITICALITIES.map((criticality) => levels[criticality]);
  let events = 0;
  let bytes = 0;
  const hasRoom = (sizeBytes: number) => events < maxEvents && bytes + sizeBytes <= maxBytes;
  const leave = (event: EncodedEvent) => {
    events--;
    bytes -= event.sizeBytes;
  };
  const giveUp = (criticality: Criticality): EncodedEvent | undefined => {
    for (let level = order.length - 1; CRITICALITIES[level] !== criticality; level--) {
      const event = order[level]?.shift();
      if (event === undefined) continue;
      leave(event);
      return event;
    }
    return undefined;
  };
  return {
    push: (event) => {
      const given: EncodedEvent[] = [];
      while (!hasRoom(event.sizeBytes)) {
        const other = giveUp(event.criticality);
        if (other === undefined) return [...given, event];
        given.push(other);
      }
      levels[event.criticality].push(event);
      events++;
      bytes += event.sizeBytes;
      return given;
    },
    take: (most, mostBytes) => takeFrom(order, most, mostBytes),
    release: (taken) => taken.forEach(leave),
    waiting: () => order.reduce((sum, level) => sum + level.size(), 0),
    size: () => ({ events, bytes }),
    oldestGivenAt: () => {
      const times = order.flatMap((level) => level.peek()?.givenAt ?? []);
      return times.length === 0 ? undefined : Math.min(...times);
    },
  };
}

function takeFrom(order: readonly Fifo[], maxEvents: number, maxBytes: number): EncodedEvent[] {
  const taken: EncodedEvent[] = [];
  let bytes = 0;
  for (const level of order) {
    for (let next = level.peek(); next !== undefined && taken.length < maxEvents; next = level.peek()) {
      bytes += next.sizeBytes + 1;
      if (bytes > maxBytes && taken.length > 0) return taken;
      taken.push(next);
      level.shift();
    }
  }
  return taken;
}
