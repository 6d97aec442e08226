/** A map of bounded weight that forgets what has not been used for long. */
export interface RecentMap<Key, Value> {
  get: (key: Key) => Value | undefined;
  /** Adds or replaces. A value that grows while it is held is set again, so that its weight is counted. */
  set: (key: Key, value: Value) => void;
  forget: (key: Key) => void;
}

interface Entry<Value> {
  value: Value;
  weight: number;
}

/**
 * Keeps two generations of half the weight each: what is used moves to the younger one, and when that is full the older
 * one is dropped whole. `weigh` gives an entry's weight; 1 when not given.
 */
export function createRecentMap<Key, Value>(
  maxWeight: number,
  weigh: (value: Value) => number = () => 1,
): RecentMap<Key, Value> {
  let younger = new Map<Key, Entry<Value>>();
  let older = new Map<Key, Entry<Value>>();
  let totalWeight = 0;
  const put = (key: Key, value: Value) => {
    const weight = weigh(value);
    totalWeight += weight - (younger.get(key)?.weight ?? 0);
    younger.set(key, { value, weight });
    if (totalWeight <= maxWeight / 2) return;
    older = younger;
    younger = new Map();
    totalWeight = 0;
  };
  return {
    get: (key) => {
      const recent = younger.get(key);
      if (recent !== undefined) return recent.value;
      const entry = older.get(key);
      if (entry === undefined) return undefined;
      older.delete(key);
      put(key, entry.value);
      return entry.value;
    },
    set: (key, value) => {
      older.delete(key);
      put(key, value);
    },
    forget: (key) => {
      older.delete(key);
      totalWeight -= younger.get(key)?.weight ?? 0;
      younger.delete(key);
    },
  };
}
