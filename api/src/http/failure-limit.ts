/** Counts failures per address, so that guessing is answered ever less and nothing is asked of the store for it. */
export interface FailureLimit {
  /** Seconds until the address may fail again; 0 when it may now. */
  secondsToWait(address: string): number;
  record(address: string): void;
}

const MAX_ADDRESSES = 10_000;

/** At most `failures` per address within `windowMs`. Holds 10,000 addresses; the one that failed longest ago is dropped. */
export function createFailureLimit({ failures = 20, windowMs = 60_000, now = Date.now } = {}): FailureLimit {
  const windows = new Map<string, { startedAt: number; count: number }>();
  const find = (address: string) => {
    const window = windows.get(address);
    return window && now() - window.startedAt < windowMs ? window : undefined;
  };
  return {
    secondsToWait: (address) => {
      const window = find(address);
      if (!window || window.count < failures) return 0;
      return Math.max(1, Math.ceil((window.startedAt + windowMs - now()) / 1000));
    },
    record: (address) => {
      const window = find(address) ?? { startedAt: now(), count: 0 };
      windows.delete(address);
      windows.set(address, { ...window, count: window.count + 1 });
      const [oldest] = windows.keys();
      if (windows.size > MAX_ADDRESSES && oldest !== undefined) windows.delete(oldest);
    },
  };
}
