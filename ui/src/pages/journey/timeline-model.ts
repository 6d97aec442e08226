import type { Journey, JourneyEvent, JourneyLeg } from "@throughline/api/contract";

/** A milestone that was reached, by an event that counts. */
export interface Marker {
  atMs: number;
  title: string;
  flow: string;
  source: string;
  eventKey: string;
}

/** A leg as a bar. What is late is apart; `ghostEndMs` is a deadline that still lies ahead. */
export interface Bar {
  leg: JourneyLeg;
  startMs: number;
  endMs: number;
  dueMs: number | undefined;
  lateFromMs: number | undefined;
  isRunning: boolean;
}

export interface Timeline {
  markers: Marker[];
  bars: Bar[];
  /** All instants that have to find room. */
  instants: number[];
}

const RUNNING = new Set(["OPEN", "AT_RISK", "OVERDUE_PROVISIONAL"]);

/** What the timeline of a journey shows, given the time now. */
export function toTimeline(journey: Pick<Journey, "events" | "legs">, nowMs: number): Timeline {
  const markers = journey.events.flatMap(toMarkers).toSorted((a, b) => a.atMs - b.atMs);
  const bars = journey.legs.flatMap((leg) => toBar(leg, nowMs)).toSorted((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
  const instants = [
    ...journey.events.filter(({ standing }) => standing === "counts").map(({ time }) => Date.parse(time)),
    ...bars.flatMap(({ startMs, endMs, dueMs }) => (dueMs === undefined ? [startMs, endMs] : [startMs, endMs, dueMs])),
  ];
  return { markers, bars, instants };
}

function toMarkers(event: JourneyEvent): Marker[] {
  if (event.standing !== "counts") return [];
  return event.milestones.map(({ flow, title }) => ({ atMs: Date.parse(event.time), title, flow, source: event.source, eventKey: event.key }));
}

function toBar(leg: JourneyLeg, nowMs: number): Bar[] {
  const startMs = parse(leg.startedAt);
  const endedMs = parse(leg.endedAt);
  const dueMs = parse(leg.dueAt);
  const from = startMs ?? endedMs;
  if (from === undefined) return [];
  const isOpen = endedMs === undefined && (RUNNING.has(leg.verdict) || leg.verdict === "BREACHED");
  const endMs = endedMs ?? (isOpen ? Math.max(nowMs, from) : from);
  const isLate = dueMs !== undefined && endMs > dueMs && leg.verdict !== "EXCLUDED";
  return [{ leg, startMs: Math.min(from, endMs), endMs, dueMs, lateFromMs: isLate ? Math.max(dueMs, from) : undefined, isRunning: isOpen }];
}

function parse(at: string | null): number | undefined {
  return at === null ? undefined : Date.parse(at);
}
