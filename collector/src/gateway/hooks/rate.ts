/** Lets so many through in a minute, and after a pause up to a tenth of them at once. */
export function createRate({ perMinute, now }: { perMinute: number; now: () => number }) {
  const most = Math.max(1, perMinute / 10);
  const perMs = perMinute / 60_000;
  let free = most;
  let at = now();
  return {
    /** Milliseconds until there is room; 0 when this one may pass, and it counts then. */
    take: (): number => {
      free = Math.min(most, free + Math.max(0, now() - at) * perMs);
      at = now();
      if (free < 1) return Math.ceil((1 - free) / perMs);
      free--;
      return 0;
    },
  };
}
