/** A map of bounded weight that forgets what has not been used for long. */
export interface RecentMap<Key, Value> {
  get: (key: Key) => Value | undefined;
  /** Adds or replaces. A value that grows while it is held is set again, so that its weight is counted. */
  set: (key: Key, value: Value) => void;
}

/**
 * Keeps two generations of half the weight each: what is used moves to the younger one, and when that is full the older
 * one is dropped whole. `weigh` gives an entry's weight; 1 when not given.
 */
export function createRecentMap<Key, Value>(
  maxWeight: number,
  weigh: (value: Value) => number = () => 1,
): RecentMap<Key, Value> {
  let younger = new Map<Key, Value>();
  let older = new Map<Key, Value>();
  let weight = 0;
  const put = (key: Key, value: Value) => {
    younger.set(key, value);
    weight += weigh(value);
    if (weight <= maxWeight / 2) return;
    older = younger;
    younger = new Map();
    weight = 0;
  };
  return {
    get: (key) => {
      const recent = younger.get(key);
      if (recent !== undefined) return recent;
      const value = older.get(key);
      if (value === undefined) return undefined;
      older.delete(key);
      put(key, value);
      return value;
    },
    set: (key, value) => {
      older.delete(key);
      put(key, value);
    },
  };
}
