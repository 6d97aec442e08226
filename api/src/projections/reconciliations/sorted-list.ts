/** Items in order, each once. */
export interface SortedList<Item> {
  readonly items: readonly Item[];
  /** Takes the place of an item that compares the same. */
  put: (item: Item) => void;
  /** Removes the item that compares the same, if there is one. */
  remove: (item: Item) => void;
}

/**
 * Keeps items in order. Finding a place takes the logarithm of their number; what lies behind it is moved by one copy of memory,
 * so that tens of thousands cost little. At the end nothing is moved.
 */
export function createSortedList<Item>(compare: (a: Item, b: Item) => number): SortedList<Item> {
  const items: Item[] = [];
  const findPlace = (item: Item) => {
    const last = items.at(-1);
    if (last === undefined || compare(last, item) < 0) return items.length;
    let [low, high] = [0, items.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const known = items[middle];
      if (known !== undefined && compare(known, item) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const isAt = (place: number, item: Item) => {
    const known = items[place];
    return known !== undefined && compare(known, item) === 0;
  };
  return {
    items,
    put: (item) => {
      const place = findPlace(item);
      if (isAt(place, item)) items[place] = item;
      else if (place === items.length) items.push(item);
      else items.splice(place, 0, item);
    },
    remove: (item) => {
      const place = findPlace(item);
      if (isAt(place, item)) items.splice(place, 1);
    },
  };
}
