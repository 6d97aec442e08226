import type { Journey, JourneyEvent, JourneyLeg } from "@throughline/api/contract";

/** An event that reached one milestone or several at once. */
export interface Marker {
  atMs: number;
  /** The end of the day, where no more than that is known. */
  latestAt: string | null;
  titles: string[];
  source: string;
  eventKey: string;
}

/** A leg as a bar; what is late is apart. */
export interface Bar {
  leg: JourneyLeg;
  startMs: number;
  endMs: number;
  dueMs: number | undefined;
  lateFromMs: number | undefined;
  isRunning: boolean;
}

/** Time that a calendar does not count. */
export interface ClosedTime {
  fromMs: number;
  toMs: number;
}

export interface Timeline {
  markers: Marker[];
  bars: Bar[];
  /** When the calendars were closed, inside of what is shown, by their id. */
  closed: ReadonlyMap<string, readonly ClosedTime[]>;
  /** All instants that have to find room. */
  instants: number[];
}

const RUNNING = new Set(["OPEN", "AT_RISK", "PAUSED", "OVERDUE_PROVISIONAL"]);

/** How much of what happened a deadline may stretch the timeline by; deadlines beyond it stand at its edge. */
const DEADLINE_STRETCH = 0.4;

/** What the timeline of a journey shows, given the time now. */
export function toTimeline(journey: Pick<Journey, "events" | "legs" | "calendars">, nowMs: number): Timeline {
  const counting = journey.events.filter(({ standing }) => standing === "counts");
  const markers = counting.flatMap(toMarker).toSorted((a, b) => a.atMs - b.atMs);
  const bars = journey.legs
    .flatMap((leg) => toBar(leg, nowMs))
    .toSorted((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
  const happened = [
    ...counting.map(({ time }) => Date.parse(time)),
    ...bars.flatMap(({ startMs, endMs }) => [startMs, endMs]),
  ];
  const first = Math.min(...happened);
  const last = Math.max(...happened);
  const farthest = last + (last - first) * DEADLINE_STRETCH;
  const deadlines = bars.flatMap(({ dueMs }) =>
    dueMs !== undefined && dueMs >= first && dueMs <= farthest ? [dueMs] : [],
  );
  const instants = [...happened, ...deadlines];
  return { markers, bars, instants, closed: clipClosed(journey.calendars, [first, Math.max(...instants)]) };
}

function clipClosed(
  calendars: Journey["calendars"],
  [first, last]: readonly [number, number],
): Map<string, ClosedTime[]> {
  const clipped = calendars.map(({ id, closed }): [string, ClosedTime[]] => [
    id,
    closed
      .map(({ from, to }) => ({ fromMs: Math.max(first, Date.parse(from)), toMs: Math.min(last, Date.parse(to)) }))
      .filter(({ fromMs, toMs }) => fromMs < toMs),
  ]);
  return new Map(clipped.filter(([, closed]) => closed.length > 0));
}

function toMarker(event: JourneyEvent): Marker[] {
  const titles = [...new Set(event.milestones.map(({ title }) => title))];
  return titles.length === 0
    ? []
    : [{ atMs: Date.parse(event.time), latestAt: event.latestAt, titles, source: event.source, eventKey: event.key }];
}

function toBar(leg: JourneyLeg, nowMs: number): Bar[] {
  const startMs = parse(leg.startedAt);
  const endedMs = parse(leg.endedAt);
  const dueMs = parse(leg.dueAt);
  const from = startMs ?? endedMs;
  if (from === undefined) return [];
  const isOpen = endedMs === undefined && (RUNNING.has(leg.verdict) || leg.verdict === "BREACHED");
  const endMs = endedMs ?? (isOpen ? Math.max(nowMs, from) : from);
  const isLate = dueMs !== undefined && endMs > dueMs && leg.verdict !== "EXCLUDED" && leg.verdict !== "SUPERSEDED";
  return [
    {
      leg,
      startMs: Math.min(from, endMs),
      endMs,
      dueMs,
      lateFromMs: isLate ? Math.max(dueMs, from) : undefined,
      isRunning: isOpen,
    },
  ];
}

function parse(at: string | null): number | undefined {
  return at === null ? undefined : Date.parse(at);
}
