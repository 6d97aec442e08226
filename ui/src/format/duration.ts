const UNITS = [
  { ms: 86_400_000, name: "d" },
  { ms: 3_600_000, name: "h" },
  { ms: 60_000, name: "min" },
  { ms: 1000, name: "s" },
] as const;

/** A length of time in its two largest units, cut rather than rounded: `2 h 14 min`, `45 s`, `350 ms`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 0) return `−${formatDuration(-durationMs)}`;
  const first = UNITS.findIndex((unit) => durationMs >= unit.ms);
  const large = UNITS[first];
  if (large === undefined) return `${Math.floor(durationMs)} ms`;
  const count = Math.floor(durationMs / large.ms);
  const small = UNITS[first + 1];
  const rest = small === undefined ? 0 : Math.floor((durationMs % large.ms) / small.ms);
  const tail = small === undefined || rest === 0 ? "" : ` ${rest} ${small.name}`;
  return `${count} ${large.name}${tail}`;
}

/** The length of a span, whose nanoseconds matter: `12.4 ms`, `830 µs`, `2.31 s`. */
export function formatSpanDuration(durationNs: number): string {
  if (durationNs < 1000) return `${durationNs} ns`;
  if (durationNs < 1e6) return `${trim(durationNs / 1000)} µs`;
  if (durationNs < 1e9) return `${trim(durationNs / 1e6)} ms`;
  return durationNs < 6e10 ? `${trim(durationNs / 1e9)} s` : formatDuration(durationNs / 1e6);
}

function trim(value: number): string {
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);
}

const ISO_DURATION = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?$/;

/** Milliseconds of an exact ISO 8601 duration such as `PT1H30M`; undefined when it is not one. */
export function parseIsoDuration(text: string): number | undefined {
  const match = ISO_DURATION.exec(text);
  if (match === null || text === "PT") return undefined;
  const [, hours = "0", minutes = "0", seconds = "0"] = match;
  return Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Math.round(Number(seconds) * 1000);
}

/** An ISO 8601 duration for people; kept as it is when it cannot be read. */
export function formatIsoDuration(text: string): string {
  const durationMs = parseIsoDuration(text);
  return durationMs === undefined ? text : formatDuration(durationMs);
}
