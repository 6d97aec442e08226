/** Where an instant lies on a timeline, in percent of its width. */
export type Scale = (atMs: number) => number;

export type ScaleMode = "time" | "steps";

const MARGIN = 1.5;

/**
 * The scale over some instants. `time` is true to scale. `steps` gives each interval between neighbours the same width,
 * so that what happened within seconds beside a pause of days can be told apart.
 */
export function createScale(instants: readonly number[], mode: ScaleMode): Scale {
  const sorted = [...new Set(instants)].toSorted((a, b) => a - b);
  const first = sorted[0] ?? 0;
  const last = sorted.at(-1) ?? 0;
  const inside = 100 - 2 * MARGIN;
  if (last === first) return () => 50;
  if (mode === "time") return (atMs) => MARGIN + clamp((atMs - first) / (last - first)) * inside;
  const width = inside / (sorted.length - 1);
  return (atMs) => {
    if (atMs <= first) return MARGIN;
    const next = sorted.findIndex((instant) => instant >= atMs);
    if (next === -1) return MARGIN + inside;
    const before = sorted[next - 1] ?? first;
    const after = sorted[next] ?? last;
    return MARGIN + (next - 1 + (atMs - before) / (after - before)) * width;
  };
}

export interface Label {
  position: number;
  room: number;
}

/**
 * Gives labels that would touch one another different lanes, counted from 0; those that find no room in `most` lanes get
 * none. Labels come in the order of their positions.
 */
export function assignLanes(labels: readonly Label[], most: number): (number | undefined)[] {
  const ends: number[] = [];
  return labels.map(({ position, room }) => {
    const free = ends.findIndex((end) => end <= position);
    const lane = free === -1 ? ends.length : free;
    if (lane >= most) return undefined;
    ends[lane] = position + room;
    return lane;
  });
}

/** The side of a mark that its label takes, and how much of `room` it finds there: the right one, unless the left has more. */
export function placeLabel(at: number, room: number, width: number): { isTurned: boolean; room: number } {
  const right = width - at;
  const isTurned = room > right && at > right;
  return { isTurned, room: Math.min(room, isTurned ? at : right) };
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
