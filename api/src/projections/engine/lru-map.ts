/** A map that forgets what was used least recently. `weigh` gives an entry's share of `maxWeight`; 1 when not given. */
export interface LruMap<Key, Value> {
  get: (key: Key) => Value | undefined;
  /** Adds or replaces. A value whose weight changes while it is held must be set again. */
  set: (key: Key, value: Value) => void;
  delete: (key: Key) => void;
}

export function createLruMap<Key, Value>(maxWeight: number, weigh: (value: Value) => number = () => 1): LruMap<Key, Value> {
  const entries = new Map<Key, { value: Value; weight: number }>();
  let total = 0;
  const remove = (key: Key) => {
    const entry = entries.get(key);
    if (!entry) return;
    entries.delete(key);
    total -= entry.weight;
  };
  return {
    get: (key) => {
      const entry = entries.get(key);
      if (!entry) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.value;
    },
    set: (key, value) => {
      remove(key);
      const weight = weigh(value);
      entries.set(key, { value, weight });
      total += weight;
      for (const oldest of entries.keys()) {
        if (total <= maxWeight || oldest === key) break;
        remove(oldest);
      }
    },
    delete: remove,
  };
}
