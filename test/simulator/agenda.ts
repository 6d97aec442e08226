interface Entry<T> {
  at: number;
  order: number;
  value: T;
}

/** Values by time; those of the same time leave in the order in which they came. Adding and taking cost O(log n). */
export interface Agenda<T> {
  add(at: number, value: T): void;
  /** The time of the first one; infinity when there is none. */
  nextAt(): number;
  take(): { at: number; value: T } | undefined;
}

/** An empty agenda, kept as a binary heap. */
export function createAgenda<T>(): Agenda<T> {
  const heap: Entry<T>[] = [];
  let order = 0;
  return {
    add: (at, value) => {
      heap.push({ at, order: order++, value });
      rise(heap, heap.length - 1);
    },
    nextAt: () => heap[0]?.at ?? Infinity,
    take: () => {
      const first = heap[0];
      const last = heap.pop();
      if (first === undefined || last === undefined) return undefined;
      if (heap.length > 0) {
        heap[0] = last;
        sink(heap, 0);
      }
      return first;
    },
  };
}

function isBefore<T>(a: Entry<T>, b: Entry<T>): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function rise<T>(heap: Entry<T>[], from: number) {
  for (let index = from; index > 0;) {
    const above = (index - 1) >> 1;
    if (!swapWhenBefore(heap, index, above)) return;
    index = above;
  }
}

function sink<T>(heap: Entry<T>[], from: number) {
  for (let index = from; ;) {
    const left = 2 * index + 1;
    const [a, b] = [heap[left], heap[left + 1]];
    const below = a !== undefined && b !== undefined && isBefore(b, a) ? left + 1 : left;
    if (!swapWhenBefore(heap, below, index)) return;
    index = below;
  }
}

function swapWhenBefore<T>(heap: Entry<T>[], lower: number, upper: number): boolean {
  const [a, b] = [heap[lower], heap[upper]];
  if (a === undefined || b === undefined || !isBefore(a, b)) return false;
  heap[lower] = b;
  heap[upper] = a;
  return true;
}
