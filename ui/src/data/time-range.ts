/** A span of time as the URL says it: the last so long, between two instants, or all there is. */
export type TimeRange =
  | { kind: "last"; preset: Preset }
  | { kind: "between"; fromMs: number; toMs: number }
  | { kind: "all" };

const HOUR_MS = 3_600_000;

export const PRESETS = ["1h", "4h", "12h", "24h", "3d", "7d", "14d", "30d", "90d"] as const;
export type Preset = (typeof PRESETS)[number];

const LENGTHS: Record<Preset, { ms: number; title: string }> = {
  "1h": { ms: HOUR_MS, title: "Last hour" },
  "4h": { ms: 4 * HOUR_MS, title: "Last 4 hours" },
  "12h": { ms: 12 * HOUR_MS, title: "Last 12 hours" },
  "24h": { ms: 24 * HOUR_MS, title: "Last 24 hours" },
  "3d": { ms: 72 * HOUR_MS, title: "Last 3 days" },
  "7d": { ms: 168 * HOUR_MS, title: "Last 7 days" },
  "14d": { ms: 336 * HOUR_MS, title: "Last 14 days" },
  "30d": { ms: 720 * HOUR_MS, title: "Last 30 days" },
  "90d": { ms: 2160 * HOUR_MS, title: "Last 90 days" },
};

export const DEFAULT_RANGE: TimeRange = { kind: "last", preset: "24h" };

/** Reads `range`, or `from` and `to`, of a URL; what cannot be read is the last 24 hours. */
export function parseTimeRange(query: {
  range?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}): TimeRange {
  if (query.range === "all") return { kind: "all" };
  const preset = PRESETS.find((name) => name === query.range);
  if (preset !== undefined) return { kind: "last", preset };
  const fromMs = Date.parse(query.from ?? "");
  const toMs = Date.parse(query.to ?? "");
  return fromMs < toMs ? { kind: "between", fromMs, toMs } : DEFAULT_RANGE;
}

/** The query parameters that say a range; those of the default are empty, to keep URLs short. */
export function toRangeQuery(range: TimeRange): { range: string; from: string; to: string } {
  if (range.kind === "between")
    return { range: "", from: new Date(range.fromMs).toISOString(), to: new Date(range.toMs).toISOString() };
  if (range.kind === "all") return { range: "all", from: "", to: "" };
  const isDefault = DEFAULT_RANGE.kind === "last" && range.preset === DEFAULT_RANGE.preset;
  return { range: isDefault ? "" : range.preset, from: "", to: "" };
}

/**
 * The bounds of a range as instants, given the time now. What is counted from now starts and ends with an hour, as the
 * figures do, so that figures and lists hold the same; what ends now has no end. All there is has no bounds.
 */
export function toBounds(range: TimeRange, nowMs: number): { from?: string; to?: string } {
  if (range.kind === "all") return {};
  if (range.kind === "between")
    return { from: new Date(range.fromMs).toISOString(), to: new Date(range.toMs).toISOString() };
  const startMs = nowMs - LENGTHS[range.preset].ms;
  return { from: new Date(startMs - (startMs % HOUR_MS)).toISOString() };
}

export function titleOfPreset(preset: Preset): string {
  return LENGTHS[preset].title;
}
