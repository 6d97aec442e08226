/** An estimate of how far the gateway's clock is ahead of this one. */
export interface ClockOffset {
  offsetMs: number;
  /** The true offset lies within this of `offsetMs`. */
  errorMs: number;
}

export interface ClockEstimator {
  /** The Date header of an answer, and this clock's times around it. */
  observe(header: string | null, sentAt: number, receivedAt: number): void;
  estimate(): ClockOffset | undefined;
}

const SAMPLES = 32;
const DATE_RESOLUTION_MS = 1000;

/**
 * A Date header names a second in which the answer was written, some time between sending and receiving: each answer bounds
 * the offset, and what the last answers have in common bounds it more closely. Bounds that contradict one another, since a clock
 * was set, begin anew.
 */
export function createClockEstimator(): ClockEstimator {
  let bounds: { low: number; high: number }[] = [];
  const intersect = () => ({
    low: Math.max(...bounds.map(({ low }) => low)),
    high: Math.min(...bounds.map(({ high }) => high)),
  });
  return {
    observe: (header, sentAt, receivedAt) => {
      const date = header === null ? Number.NaN : Date.parse(header);
      if (Number.isNaN(date) || receivedAt < sentAt) return;
      const latest = { low: date - receivedAt, high: date + DATE_RESOLUTION_MS - sentAt };
      bounds = [...bounds.slice(1 - SAMPLES), latest];
      const { low, high } = intersect();
      if (low > high) bounds = [latest];
    },
    estimate: () => {
      if (bounds.length === 0) return undefined;
      const { low, high } = intersect();
      return { offsetMs: Math.round((low + high) / 2), errorMs: Math.ceil((high - low) / 2) };
    },
  };
}
