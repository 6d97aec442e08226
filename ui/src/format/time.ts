import { formatDuration } from "./duration.ts";

const FORMATS = new Map<string, Intl.DateTimeFormat>();

const HALF = 2;

type Style = "date" | "dated" | "minute" | "second" | "full" | "day" | "clock" | "weekday";

const STYLES: Record<Style, Intl.DateTimeFormatOptions> = {
  clock: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  day: { day: "numeric", month: "short" },
  date: { day: "numeric", month: "short", year: "numeric" },
  weekday: { weekday: "short", day: "numeric", month: "short" },
  dated: {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  },
  minute: { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  second: { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
  full: {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
    hourCycle: "h23",
    timeZoneName: "short",
  },
};

function formatOf(style: Style, zone: string): Intl.DateTimeFormat {
  const key = `${style} ${zone}`;
  const known = FORMATS.get(key);
  if (known !== undefined) return known;
  const created = new Intl.DateTimeFormat("en-GB", { ...STYLES[style], timeZone: zone });
  FORMATS.set(key, created);
  return created;
}

/** An instant in a zone. `full` names the zone; the others stand where the page says which zone is shown. */
export function formatTime(at: number | string, zone: string, style: Style = "minute"): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? String(at) : formatOf(style, zone).format(date);
}

/**
 * The day that a span of a day's length is, in words: `10 Mar`. Of a day of another zone the one that most of it lies in,
 * as its own clocks would say it: in the zone of the reader where its days begin then too, else by its middle.
 */
export function formatSpannedDay(
  span: { from: string; until: string },
  zone: string,
  style: "day" | "date" = "day",
): string {
  const [from, until] = [Date.parse(span.from), Date.parse(span.until)];
  const isOwn = formatTime(from, zone, "clock") === "00:00" && formatTime(until + 1, zone, "clock") === "00:00";
  return isOwn ? formatTime(from, zone, style) : formatTime(from + (until - from) / HALF, "UTC", style);
}

/** How an instant lies to now: `in 12 min`, `4 min ago`, `now` within five seconds. */
export function formatRelative(at: number | string, nowMs: number): string {
  const distance = new Date(at).getTime() - nowMs;
  if (Number.isNaN(distance)) return String(at);
  if (Math.abs(distance) < 5000) return "now";
  const length = formatCoarse(Math.abs(distance));
  return distance > 0 ? `in ${length}` : `${length} ago`;
}

/** A length of time as one would say it: one unit, two below a day from an hour on. */
export function formatCoarse(durationMs: number): string {
  if (durationMs >= 172_800_000) return `${Math.floor(durationMs / 86_400_000)} d`;
  if (durationMs >= 3_600_000) return formatDuration(durationMs - (durationMs % 60_000));
  if (durationMs >= 60_000) return `${Math.floor(durationMs / 60_000)} min`;
  return `${Math.floor(durationMs / 1000)} s`;
}

/** The short name of a zone at an instant, such as `CST`, `GMT+1` or `UTC`. */
export function formatZone(zone: string, atMs: number): string {
  const parts = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "short" }).formatToParts(atMs);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? zone;
}

/** True for a zone that this browser knows. */
export function isKnownZone(zone: string): boolean {
  try {
    formatOf("clock", zone);
    return true;
  } catch {
    return false;
  }
}
