import type { EventInput } from "../event.ts";
import type { Stats } from "../problem.ts";

export interface HeartbeatOptions {
  /** One minute unless given, and a second at least. */
  everyMs?: number;
  /** Up to when you will tell nothing more, for hosts that tell of things some time after they happened; the earlier of this and our own counts. */
  watermark?: () => Date | number | undefined;
}

/** Says from time to time that the source is alive, and how far it is complete. */
export interface Heartbeat {
  start(): void;
  /** Says it a last time, if it was ever said. */
  stop(): void;
}

const EVERY_MS = 60_000;
const LEAST_MS = 1000;

/** The first comes after the first interval, so that a process that is soon over promises no second. The timer keeps no process alive. */
export function createHeartbeat(
  { everyMs = EVERY_MS, watermark }: HeartbeatOptions,
  parts: { emit: (event: EventInput<string>) => unknown; stats: () => Stats; now: () => number },
): Heartbeat {
  const { emit, stats, now } = parts;
  let timer: NodeJS.Timeout | undefined;
  let reachedAt: number | undefined;
  let hasBeaten = false;
  const beat = () => {
    const figures = stats();
    reachedAt = toWatermark({ stats: figures, reachedAt, now: now(), limitAt: readLimit(watermark) });
    hasBeaten = true;
    emit({ type: "throughline.feed.heartbeat", attributes: toAttributes(figures, reachedAt) });
  };
  return {
    start: () => {
      timer ??= setInterval(beat, Math.max(LEAST_MS, everyMs)).unref();
    },
    stop: () => {
      clearInterval(timer);
      if (hasBeaten) beat();
      hasBeaten = false;
    },
  };
}

/**
 * What waits in memory was given at its time or later, so the oldest of it bounds what is complete. Of what waits on disk the times are
 * not known, so the watermark stands still meanwhile. It never goes back. Undefined before anything is known.
 */
export function toWatermark(known: {
  stats: Pick<Stats, "spooled" | "oldestQueuedMs">;
  reachedAt: number | undefined;
  now: number;
  /** Undefined when the host has nothing to say, NaN when what it says is no time. */
  limitAt: number | undefined;
}): number | undefined {
  const { stats, reachedAt, now, limitAt = Number.POSITIVE_INFINITY } = known;
  if (stats.spooled > 0 || Number.isNaN(limitAt)) return reachedAt;
  return Math.max(reachedAt ?? 0, Math.min(now - stats.oldestQueuedMs, limitAt));
}

/** A host's function that fails holds the watermark. */
function readLimit(watermark: HeartbeatOptions["watermark"]): number | undefined {
  try {
    const given = watermark?.();
    return given === undefined ? undefined : Number(given);
  } catch {
    return Number.NaN;
  }
}

function toAttributes({ emitted, queued, spooled, dropped, clock }: Stats, reachedAt: number | undefined) {
  return {
    ...(reachedAt !== undefined && { watermark: new Date(reachedAt).toISOString() }),
    events: emitted,
    queued: queued + spooled,
    dropped: Object.values(dropped).reduce((sum, count) => sum + count, 0),
    ...(clock !== undefined && { clock_offset_ms: clock.offsetMs, clock_error_ms: clock.errorMs }),
  };
}
