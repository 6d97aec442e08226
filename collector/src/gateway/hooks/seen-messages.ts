/** Which messages were taken lately, by what tells them apart. Bounded by time and number, the oldest are forgotten. */
export function createSeenMessages({ keepMs, most, now }: { keepMs: number; most: number; now: () => number }) {
  const seen = new Map<string, { digest: string; at: number }>();
  const forget = () => {
    for (const [identity, { at }] of seen) {
      if (seen.size <= most && now() - at <= keepMs) return;
      seen.delete(identity);
    }
  };
  return {
    /** The digest of the message that had this identity; undefined when none is remembered. */
    find: (identity: string): string | undefined => {
      forget();
      return seen.get(identity)?.digest;
    },
    add: (identity: string, digest: string) => {
      seen.delete(identity);
      seen.set(identity, { digest, at: now() });
      forget();
    },
  };
}
