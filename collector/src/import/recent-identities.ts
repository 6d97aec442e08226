/** Remembers identities, the latest ones of many, in bounded memory. */
export interface RecentIdentities {
  /** True when the identity was seen before, as far as is remembered. */
  seen: (identity: string) => boolean;
}

/** Remembers at least the last `size` identities and at most twice as many. */
export function createRecentIdentities(size = 200_000): RecentIdentities {
  let current = new Set<string>();
  let previous = new Set<string>();
  return {
    seen: (identity) => {
      if (current.has(identity) || previous.has(identity)) return true;
      if (current.size >= size) {
        previous = current;
        current = new Set();
      }
      current.add(identity);
      return false;
    },
  };
}
