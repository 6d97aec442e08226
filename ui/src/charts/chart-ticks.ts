import { formatTime } from "../format/time.ts";
import { parseWallClock } from "../format/wall-clock.ts";

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;
const STEPS_MINUTES = [5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 7200, 10_080, 20_160, 43_200];

export interface Tick {
  atMs: number;
  label: string;
  isDay: boolean;
}

/** Times to write under an axis: whole hours or days of the zone, at most `most` of them. */
export function listTicks(fromMs: number, toMs: number, { zone, most }: { zone: string; most: number }): Tick[] {
  const spanMinutes = (toMs - fromMs) / MINUTE_MS;
  const step = STEPS_MINUTES.find((minutes) => spanMinutes / minutes <= most) ?? Math.ceil(spanMinutes / most);
  const ticks: Tick[] = [];
  for (let wallMs = startOfDay(fromMs, zone); ; wallMs += step * MINUTE_MS) {
    const atMs = parseWallClock(new Date(wallMs).toISOString().slice(0, 16), zone);
    if (atMs === undefined || atMs > toMs || ticks.length > most + 1) return ticks;
    const isDay = step >= DAY_MINUTES || wallMs % (DAY_MINUTES * MINUTE_MS) === 0;
    if (atMs >= fromMs && atMs !== ticks.at(-1)?.atMs)
      ticks.push({ atMs, label: formatTime(atMs, zone, isDay ? "day" : "clock"), isDay });
  }
}

/** Midnight of the day of an instant in a zone, as wall-clock time. */
function startOfDay(atMs: number, zone: string): number {
  const day = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short" }).format(atMs);
  return Date.parse(`${day}T00:00:00Z`);
}
