import type { EncodedEvent } from "../exporters/exporter.ts";

/** First in, first out; each operation costs the same however many there are. */
export interface Fifo {
  push(event: EncodedEvent): void;
  shift(): EncodedEvent | undefined;
  peek(): EncodedEvent | undefined;
  size(): number;
}

const COMPACT_AT = 1024;

export function createFifo(): Fifo {
  let items: (EncodedEvent | undefined)[] = [];
  let head = 0;
  return {
    push: (event) => void items.push(event),
    shift: () => {
      if (head === items.length) return undefined;
      const event = items[head];
      items[head++] = undefined;
      if (head > COMPACT_AT && head * 2 > items.length) {
        items = items.slice(head);
        head = 0;
      }
      return event;
    },
    peek: () => items[head],
    size: () => items.length - head,
  };
}
