const DAY_MS = 86_400_000;

/**
 * The instant of a wall-clock time such as `2026-03-08T02:30` in a zone. Of two that an autumn overlap allows it is the
 * earlier; in a spring gap it is the later one, as calendars do. Undefined for what is no time.
 */
export function parseWallClock(text: string, zone: string): number | undefined {
  const wallMs = Date.parse(`${text}Z`);
  if (Number.isNaN(wallMs)) return undefined;
  const before = wallMs - offsetAt(wallMs - DAY_MS, zone);
  const after = wallMs - offsetAt(wallMs + DAY_MS, zone);
  const earlier = Math.min(before, after);
  return earlier + offsetAt(earlier, zone) === wallMs ? earlier : Math.max(before, after);
}

function offsetAt(atMs: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" }).formatToParts(atMs);
  const name = parts.find((part) => part.type === "timeZoneName")?.value ?? "GMT";
  const [, sign = "+", hours = "0", minutes = "0"] = /GMT([+-])(\d+):(\d+)/.exec(name) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 3_600_000 + Number(minutes) * 60_000);
}

/** An instant as a wall clock of the zone shows it, to the minute: `2026-03-08T02:30`; empty text for none. */
export function formatWallClock(atMs: number | undefined, zone: string): string {
  return atMs === undefined ? "" : new Date(atMs + offsetAt(atMs, zone)).toISOString().slice(0, 16);
}
