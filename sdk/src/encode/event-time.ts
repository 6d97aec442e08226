const FIRST_MS = 0;
const LAST_MS = Date.UTC(2200, 0, 1) - 1;

/** Formats milliseconds since 1970 as RFC 3339 in UTC; quick for times that lie in the same second as the last. */
export function createTimeFormat(): (timeMs: number) => string {
  let second = Number.NaN;
  let prefix = "";
  return (timeMs) => {
    const whole = Math.floor(timeMs / 1000);
    if (whole !== second) {
      second = whole;
      prefix = new Date(whole * 1000).toISOString().slice(0, 20);
    }
    const rest = Math.floor(timeMs - whole * 1000);
    return `${prefix}${rest < 10 ? "00" : rest < 100 ? "0" : ""}${rest}Z`;
  };
}

/** The time of an event as it is sent; undefined when it is none between 1970 and 2199. Text is kept as it is. */
export function toEventTime(time: unknown, format: (timeMs: number) => string): string | undefined {
  if (typeof time === "string") return isInRange(Date.parse(time)) ? time : undefined;
  const timeMs = time instanceof Date ? time.getTime() : time;
  return typeof timeMs === "number" && isInRange(timeMs) ? format(timeMs) : undefined;
}

function isInRange(timeMs: number): boolean {
  return timeMs >= FIRST_MS && timeMs <= LAST_MS;
}
